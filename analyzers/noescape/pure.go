package noescape

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

const rulePure = "pure"

// pure holds functions to their promise to have no effects: those marked so, the exported functions of domain packages, and what runs
// under AssertNoEffects.
func (c *check) pure() {
	domain := c.config.Role(c.pass.Pkg.Path()) == config.Domain
	for _, fn := range c.ssa.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || c.decls[obj] == nil {
			continue
		}
		name := c.decls[obj].Name
		if strict, declared := c.directives.Pure(obj); declared {
			c.hold(fn, name, pureContract(c.display(obj), strict))
		} else if domain && obj.Exported() && !c.ssa.InTest(fn.Pos()) {
			c.hold(fn, name, domainContract(c.display(obj)))
		}
	}
	if c.runtime {
		c.asserted()
	}
}

// refusedBy returns the effects that a pure function may not have.
func refusedBy(strict bool) effect.Set {
	var set effect.Set
	for k := range effect.Kinds() {
		if strict || !k.Ambient() {
			set = set.Join(effect.SetOf(effect.Command(k), effect.Query(k)))
		}
	}
	return set
}

// A deed is what code does that may break a contract.
type deed struct {
	performs []effects.Performed
	enqueues [][]string // the ways to each
	unknown  *effects.Hop
}

// deedOf returns what a call of fn, a function or literal of this package, does.
func (c *check) deedOf(fn *ssa.Function) deed {
	s := c.effects.Function(fn)
	if s == nil {
		return deed{}
	}
	d := deed{performs: s.Performs}
	if s.Unknown != nil {
		d.unknown = s.Unknown.First()
	} else {
		d.unknown = heldFunction(fn, s)
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		d.performs = c.effects.Performs(obj)
	}
	for _, q := range s.Enqueues {
		d.enqueues = append(d.enqueues, c.effects.EnqueueChain(q))
	}
	return d
}

// heldFunction returns a call of a function that the receiver of a method holds, and others may set. Unlike that of an argument, it is no affair of the
// caller's, and nobody knows what it does.
func heldFunction(fn *ssa.Function, s *effects.Summary) *effects.Hop {
	if fn.Signature.Recv() == nil {
		return nil
	}
	for _, p := range s.Calls {
		if p.Param == 0 && !p.Outer && p.Path != "" && p.Method == "" && !p.Known {
			return &effects.Hop{Callee: fn.Params[0].Name() + "." + p.Path}
		}
	}
	return nil
}

// hold reports fn, at its name, if it breaks a contract.
func (c *check) hold(fn *ssa.Function, at analysis.Range, p contract) {
	c.judge(c.deedOf(fn), []string{c.functionName(fn)}, at, p)
}

// judge reports a deed that breaks a contract: one finding, for the first effect, that counts the others. from begins the chain.
func (c *check) judge(d deed, from []string, at analysis.Range, p contract) {
	broken := breaches(d.performs, p.refused)
	f := finding.Finding{Rule: rulePure, Range: at}
	switch {
	case len(broken) > 0:
		chain := c.effects.Steps(broken[0])
		f.Message = p.performs(broken[0].Effect, append(from, c.effects.Chain(broken[0])...), len(broken)-1+len(d.enqueues))
		f.Sink, f.Chain = sink(chain), steps(chain)
	case len(d.enqueues) > 0:
		f.Message = p.enqueues(append(from, d.enqueues[0]...), len(d.enqueues)-1)
	case p.known && d.unknown != nil:
		f.Message = p.unknown(append(from, unresolved(d.unknown)))
	default:
		return
	}
	c.report.Add(f)
}

// breaches returns the effects that are refused, one of each kind and direction, commands first.
func breaches(performs []effects.Performed, refused effect.Set) []effects.Performed {
	var broken []effects.Performed
	var seen effect.Set
	for _, p := range performs {
		if refused.Has(p.Effect) && !seen.Has(p.Effect) {
			seen = seen.Join(effect.SetOf(p.Effect))
			broken = append(broken, p)
		}
	}
	slices.SortStableFunc(broken, func(p, q effects.Performed) int {
		return cmp.Compare(q.Effect&effect.Command(0), p.Effect&effect.Command(0))
	})
	return broken
}
