package contexts

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// scopes reports whether fn is a middleware, an interceptor or makes one: it, or a literal in it, calls a function or handler that it
// is handed with a context that is scoped for sure, or has the framework go on (c.Next()) once the framework's context is scoped.
func (a *engine) scopes(fn *ssa.Function) bool {
	for _, p := range fn.Params {
		if a.handsOnScoped(a.sites[p]) {
			return true
		}
	}
	if a.goesOnScoped(fn) {
		return true
	}
	for _, lit := range fn.AnonFuncs {
		if a.scopes(lit) {
			return true
		}
	}
	return false
}

func (a *engine) handsOnScoped(s *sites) bool {
	if s == nil {
		return false
	}
	for _, call := range append(s.calls[:len(s.calls):len(s.calls)], s.invokes...) {
		for _, arg := range call.Common().Args {
			if a.carries(arg.Type()) && a.onlyScoped(arg, call) {
				return true
			}
		}
	}
	return false
}

// goesOnScoped finds the calls of Next on a carrier whose context has been replaced by a scoped one.
func (a *engine) goesOnScoped(fn *ssa.Function) bool {
	for _, call := range a.nexts[fn] {
		callee := calledFunc(call.Common())
		if callee == nil || callee.Signature().Recv() == nil || !a.foreign(callee) {
			continue
		}
		recv := argument(call.Common(), callee.Signature(), Receiver)
		if recv != nil && len(a.settings(recv)) > 0 && a.onlyScoped(recv, call) {
			return true
		}
	}
	return false
}

func (a *engine) onlyScoped(v ssa.Value, call ssa.CallInstruction) bool {
	roots := a.rootsAt(v, call)
	for _, r := range roots {
		if r.Kind != Scoped {
			return false
		}
	}
	return len(roots) > 0
}

// NeedsOf returns the parameters of fn, a function or literal of the package, whose context reaches an Enqueue.
func (r *Result) NeedsOf(fn *ssa.Function) []Need {
	if r.engine == nil {
		return nil
	}
	if n := r.engine.needs[fn]; n != nil {
		return append(slices.Clone(n.requires), r.decidedNeeds(n.depending())...)
	}
	return r.Needs(objectOf(fn))
}

// Functions returns the functions and parameters that a function value may be, as far as the function around it shows.
func Functions(v ssa.Value) []ssa.Value { return targets(v) }

// Calls returns all calls of the package.
func (r *Result) Calls() []ssa.CallInstruction {
	if r.engine == nil {
		return nil
	}
	var all []ssa.CallInstruction
	for _, fn := range r.engine.funcs {
		all = append(all, r.engine.ssa.CallsIn(fn)...)
	}
	return all
}

// Scopes reports whether the literal or function fn is a middleware, as [Fact].Scopes says of declared functions.
func (r *Result) Scopes(fn *ssa.Function) bool { return r.engine.scopes(fn) }

// Stored returns the values that the variable may hold which load reads.
func (r *Result) Stored(load *ssa.UnOp) []ssa.Value {
	if !ssapass.IsVariable(load.X) {
		return nil
	}
	var out []ssa.Value
	for _, s := range ssapass.Stores(load.X) {
		out = append(out, s.Val)
	}
	if alloc, ok := ssapass.Variable(load.X).(*ssa.Alloc); ok && len(out) == 0 {
		out = append(out, alloc)
	}
	return out
}

// Elements returns the values stored in the array behind a variadic argument.
func (r *Result) Elements(slice *ssa.Slice) []ssa.Value {
	array, ok := slice.X.(*ssa.Alloc)
	if !ok || !isVariadic(array) {
		return nil
	}
	var out []ssa.Value
	for _, ref := range *array.Referrers() {
		if elem, ok := ref.(*ssa.IndexAddr); ok {
			for _, s := range ssapass.Stores(elem) {
				out = append(out, s.Val)
			}
		}
	}
	return out
}

// Handing returns the values that stand for the parameter p where its function is called in the package; for a literal that is handed to
// a method (r.Route("/x", func(r chi.Router) {…})) that method's receiver.
func (r *Result) Handing(p *ssa.Parameter) []ssa.Value {
	fn := p.Parent()
	var out []ssa.Value
	for _, call := range r.engine.callsOf(fn) {
		if arg := argument(call.Common(), fn.Signature, paramIndex(p)); arg != nil {
			out = append(out, arg)
		}
	}
	if s := r.engine.sites[fn]; s != nil {
		for _, h := range s.handed {
			c := h.call.Common()
			switch {
			case c.IsInvoke():
				out = append(out, c.Value)
			case len(c.Args) > 0:
				out = append(out, c.Args[0])
			}
		}
	}
	return out
}

// callsOf returns the calls of the function or literal fn in the package.
func (a *engine) callsOf(fn *ssa.Function) []ssa.CallInstruction {
	var out []ssa.CallInstruction
	for _, caller := range a.funcs {
		for _, call := range a.ssa.CallsIn(caller) {
			c := call.Common()
			if !c.IsInvoke() && slices.Contains(targets(c.Value), ssa.Value(fn)) {
				out = append(out, call)
			}
		}
	}
	return out
}
