package whose

import "strings"

// patterns is a flag value: import paths, of which those ending in /... cover what lies below.
type patterns []string

// Match reports whether the import path p is covered by pattern: equal, or below a pattern that ends in "/...".
func Match(pattern, p string) bool {
	root, below := strings.CutSuffix(pattern, "/...")
	return p == root || below && strings.HasPrefix(p, root+"/")
}

func (ps *patterns) Set(text string) error {
	*ps = nil
	for p := range strings.SplitSeq(text, ",") {
		if p = strings.TrimSpace(p); p != "" {
			*ps = append(*ps, p)
		}
	}
	return nil
}

func (ps *patterns) String() string { return strings.Join(*ps, ",") }

func (ps patterns) match(p string) bool {
	for _, pattern := range ps {
		if Match(pattern, p) {
			return true
		}
	}
	return false
}
