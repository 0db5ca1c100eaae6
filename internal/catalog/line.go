package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A line is one line of the catalog, taken apart: VERB [NEXT] MEMBER ATTRIBUTE...
type line struct {
	verb   string
	next   string // the word between verb and member, "" if there is none
	member string
	attrs  []string // NAME=VALUE, or a flag; what has been read is removed
	other  bool     // since= or until=: the version that the block was checked at doesn't have it
	args   []int    // the indexes of arguments that have been read
}

func newLine(words []string) (*line, error) {
	l := &line{verb: words[0]}
	words = words[1:]
	var plain []string
	for len(words) > 0 && !strings.Contains(words[0], "=") && len(plain) < 2 && !slices.Contains(flags, words[0]) {
		plain, words = append(plain, words[0]), words[1:]
	}
	switch len(plain) {
	case 1:
		l.member = plain[0]
	case 2:
		l.next, l.member = plain[0], plain[1]
	default:
		return nil, fmt.Errorf("%s of what?", l.verb)
	}
	if !validMember(l.member) {
		return nil, fmt.Errorf("%q is neither FUNC nor TYPE.METHOD", l.member)
	}
	l.attrs = slices.Clone(words)
	since, until := l.value("since"), l.value("until")
	l.other = since != "" || until != ""
	return l, nil
}

// flags are the attributes without a value.
var flags = []string{"calls", "implementers", "methods", "named", "rare"}

// qualifier consumes the word before the member, which must be want where there is one.
func (l *line) qualifier(want string) (string, error) {
	word := l.next
	if word != "" && word != want {
		return "", fmt.Errorf("unexpected %q: want %s or a member", word, want)
	}
	l.next = ""
	return word, nil
}

func (l *line) has(name string) bool {
	return slices.ContainsFunc(l.attrs, func(a string) bool { return strings.HasPrefix(a, name+"=") })
}

// value consumes the attribute NAME=VALUE, and returns "" if there is none.
func (l *line) value(name string) string {
	for i, a := range l.attrs {
		if v, ok := strings.CutPrefix(a, name+"="); ok {
			l.attrs = slices.Delete(l.attrs, i, i+1)
			return v
		}
	}
	return ""
}

// flag consumes an attribute without a value.
func (l *line) flag(name string) bool {
	i := slices.Index(l.attrs, name)
	if i < 0 {
		return false
	}
	l.attrs = slices.Delete(l.attrs, i, i+1)
	return true
}

// index consumes an attribute whose value is the index of an argument, or "receiver".
func (l *line) index(name string, otherwise int) (int, error) {
	switch v := l.value(name); v {
	case "":
		return otherwise, nil
	case "receiver":
		return Receiver, nil
	default:
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i > 31 {
			return 0, fmt.Errorf("%s=%s: want the index of an argument, or receiver", name, v)
		}
		l.args = append(l.args, i)
		return i, nil
	}
}

// place consumes an attribute that says where a value stands: result, receiver, or an argument's index.
func (l *line) place(name string, result bool) (Place, error) {
	if !l.has(name) {
		if result {
			return Place{Result: true}, nil
		}
		return Place{Index: Receiver}, nil
	}
	if i := slices.Index(l.attrs, name+"=result"); i >= 0 {
		l.attrs = slices.Delete(l.attrs, i, i+1)
		return Place{Result: true}, nil
	}
	i, err := l.index(name, 0)
	return Place{Index: i}, err
}

// unread reports a word that the reader of the line had no use for.
func (l *line) unread() error {
	if l.next != "" {
		return fmt.Errorf("unexpected %q", l.next)
	}
	if len(l.attrs) > 0 {
		return fmt.Errorf("unexpected %q", l.attrs[0])
	}
	return nil
}
