// Package rule is the vocabulary of the checks: which rules there are, who reports them, and where each is on.
package rule

import (
	"fmt"
	"slices"
	"strings"
)

// A Rule is one thing that a check reports.
type Rule struct {
	Analyzer string // noescape
	Name     string // direct: the Category of its diagnostics
	Off      bool   // off unless the configuration turns it on
	OffTests bool   // off in _test.go files
}

// AllowRule is the name of the rule that every check has for directives that suppress nothing.
const AllowRule = "allow"

// All lists every rule, grouped by analyzer.
var All = []Rule{
	{Analyzer: "noescape", Name: "direct", OffTests: true},
	{Analyzer: "noescape", Name: "task", OffTests: true},
	{Analyzer: "noescape", Name: "transaction", OffTests: true},
	{Analyzer: "noescape", Name: "query-in-transaction", Off: true, OffTests: true},
	{Analyzer: "noescape", Name: "pure"},
	{Analyzer: "noescape", Name: "policy"},
	{Analyzer: "noescape", Name: AllowRule},

	{Analyzer: "inscope", Name: "no-scope"},
	{Analyzer: "inscope", Name: "wrong-context"},
	{Analyzer: "inscope", Name: "detached"},
	{Analyzer: "inscope", Name: AllowRule},

	{Analyzer: "scopeclose", Name: "unclosed"},
	{Analyzer: "scopeclose", Name: "unflushed", OffTests: true},
	{Analyzer: "scopeclose", Name: "flush-error"},
	{Analyzer: "scopeclose", Name: "closed"},
	{Analyzer: "scopeclose", Name: "dropped-context"},
	{Analyzer: "scopeclose", Name: "loop"},
	{Analyzer: "scopeclose", Name: AllowRule},

	{Analyzer: "deferrable", Name: "captures"},
	{Analyzer: "deferrable", Name: "encoding"},
	{Analyzer: "deferrable", Name: AllowRule},
}

// String returns "noescape/direct".
func (r Rule) String() string { return r.Analyzer + "/" + r.Name }

// URL returns the address of the page that explains the rule.
func (r Rule) URL() string {
	return fmt.Sprintf("https://github.com/airlock-go/airlock/blob/main/docs/rules/%s-%s.md", r.Analyzer, r.Name)
}

// Of returns the analyzer's rule of that name.
func Of(analyzer, name string) (Rule, bool) {
	i := slices.IndexFunc(All, func(r Rule) bool { return r.Analyzer == analyzer && r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return All[i], true
}

// Parse finds a rule by what a person writes: noescape/direct, or direct where only one check has a rule of that name.
func Parse(text string) (Rule, error) {
	if analyzer, name, qualified := strings.Cut(text, "/"); qualified {
		if r, ok := Of(analyzer, name); ok {
			return r, nil
		}
		if elsewhere := named(name); len(elsewhere) > 0 {
			return Rule{}, unknown(text, elsewhere)
		}
		return Rule{}, unknown(text, fullNames())
	}
	found := named(text)
	switch len(found) {
	case 0:
		return Rule{}, unknown(text, append(names(), fullNames()...))
	case 1:
		return Parse(found[0])
	}
	return Rule{}, fmt.Errorf("rule %q is ambiguous: write %s or another analyzer's", text, found[0])
}

// named returns the full names of the rules called name.
func named(name string) []string {
	var ns []string
	for _, r := range All {
		if r.Name == name {
			ns = append(ns, r.String())
		}
	}
	return ns
}

func unknown(text string, valid []string) error {
	return fmt.Errorf("unknown rule %q%s", text, DidYouMean(text, valid))
}

func names() []string {
	var ns []string
	for _, r := range All {
		if r.Name != AllowRule {
			ns = append(ns, r.Name)
		}
	}
	return ns
}

func fullNames() []string {
	var ns []string
	for _, r := range All {
		ns = append(ns, r.String())
	}
	return ns
}
