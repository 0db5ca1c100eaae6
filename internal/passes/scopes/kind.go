package scopes

import (
	"go/types"
	"slices"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// scopeMethods are the methods by which an interface can stand for a scope.
var scopeMethods = []string{"Flush", "Discard", "State", "Intents", "Own", "Captured", "Parent", "Report"}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func isError(t types.Type) bool {
	return t != nil && ssapass.MayHaveMethod(t, "Error") && types.Implements(t, errorType)
}

func isScope(t types.Type) bool { return airlockapi.TypeName(t) == "Scope" }

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// carriesContext reports whether a context can be had from a value of type t: it is one, has a method that returns one, or a field
// from which one can be had. What a package that knows nothing of scopes hides in its structs leads to none.
func (p *program) carriesContext(t types.Type) bool { return p.carriesContextWithin(nesting{t, 2}) }

// A nesting is a type whose fields are looked into, that deep.
type nesting struct {
	t     types.Type
	depth int
}

func (p *program) carriesContextWithin(n nesting) bool {
	if n.t = ssapass.Looked(n.t); n.t == nil {
		return false
	}
	yes, known := p.contexts[n]
	if !known {
		yes = p.findContext(n.t, n.depth)
		p.contexts[n] = yes
	}
	return yes
}

func (p *program) findContext(t types.Type, depth int) bool {
	switch {
	case isScope(t), isTesting(t):
		return false // a scope hands its context to nobody, and that of a test carries no scope
	case isContext(t), hasContextMethod(t):
		return true
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 {
		return false
	}
	for f := range s.Fields() {
		if !f.Exported() && f.Pkg() != p.pkg && !p.handles(f.Pkg()) {
			continue
		}
		if isContext(f.Type()) || p.carriesContextWithin(nesting{f.Type(), depth - 1}) {
			return true
		}
	}
	return false
}

func isTesting(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "testing"
}

func hasContextMethod(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Struct:
	default:
		return false
	}
	if !ssapass.MayHaveMethod(t, "Context") {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Context")
	fn, ok := obj.(*types.Func)
	return ok && fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 1 && isContext(fn.Signature().Results().At(0).Type())
}

// carrier reports whether a function is looked into for what it does with an argument of type t: a scope can be handed over in one.
func (p *program) carrier(t types.Type) bool {
	return p.carrierWithin(nesting{t, 3})
}

func (p *program) carrierWithin(n nesting) bool {
	if _, basic := n.t.(*types.Basic); basic {
		return false
	}
	yes, known := p.carriers[n]
	if !known {
		yes = p.findCarrier(n.t, n.depth)
		p.carriers[n] = yes
	}
	return yes
}

func (p *program) findCarrier(t types.Type, depth int) bool {
	if isScope(t) {
		return true
	}
	if depth == 0 {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return isCleanup(u)
	case *types.Interface:
		return standsForScope(t, u)
	case *types.Pointer:
		return p.carrierWithin(nesting{u.Elem(), depth - 1})
	case *types.Slice:
		return p.carrierWithin(nesting{u.Elem(), depth - 1})
	case *types.Array:
		return p.carrierWithin(nesting{u.Elem(), depth - 1})
	case *types.Map:
		return !isAny(u.Elem()) && p.carrierWithin(nesting{u.Elem(), depth - 1}) // maps of anything are data
	case *types.Struct:
		for f := range u.Fields() {
			if _, iface := f.Type().Underlying().(*types.Interface); !iface && p.carrierWithin(nesting{f.Type(), depth - 1}) {
				return true
			}
		}
	}
	return false
}

// isCleanup reports whether a function of that signature may be one that closes a scope: func(), func() error, func(ctx) error.
func isCleanup(sig *types.Signature) bool {
	params, results := sig.Params(), sig.Results()
	if params.Len() > 1 || results.Len() > 1 || sig.Variadic() {
		return false
	}
	return (params.Len() == 0 || isContext(params.At(0).Type())) && (results.Len() == 0 || isError(results.At(0).Type()))
}

func isAny(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	return ok && iface.Empty()
}

func standsForScope(t types.Type, iface *types.Interface) bool {
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		iface = tp.Constraint().Underlying().(*types.Interface)
	}
	for m := range iface.Methods() {
		if !slices.Contains(scopeMethods, m.Name()) {
			return false
		}
	}
	return true
}
