package airlock

import (
	"fmt"
	"path"
	"strings"
)

// Names is a list of task names and patterns. // I17
type names []string

// newNames panics, for call, with an empty list and a malformed pattern.
func newNames(call string, patterns []string) names {
	must(len(patterns) > 0, call, "no names")
	for _, p := range patterns {
		must(p != "", call, "empty name")
		if _, err := path.Match(p, ""); err != nil {
			panic(fmt.Sprintf("%s: malformed pattern %q", call, p)) // I17
		}
	}
	return append(names(nil), patterns...)
}

func (ns names) match(name string) bool {
	last := name[strings.LastIndexByte(name, '/')+1:]
	for _, n := range ns {
		if n == name {
			return true
		}
		subject := last
		if strings.Contains(n, "/") {
			subject = name
		}
		if ok, _ := path.Match(n, subject); ok { // I17
			return true
		}
	}
	return false
}

func (ns names) String() string { return strings.Join(ns, ", ") }
