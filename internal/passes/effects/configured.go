package effects

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
)

// configuredTable returns the table of what the config says, nil if it says nothing.
func configuredTable(pass *analysis.Pass) *Table {
	c := pass.ResultOf[config.Analyzer].(*config.Config)
	if len(c.Bindings) == 0 {
		return nil
	}
	said := &configSource{said: map[string][]config.Binding{}, packages: map[string]*Package{}, acts: map[string]*Act{}}
	for _, b := range c.Bindings {
		said.said[spelled(b.Method)] = append(said.said[spelled(b.Method)], b)
	}
	return &Table{performs: map[string][]Performed{}, solution: newSolution(said)}
}

// A configSource is a source for one package: what the config binds, and the functions of the packages in sight that lead to open ends.
type configSource struct {
	said     map[string][]config.Binding // by method
	packages map[string]*Package         // by path
	acts     map[string]*Act             // those that were asked for
}

func (c *configSource) see(facts []analysis.PackageFact) {
	for _, f := range facts {
		if p, ok := f.Fact.(*Package); ok {
			c.packages[f.Package.Path()] = p
		}
	}
}

func (c *configSource) leadsTo(name string) (open []OpenEnd, ok bool) {
	p := c.packages[packageOf(name)]
	if p == nil {
		return nil, false
	}
	i, ok := slices.BinarySearchFunc(p.Leads, name, func(l Lead, name string) int { return cmp.Compare(l.Func, name) })
	if !ok {
		return nil, false
	}
	return p.Leads[i].Open, true
}

func (c *configSource) bound(name string) []*Act {
	var all []*Act
	for _, b := range c.said[name] {
		if len(b.Performs) == 0 {
			continue // it says something else
		}
		to := spelled(b.To)
		if c.acts[to] == nil {
			c.acts[to] = actOf(b)
		}
		all = append(all, c.acts[to])
	}
	slices.SortFunc(all, func(x, y *Act) int { return cmp.Compare(x.Func, y.Func) })
	return slices.Compact(all)
}

// packageOf returns the import path in the full name of a function or method.
func packageOf(full string) string {
	if recv, _, isMethod := strings.Cut(full, ")."); isMethod {
		full = strings.TrimLeft(recv, "(*")
	}
	if i := strings.LastIndexByte(full, '.'); i >= 0 {
		return full[:i]
	}
	return full
}

// actOf returns what the config says of an implementation.
func actOf(b config.Binding) *Act {
	a := &Act{Func: spelled(b.To)}
	for _, p := range b.Performs {
		if parsed, err := ParseBound(p); err == nil {
			a.Performs = append(a.Performs, parsed)
		}
	}
	return a
}

func spelled(f config.Func) string { return strings.TrimSpace(f.Text) }

// String writes a bound effect as the config has it: "mail", "http query goroutine used: a → b → c".
func (b Bound) String() string {
	text := b.Effect.String() + suffix(b.Async.String())
	if b.Used {
		text += " used"
	}
	if b.Way != nil {
		text += ": " + strings.Join(b.Way.names(), " → ")
	}
	return text
}

// ParseBound reads what String wrote.
func ParseBound(text string) (Bound, error) {
	head, chain, _ := strings.Cut(text, ": ")
	words := strings.Fields(head)
	if len(words) == 0 {
		return Bound{}, fmt.Errorf("no kind of effect")
	}
	kind, err := effect.ParseKind(words[0])
	if err != nil {
		return Bound{}, err
	}
	b := Bound{Effect: effect.Command(kind)}
	for _, w := range words[1:] {
		switch w {
		case "query":
			b.Effect = effect.Query(kind)
		case "goroutine":
			b.Async = Goroutine
		case "queued":
			b.Async = Queued
		case "used":
			b.Used = true
		default:
			return Bound{}, fmt.Errorf("unknown word %q", w)
		}
	}
	if chain != "" {
		for name := range strings.SplitSeq(chain, " → ") {
			b.Way = b.Way.then(&Hop{Callee: name})
		}
	}
	return b, nil
}
