package report

import (
	"slices"
	"strings"

	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

// Refresh corrects the positions of the findings' chains. A finding that was kept is as good as new when lines move in a package below
// its own, but for where the calls of its chain are: that, the summaries know.
func Refresh(s *driver.Session, findings []driver.Finding) {
	callers := map[string]bool{}
	for _, f := range findings {
		for j := 1; j < len(f.Chain); j++ {
			callers[f.Chain[j-1].Func] = true
		}
	}
	summaries := map[string]*effects.Summary{}
	for _, p := range s.Packages {
		if !declaresAny(p, callers) {
			continue // its facts need not be decoded
		}
		for _, f := range p.Facts() {
			if summary, ok := f.Fact.(*effects.Summary); ok {
				summaries[f.Name] = summary
			}
		}
	}
	for i := range findings {
		chain := findings[i].Chain
		for j := 1; j < len(chain); j++ {
			refreshStep(summaries[chain[j-1].Func], &chain[j])
		}
	}
}

// declaresAny reports whether some of the functions, by their full names, may be p's.
func declaresAny(p *driver.Package, functions map[string]bool) bool {
	for name := range functions {
		if strings.HasPrefix(strings.TrimLeft(name, "(*"), p.Path+".") {
			return true
		}
	}
	return false
}

// refreshStep moves a step to where the function whose summary it is makes that call now.
func refreshStep(caller *effects.Summary, step *driver.Step) {
	if caller == nil {
		return
	}
	var places []string
	for _, p := range caller.Performs {
		if first := p.Way.First(); first.Callee == step.Func && first.Pos != "" {
			places = append(places, first.Pos)
		}
	}
	if len(places) > 0 && !slices.Contains(places, step.Pos) {
		step.Pos = places[0]
	}
}
