package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Summary writes one line: how many findings of which rules there are, and where most are. It writes nothing when there are none.
func Summary(w io.Writer, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	rules, pkgs := map[string]int{}, map[string]int{}
	for _, f := range findings {
		rules[f.Rule()]++
		pkg, _, _ := strings.Cut(f.Package, " ")
		pkgs[pkg]++
	}
	worst := byCount(pkgs)
	most := ""
	if len(worst) > 1 {
		most = "; most in " + strings.Join(worst[:min(3, len(worst))], ", ")
	}
	fmt.Fprintf(w, "airlockvet: %s in %s: %s%s\n",
		Count(len(findings), "finding"), Count(len(pkgs), "package"), strings.Join(byCount(rules), ", "), most)
}

// byCount lists the names with their counts, the largest first.
func byCount(counts map[string]int) []string {
	var names []string
	for name := range counts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, counts[name])
	}
	return names
}

// Count returns "1 finding" or "2 findings".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
