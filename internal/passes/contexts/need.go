package contexts

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Use is a call that needs the scope of a context, or opens one under it.
type Use struct {
	Call  ssa.CallInstruction
	Roots Roots  // where the context may come from, as the call sees it
	Chain []Step // from the callee down to the Enqueue or Begin
	Opens bool   // it opens a scope, it does not need one
}

// needs are the parameters of one function whose context reaches an Enqueue, or a Begin.
type needs struct{ requires, opens []Need }

func (n *needs) add(need Need, opens bool) bool {
	list := &n.requires
	if opens {
		list = &n.opens
	}
	for i, old := range *list {
		if old.Param == need.Param {
			better := compareChains(need.Chain, old.Chain) < 0
			if better {
				(*list)[i] = need
			}
			return better
		}
	}
	*list = append(*list, need)
	slices.SortFunc(*list, func(x, y Need) int { return x.Param - y.Param })
	return true
}

// solveNeeds finds which parameters of the package's functions need a scope: the least solution, each with its least chain.
func (a *engine) solveNeeds() {
	work := slices.Clone(a.calls)
	for _, call := range a.calls {
		for _, c := range a.callees(call.Common()) {
			if c.body != nil {
				a.callers[c.body] = append(a.callers[c.body], call)
			}
		}
	}
	queued := map[ssa.CallInstruction]bool{}
	for len(work) > 0 {
		call := work[0]
		work = work[1:]
		queued[call] = false
		for _, use := range a.usesOf(call) {
			for _, fn := range a.charge(use) {
				for _, dependent := range a.dependents(fn) {
					if !queued[dependent] {
						queued[dependent] = true
						work = append(work, dependent)
					}
				}
			}
		}
	}
}

// charge adds the use to the parameters that its context comes from, and returns the functions of which more is known now.
func (a *engine) charge(use Use) (changed []*ssa.Function) {
	if !a.runs(use.Call.Parent()) {
		return nil
	}
	for _, r := range use.Roots {
		p, ok := r.Node.(*ssa.Parameter)
		if !ok || r.Kind != Param {
			continue
		}
		fn := p.Parent()
		n := a.needs[fn]
		if n == nil {
			n = new(needs)
			a.needs[fn] = n
		}
		if n.add(Need{paramIndex(p), use.Chain}, use.Opens) {
			changed = append(changed, fn)
		}
	}
	return changed
}

// runs reports whether the function, or the literal, may ever run.
func (a *engine) runs(fn *ssa.Function) bool {
	for ; fn.Parent() != nil; fn = fn.Parent() {
		if fn.Synthetic == "" && !a.sites[fn].live() {
			return false
		}
	}
	return true
}

// dependents returns the calls that may run fn.
func (a *engine) dependents(fn *ssa.Function) []ssa.CallInstruction {
	out := a.callers[fn]
	if s := a.sites[fn]; s != nil {
		for _, h := range s.handed {
			out = append(out, h.call)
		}
	}
	return out
}

// usesOf returns what the call needs, given what is known so far of the functions that it may run.
func (a *engine) usesOf(call ssa.CallInstruction) []Use {
	c := call.Common()
	if name := apiName(c); name != "" {
		return append(a.apiUses(call, name), a.handedUses(call)...)
	}
	var uses []Use
	for _, callee := range a.callees(c) {
		for _, n := range a.needsOf(callee) {
			if arg := argument(c, callee.signature(), n.Param); arg != nil {
				uses = append(uses, Use{call, a.rootsAt(arg, call), a.extend(call, callee.fn, n.Chain), n.opens})
			}
		}
	}
	return append(uses, a.handedUses(call)...)
}

func (a *engine) apiUses(call ssa.CallInstruction, name string) []Use {
	_, opens := openers[name]
	if !opens && !enqueuers[name] {
		return nil
	}
	c := call.Common()
	fn := calledFunc(c)
	return []Use{{call, a.rootsAt(argument(c, fn.Signature(), 0), call), a.extend(call, fn, nil), opens}}
}

type need struct {
	Need
	opens bool
}

// needsOf returns the parameters for which the callee needs a scope or opens one.
func (a *engine) needsOf(c callee) []need {
	var requires, opens []Need
	if c.body != nil {
		if n := a.needs[c.body]; n != nil {
			requires, opens = n.requires, n.opens
		}
	} else if f := a.fact(c.fn); f != nil {
		requires, opens = f.Requires, f.Opens
	}
	var out []need
	for _, n := range requires {
		out = append(out, need{n, false})
	}
	for _, n := range opens {
		out = append(out, need{n, true})
	}
	return out
}

// handedUses returns what the call needs because it hands a declared function on to be called: withContext(ctx, s.process). What a
// literal needs is answered where its body needs it.
func (a *engine) handedUses(call ssa.CallInstruction) []Use {
	c := call.Common()
	var uses []Use
	for i, arg := range c.Args {
		if _, ok := arg.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		for _, t := range targets(arg) {
			if fn, ok := t.(*ssa.Function); ok && fn.Parent() == nil {
				uses = append(uses, a.handedUse(handed{call, i - receiverArgs(c)}, fn)...)
			}
		}
	}
	return uses
}

func (a *engine) handedUse(h handed, fn *ssa.Function) []Use {
	var uses []Use
	callee := a.calleeOf(fn)
	for _, n := range a.needsOf(callee) {
		if _, ok := a.given(h, n.Param); !ok {
			continue
		}
		roots := a.givenNow(h, n.Param)
		chain := a.extend(h.call, calledFunc(h.call.Common()), a.extend(h.call, callee.fn, n.Chain))
		uses = append(uses, Use{h.call, roots, chain, n.opens})
	}
	return uses
}

// givenNow is given for a question from outside the solver.
func (a *engine) givenNow(h handed, i int) Roots {
	for {
		roots, _ := a.given(h, i)
		if len(a.solver.work) == 0 {
			return roots
		}
		a.solve()
	}
}

// extend puts the call of fn before a chain; literals have no name to stand there.
func (a *engine) extend(call ssa.CallInstruction, fn *types.Func, chain []Step) []Step {
	if fn == nil {
		return chain
	}
	return prepend(Step{fn.FullName(), a.position(call.Common().Pos())}, chain)
}

// position returns the place of pos, its file relative to the module: the import path within the module, and the file's name.
func (a *engine) position(pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	p := a.pass.Fset.Position(pos)
	dir := strings.TrimSuffix(a.pass.Pkg.Path(), "_test")
	if m := a.pass.Module; m != nil && m.Path != "" {
		if rest, ok := strings.CutPrefix(dir, m.Path); ok {
			dir = strings.TrimPrefix(rest, "/")
		}
	}
	return fmt.Sprintf("%s:%d:%d", path.Join(dir, path.Base(filepath.ToSlash(p.Filename))), p.Line, p.Column)
}
