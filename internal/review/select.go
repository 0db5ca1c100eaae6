package review

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// A Selection says which functions, and which of their effects, are to be seen. The zero Selection is everything.
type Selection struct {
	Func      *regexp.Regexp // of full names
	Kinds     []string
	Exported  bool // only exported functions, and entry points
	NoAmbient bool // without log, time, random and env, unless Kinds has them
}

// Select returns the functions that were asked for, are selected, and have something to say or are declared pure or an effect.
func (p *Program) Select(s Selection) []Function {
	var found []Function
	for _, f := range p.Functions {
		if !f.Asked || s.Exported && f.Entry == Inner || s.Func != nil && !s.Func.MatchString(f.Name) {
			continue
		}
		f.Performs = slices.DeleteFunc(slices.Clone(f.Performs), func(e Effect) bool { return !s.shows(e) })
		if len(s.Kinds) > 0 && len(f.Performs) == 0 {
			f.Enqueues = nil
		}
		if declared := f.Pure || f.Effect; !f.Silent() || declared && len(s.Kinds) == 0 {
			found = append(found, f)
		}
	}
	return found
}

func (s Selection) shows(e Effect) bool {
	if len(s.Kinds) > 0 {
		return slices.Contains(s.Kinds, e.Kind)
	}
	return !s.NoAmbient || !e.key().Kind().Ambient()
}

// A Candidate is a function that could be marked //airlock:pure.
type Candidate struct {
	Function
	Callers int // own functions that call it by name
}

// Candidates returns the exported functions that are not marked pure and could be, and are called from at least two places: the most called
// first. What is unknown on the way disqualifies.
func (p *Program) Candidates() []Candidate {
	callers := map[string]int{}
	for _, f := range p.Functions {
		for _, callee := range f.Calls {
			callers[callee]++
		}
	}
	all := p.index()
	var found []Candidate
	for _, f := range p.Functions {
		if f.Asked && f.Exported && !f.Pure && !f.Effect && callers[f.Name] >= 2 && ambientOnly(f) && len(unknownFrom(all, f)) == 0 {
			found = append(found, Candidate{f, callers[f.Name]})
		}
	}
	slices.SortFunc(found, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Callers, a.Callers), strings.Compare(a.Name, b.Name))
	})
	return found
}

// ambientOnly reports whether a function does at most what //airlock:pure allows: logs, reads the clock, random numbers, the environment.
func ambientOnly(f Function) bool {
	return len(f.Enqueues) == 0 && !slices.ContainsFunc(f.Performs, func(e Effect) bool { return !e.key().Kind().Ambient() })
}

// Without returns the program without some packages: those that could not be analysed in the other version.
func (p *Program) Without(packages []string) *Program {
	return &Program{Functions: slices.DeleteFunc(slices.Clone(p.Functions), func(f Function) bool { return slices.Contains(packages, f.Package) })}
}
