package directive

// ParseText reads the text of one comment, for tests.
func ParseText(comment string) (rules int, reason string, ok bool, err error) {
	d, ok, err := parse(comment)
	return len(d.rules), d.reason, ok, err
}
