package contexts

import (
	"go/types"

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
		if !a.handedContext(from.Signature) {
			continue
		}
		for _, call := range a.ssa.CallsIn(fn) {
			r := relayed{from: from, call: call}
			if body := a.relayCall(r); body != nil {
				callers[body] = append(callers[body], r)
			} else if a.needs[from] != nil {
				work = append(work, from)
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

// handedContext reports whether a function of that signature, or its receiver, is handed something that carries a context.
func (a *engine) handedContext(sig *types.Signature) bool {
	return a.handsContext(sig) || sig.Recv() != nil && a.carries(sig.Recv().Type())
}

// relayCall notes what a call passes on to a method of an own interface, or to what leads there; it returns the function if that is one
// of the package, of which nothing may be known yet.
func (a *engine) relayCall(r relayed) *ssa.Function {
	c := r.call.Common()
	if c.IsInvoke() {
		if a.bindable(c.Method) {
			a.open[c] = true
			method := c.Method.Origin()
			for i, arg := range c.Args {
				if p := a.passed(r, arg); p != nil {
					a.passParam(p, Need{Chain: a.extend(r.call, method, nil), Via: a.fullName(method), ViaArg: i})
				}
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
		arg := argument(r.call.Common(), c.signature(), n.Param)
		if n.Via == "" || arg == nil {
			continue
		}
		if p := a.passed(r, arg); p != nil {
			chain := a.extend(r.call, c.fn, n.Chain)
			news = a.passParam(p, Need{Chain: chain, Via: n.Via, ViaArg: n.ViaArg}) || news
		}
	}
	return news
}

// passed returns the parameter of the caller that v comes from; nil if it comes from none.
func (a *engine) passed(r relayed, v ssa.Value) *ssa.Parameter {
	if !a.carries(v.Type()) {
		return nil
	}
	if p := a.relayedParam(v); p != nil && p.Parent() == r.from {
		return p
	}
	return nil
}

// passParam notes a need of the parameter p, and reports whether that is news.
func (a *engine) passParam(p *ssa.Parameter, n Need) bool {
	fn := p.Parent()
	if a.needs[fn] == nil {
		a.needs[fn] = new(needs)
	}
	n.Param = paramIndex(p)
	return a.needs[fn].add(n, false)
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
