package inscope

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/whose"
)

// strict reports what counts as scoped otherwise: contexts that can't be followed, and handlers without a scope on their way.
func (c *check) strict() {
	for _, u := range c.uses {
		if !u.Opens && !c.wrong[u.Call] && u.Roots.Has(contexts.Unknown) && !u.Roots.Has(contexts.Scopeless) {
			c.add("no-scope", u.Call, c.unknownMessage(u), u)
		}
	}
	for _, call := range c.contexts.Calls() {
		c.route(call)
	}
}

// route reports a call that hands a framework a handler which enqueues, unless something on the way opens a scope.
func (c *check) route(call ssa.CallInstruction) {
	fn := calledFunc(call)
	if fn == nil || !c.foreign(fn) && !registersService(call) {
		return
	}
	for _, arg := range call.Common().Args {
		for _, h := range c.handlers(arg, call) {
			if !c.scopedRouter(router(call), call.Parent(), nil) && !c.scopedArgs(call) {
				c.add("no-scope", call, c.routeMessage(routeName(call, h), h), h.use())
				return
			}
		}
	}
}

// A handler is a function that a framework calls, and that enqueues.
type handler struct {
	name  string
	chain []contexts.Step
}

func (h handler) use() contexts.Use { return contexts.Use{Chain: h.chain} }

// handlers returns the handlers behind an argument that need a scope: functions, the methods of a service, and what wrappers that open
// no scope were given.
func (c *check) handlers(arg ssa.Value, call ssa.CallInstruction) []handler {
	var found []handler
	for _, f := range contexts.Functions(arg) {
		if fn, ok := f.(*ssa.Function); ok {
			found = append(found, c.handler(fn)...)
		}
	}
	switch v := unwrap(arg).(type) {
	case *ssa.Call:
		if !c.opens(v) {
			for _, inner := range v.Call.Args {
				found = append(found, c.handlers(inner, call)...)
			}
		}
	case *ssa.MakeInterface:
		found = append(found, c.service(v.X.Type(), call)...)
	}
	return found
}

func unwrap(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.MakeInterface:
			if _, ok := x.X.(*ssa.Call); !ok {
				return v
			}
			v = x.X
		default:
			return v
		}
	}
}

func (c *check) handler(fn *ssa.Function) []handler {
	obj, _ := fn.Object().(*types.Func)
	if obj != nil && c.declaredScoped(obj) {
		return nil
	}
	needs := c.contexts.NeedsOf(fn)
	if len(needs) == 0 {
		return nil
	}
	h := handler{name: "its function", chain: needs[0].Chain}
	if obj != nil {
		h.name = contexts.Short(obj.FullName(), c.pass.Pkg.Path())
		h.chain = append([]contexts.Step{{Func: obj.FullName()}}, h.chain...)
	}
	return []handler{h}
}

// service returns the methods of a value that is handed on as an interface: ServeHTTP, or those of a gRPC service.
func (c *check) service(t types.Type, call ssa.CallInstruction) []handler {
	var found []handler
	methods := types.NewMethodSet(t)
	for i := range methods.Len() {
		fn, ok := methods.At(i).Obj().(*types.Func)
		if !ok || fn.Name() != "ServeHTTP" && !registersService(call) || c.declaredScoped(fn) {
			continue
		}
		if needs := c.contexts.Needs(fn); len(needs) > 0 {
			found = append(found, handler{
				name:  contexts.Short(fn.FullName(), c.pass.Pkg.Path()),
				chain: append([]contexts.Step{{Func: fn.FullName()}}, needs[0].Chain...),
			})
		}
	}
	return found
}

// declaredScoped reports whether fn is declared or configured to be handed a scoped context.
func (c *check) declaredScoped(fn *types.Func) bool {
	if f := c.contexts.Fact(fn); f != nil && f.Scoped {
		return true
	}
	return slices.ContainsFunc(c.config.Scoped, func(f config.Func) bool { return f.Name == catalog.NameOf(fn) })
}

// registersService reports whether the call hands a gRPC server a service.
func registersService(call ssa.CallInstruction) bool {
	return slices.ContainsFunc(call.Common().Args, func(v ssa.Value) bool { return strings.Contains(v.Type().String(), "google.golang.org/grpc.S") })
}

// router returns what the call registers with: its receiver, or the server that is its first argument.
func router(call ssa.CallInstruction) ssa.Value {
	if call.Common().IsInvoke() {
		return call.Common().Value
	}
	if len(call.Common().Args) > 0 {
		return call.Common().Args[0]
	}
	return nil
}

// scopedRouter reports whether all that goes through the router r gets a scope: from a middleware that it uses, from its constructor,
// or from what it is wrapped in; for a router that came as a parameter, at every caller in the package.
func (c *check) scopedRouter(r ssa.Value, fn *ssa.Function, seen map[ssa.Value]bool) bool {
	if r == nil || seen[r] {
		return false
	}
	if seen == nil {
		seen = map[ssa.Value]bool{}
	}
	seen[r] = true
	r = unwrap(r)
	if c.usesScope(r) {
		return true
	}
	switch v := r.(type) {
	case *ssa.Call: // New(…), r.Group(…), r.With(…)
		return c.scopedArgs(v) || c.scopedRouter(router(v), fn, seen)
	case *ssa.FieldAddr: // an embedded router
		return c.scopedRouter(v.X, fn, seen)
	case *ssa.UnOp:
		for _, stored := range c.contexts.Stored(v) {
			if c.scopedRouter(stored, fn, seen) {
				return true
			}
		}
	case *ssa.Parameter:
		return c.scopedCallers(v, seen)
	}
	return false
}

// scopedCallers reports whether the router p is scoped wherever its function is called or handed on.
func (c *check) scopedCallers(p *ssa.Parameter, seen map[ssa.Value]bool) bool {
	outer := c.contexts.Handing(p)
	for _, v := range outer {
		if !c.scopedRouter(v, p.Parent(), seen) {
			return false
		}
	}
	return len(outer) > 0
}

// usesScope reports whether some call in view gives the router r a middleware that opens a scope, or wraps it in one.
func (c *check) usesScope(r ssa.Value) bool {
	refs := r.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			fn := calledFunc(ref)
			uses := fn != nil && (strings.HasPrefix(fn.Name(), "Use") || fn.Name() == "Pre") && router(ref) == r
			if uses && c.scopedArgs(ref) || c.opens(ref) {
				return true
			}
		case *ssa.MakeInterface:
			if c.usesScope(ref) {
				return true
			}
		case *ssa.FieldAddr:
			if c.usesScope(ref) {
				return true
			}
		}
	}
	return false
}

// scopedArgs reports whether one of the call's arguments opens scopes: a middleware, an interceptor, an option made of one.
func (c *check) scopedArgs(call ssa.CallInstruction) bool {
	return slices.ContainsFunc(call.Common().Args, func(v ssa.Value) bool { return c.scoping(v, 0) })
}

func (c *check) scoping(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	for _, f := range contexts.Functions(v) {
		if fn, ok := f.(*ssa.Function); ok && c.scopes(fn) {
			return true
		}
	}
	switch v := unwrap(v).(type) {
	case *ssa.Call:
		return c.opens(v) || slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool { return c.scoping(arg, depth+1) })
	case *ssa.Slice:
		return slices.ContainsFunc(c.contexts.Elements(v), func(elem ssa.Value) bool { return c.scoping(elem, depth+1) })
	}
	return false
}

func (c *check) scopes(fn *ssa.Function) bool {
	if obj, ok := fn.Object().(*types.Func); ok {
		f := c.contexts.Fact(obj)
		return f != nil && f.Scopes || integration(obj)
	}
	return c.contexts.Scopes(fn)
}

// opens reports whether the call is of a middleware that opens scopes, or of a function that makes one: ours, or inferred.
func (c *check) opens(call ssa.CallInstruction) bool {
	if fn := calledFunc(call); fn != nil {
		f := c.contexts.Fact(fn)
		return f != nil && f.Scopes || integration(fn)
	}
	if made, ok := call.Common().Value.(*ssa.Call); ok { // airlockhttp.Middleware()(h)
		return c.opens(made)
	}
	return false
}

// integration reports whether fn belongs to the runtime's packages that open scopes at the edges of a program.
func integration(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	p := fn.Pkg().Path()
	return p != airlockapi.Path && airlockapi.IsRuntime(p) || strings.HasPrefix(p, "github.com/airlock-go/airlock/integrations/")
}

func (c *check) foreign(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	class := whose.Package(c.pass, fn.Pkg())
	return class == whose.Std || class == whose.ThirdParty
}

// routeName is what people call the route: GET /orders; where the call says nothing, the handler.
func routeName(call ssa.CallInstruction, h handler) string {
	var words []string
	if fn := calledFunc(call); fn != nil && fn.Name() == strings.ToUpper(fn.Name()) {
		words = append(words, fn.Name())
	}
	for _, arg := range call.Common().Args {
		if k, ok := arg.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String {
			words = append(words, constant.StringVal(k.Value))
		}
	}
	if len(words) == 0 {
		return h.name
	}
	return strings.Join(words, " ")
}
