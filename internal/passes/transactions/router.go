package transactions

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A routed is a router, a group of routes, or a single route, whose handlers a middleware runs in a transaction.
type routed struct {
	how    string
	by     string    // the middleware
	since  token.Pos // of the call that added the middleware: what is registered before runs without it
	values map[ssa.Value]bool
	route  ssa.CallInstruction // the call that adds the route, where it is only one: e.POST(path, handler, mw)
	behind int                 // how many of the route's arguments come before what stands behind the middleware
}

// routes finds the routers of a declared function to which a middleware that opens transactions is added.
func (k *knower) routes(fn *ssa.Function) []*routed {
	var list []*routed
	calls := k.callsOf(fn)
	for _, call := range calls {
		r := k.routed(call)
		if r == nil {
			continue
		}
		for grown := true; grown; {
			grown = false
			for _, other := range calls {
				grown = r.spread(other) || grown
			}
		}
		list = append(list, r)
	}
	return list
}

// routed returns the router, or route, that a call adds such a middleware to, nil for any other call: r.Use(mw), or r.With(mw), which makes
// one.
func (k *knower) routed(call ssa.CallInstruction) *routed {
	c := call.Common()
	fn := callee(c)
	if fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	var router ssa.Value
	switch fn.Name() {
	case "Use", "Pre":
		router = origin(operand(c, 0))
	case "With", "Group":
		if v := call.Value(); v != nil {
			router = v
		}
	}
	if router == nil && !fn.Signature().Variadic() {
		return nil
	}
	mw, by, at := k.adds(c)
	switch {
	case at < 0:
		return nil
	case router != nil:
		return &routed{how: mw.How, by: by, since: c.Pos(), values: map[ssa.Value]bool{router: true}}
	case mw.Field == nextMethod:
		return &routed{how: mw.How, by: by, since: c.Pos(), route: call, behind: at + 1}
	case wrapsHandler(fn.Signature()):
		return &routed{how: mw.How, by: by, since: c.Pos(), route: call}
	}
	return nil
}

// wrapsHandler reports whether a method takes a handler, and last any number of middlewares for it.
func wrapsHandler(sig *types.Signature) bool {
	n := sig.Params().Len() - 1
	mw, ok := sig.Params().At(n).Type().(*types.Slice).Elem().Underlying().(*types.Signature)
	if !ok || !wrapper(mw) {
		return false
	}
	for i := range n {
		if types.Identical(sig.Params().At(i).Type(), mw.Params().At(0).Type()) {
			return true
		}
	}
	return false
}

// adds returns which argument of a call is a middleware that runs what it wraps in a transaction, and its name; -1 for none.
func (k *knower) adds(c *ssa.CallCommon) (mw Run, name string, at int) {
	for i, v := range arguments(c) {
		switch v := origin(v).(type) {
		case *ssa.Call:
			for _, r := range k.meaning(v).runs {
				if r.Made && k.within(r) {
					return r, fullName(callee(v.Common())), i
				}
			}
		case *ssa.Function:
			if obj := object(v); obj != nil {
				if s := k.summary(obj); s != nil && len(s.Runs) > 0 && (wrapper(obj.Signature()) || s.Runs[0].Field == nextMethod) && k.within(s.Runs[0]) {
					return s.Runs[0], obj.FullName(), i
				}
			}
		}
	}
	return Run{}, "", -1
}

func fullName(fn *types.Func) string {
	if fn == nil {
		return ""
	}
	return fn.FullName()
}

// wrapper reports whether a function has the shape of a middleware: it takes one value and returns one of the same type.
func wrapper(sig *types.Signature) bool {
	return sig.Params().Len() == 1 && sig.Results().Len() == 1 && types.Identical(sig.Params().At(0).Type(), sig.Results().At(0).Type())
}

// arguments lists what a call is given, without its receiver, variadic ones one by one.
func arguments(c *ssa.CallCommon) []ssa.Value {
	var list []ssa.Value
	for i := 1; i < operands(c); i++ {
		v := operand(c, i)
		if all := ssapass.Elements(v); all != nil {
			list = append(list, all...)
			continue
		}
		list = append(list, v)
	}
	return list
}

// spread adds the groups that are made of the router: what its methods return, and what they hand to a literal.
func (r *routed) spread(call ssa.CallInstruction) bool {
	c := call.Common()
	if r.route != nil || !r.covers(call) {
		return false
	}
	grown := false
	if v := call.Value(); v != nil && !isTuple(v.Type()) && !isError(v.Type()) && !r.values[v] {
		r.values[v], grown = true, true
	}
	router := operand(c, 0).Type()
	for _, v := range arguments(c) {
		lit := functionOf(origin(v))
		if lit == nil || lit.Parent() == nil {
			continue
		}
		for _, p := range lit.Params {
			if (types.Identical(p.Type(), router) || types.IsInterface(p.Type()) && types.AssignableTo(router, p.Type())) && !r.values[p] {
				r.values[p], grown = true, true
			}
		}
	}
	return grown
}

// covers reports whether a call is of a method of the router, after the middleware was added, or adds the route.
func (r *routed) covers(call ssa.CallInstruction) bool {
	if r.route != nil {
		return call == r.route
	}
	c := call.Common()
	fn := callee(c)
	return fn != nil && fn.Signature().Recv() != nil && operands(c) > 0 && c.Pos() > r.since && r.values[routerOf(operand(c, 0))]
}

// routerOf returns the value of whose embedded fields v is one, or v itself: r.GET may be r.RouterGroup.GET.
func routerOf(v ssa.Value) ssa.Value {
	v = origin(v)
	for {
		field, ok := v.(*ssa.FieldAddr)
		if !ok {
			return v
		}
		v = origin(field.X)
	}
}

// handlers finds what is done in the handlers that are registered with the router.
func (k *knower) handlers(fn *ssa.Function, r *routed, add func(Inside)) {
	for _, call := range k.callsOf(fn) {
		if !r.covers(call) {
			continue
		}
		for _, v := range arguments(call.Common())[r.behind:] {
			run, ok := handler(v)
			if !ok {
				continue
			}
			run.How = r.how
			bodies, others := k.resolve(call, run, v, 4)
			k.show(call, r.since, bodies, others, func(in Inside) {
				in.By = r.by
				add(in)
			})
		}
	}
}

// handler reports whether a value is one: a function that takes a request, or something that serves one.
func handler(v ssa.Value) (Run, bool) {
	if sig, ok := v.Type().Underlying().(*types.Signature); ok {
		return Run{}, sig.Params().Len() > 0 && !wrapper(sig)
	}
	iface, ok := v.Type().Underlying().(*types.Interface)
	if ok && iface.NumMethods() == 1 && iface.Method(0).Name() == "ServeHTTP" {
		return Run{Field: "ServeHTTP()"}, true
	}
	return Run{}, false
}
