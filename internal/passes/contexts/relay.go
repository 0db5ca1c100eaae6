package contexts

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// This file is for packages that know of no scopes. All that counts there is which contexts they pass on to own interface methods: contexts
// come from parameters, and need no solver.

// A relayed is a call that passes a parameter's context on to another function of the package.
type relayed struct {
	from *ssa.Function
	call ssa.CallInstruction
}

// relay finds which parameters are passed on to own interface methods, and returns the functions that have some.
func (a *engine) relay(funcs []*ssa.Function) []*ssa.Function {
	callers := map[*ssa.Function][]relayed{}
	var work, found []*ssa.Function
	for _, fn := range funcs {
		from := ssapass.Declaration(fn)
		if !a.takesContext(from.Signature) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || !a.takesContext(call.Common().Signature()) {
					continue
				}
				r := relayed{from: from, call: call}
				if body := a.relayCall(r); body != nil {
					callers[body] = append(callers[body], r)
				} else if a.needs[from] != nil {
					work = append(work, from)
				}
			}
		}
	}
	seen := map[*ssa.Function]bool{}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[fn] {
			seen[fn] = true
			found = append(found, fn)
		}
		for _, r := range callers[fn] {
			if a.passOn(r, callee{fn: objectOf(fn), body: fn}) {
				work = append(work, r.from)
			}
		}
	}
	return found
}

// relayCall notes what a call passes on to a method of an own interface, or to what leads there; it returns the function if that is one
// of the package, of which nothing may be known yet.
func (a *engine) relayCall(r relayed) *ssa.Function {
	c := r.call.Common()
	if c.IsInvoke() {
		if a.bindable(c.Method) {
			a.open[c] = true
			method := c.Method.Origin()
			for i := range c.Args {
				a.passParam(r, c.Args[i], Need{Chain: a.extend(r.call, method, nil), Via: a.fullName(method), ViaArg: i})
			}
		}
		return nil
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	if fn = original(fn); fn.Pkg == a.ssa.Pkg && len(fn.Blocks) > 0 {
		return fn
	}
	if obj := objectOf(fn); obj != nil && a.own(obj) {
		a.passOn(r, callee{fn: obj})
	}
	return nil
}

// passOn notes what the caller passes on by a call of c, and reports whether that is news.
func (a *engine) passOn(r relayed, c callee) bool {
	news := false
	for _, n := range a.needsOf(c) {
		if arg := argument(r.call.Common(), c.signature(), n.Param); n.Via != "" && arg != nil {
			chain := a.extend(r.call, c.fn, n.Chain)
			news = a.passParam(r, arg, Need{Chain: chain, Via: n.Via, ViaArg: n.ViaArg}) || news
		}
	}
	return news
}

// passParam notes a need of the parameter that v comes from, if it comes from one.
func (a *engine) passParam(r relayed, v ssa.Value, n Need) bool {
	if !a.carries(v.Type()) {
		return false
	}
	p := a.relayedParam(v)
	if p == nil || p.Parent() != r.from {
		return false
	}
	if a.needs[r.from] == nil {
		a.needs[r.from] = new(needs)
	}
	n.Param = paramIndex(p)
	return a.needs[r.from].add(n, false)
}

// relayedParam returns the parameter of which the context v is a child for sure.
func (a *engine) relayedParam(v ssa.Value) *ssa.Parameter {
	v = a.base(v)
	if ssapass.IsVariable(v) {
		if stores := ssapass.Stores(v); len(stores) == 1 {
			v = a.base(stores[0].Val)
		}
	}
	p, _ := v.(*ssa.Parameter)
	return p
}
