package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

// First says, in a line or two, what to do first about many findings: effects inside transactions, which can't be taken back, and those
// functions with an effect that the most others lead to. It writes nothing where a person sees that at a glance.
func First(w io.Writer, s *driver.Session, findings []Finding) {
	const many = 5
	if len(findings) < many {
		return
	}
	n := 0
	var direct []string
	for _, f := range findings {
		switch f.Rule() {
		case "noescape/transaction":
			n++
		case "noescape/direct":
			if !slices.Contains(direct, f.Func) {
				direct = append(direct, f.Func)
			}
		}
	}
	if n > 0 && n < len(findings) {
		fmt.Fprintln(w, "airlockvet: begin with noescape/transaction: what is out can't be taken back when the transaction rolls back")
	}
	var most []string
	s.Remember("most called: "+strings.Join(direct, " "), &most, func() { most = mostCalled(s, direct) })
	if len(most) > 0 {
		fmt.Fprintf(w, "airlockvet: of what noescape/direct names, most functions lead to %s\n", strings.Join(most, ", "))
	}
}

// mostCalled lists up to three of the functions, with how many own functions lead to each, the most first; none that nobody calls.
func mostCalled(s *driver.Session, functions []string) []string {
	callers := callersOf(s)
	counts := map[string]int{}
	for _, f := range functions {
		if n := len(reaching(callers, f)); n > 0 {
			counts[effects.WithoutPath(f)] += n
		}
	}
	most := byCount(counts)
	return most[:min(3, len(most))]
}

// callersOf returns, for each function that is on the way to an effect, the own functions that call it on theirs.
func callersOf(s *driver.Session) map[string][]string {
	callers := map[string][]string{}
	for _, p := range s.Packages {
		for _, f := range p.Facts() {
			summary, ok := f.Fact.(*effects.Summary)
			if !ok {
				continue
			}
			for _, performed := range summary.Performs {
				if to := performed.Way.First().Callee; !slices.Contains(callers[to], f.Name) {
					callers[to] = append(callers[to], f.Name)
				}
			}
		}
	}
	return callers
}

// reaching returns the functions that lead to one, that one left aside.
func reaching(callers map[string][]string, function string) map[string]bool {
	found := map[string]bool{}
	for queue := []string{function}; len(queue) > 0; queue = queue[1:] {
		for _, caller := range callers[queue[0]] {
			if caller != function && !found[caller] {
				found[caller] = true
				queue = append(queue, caller)
			}
		}
	}
	return found
}
