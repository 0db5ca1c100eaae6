package contexts

import (
	"go/types"
	"strings"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A kind is what matters of a type, asked once.
type kind struct {
	carries bool // its values are contexts or carry one, see carries
	// fields are those of a struct, or of what a pointer points to, that are functions which are handed something that carries a context;
	// functional says that it has some that are functions at all.
	fields     []functionField
	functional bool
}

// A functionField is a field of a struct that is a function.
type functionField struct {
	name string
	sig  *types.Signature
}

var plainKind = new(kind)

func (a *engine) kind(t types.Type) *kind {
	if t = ssapass.Looked(t); t == nil {
		return plainKind // as most are, without looking them up
	}
	k := a.kinds[t]
	if k == nil {
		k = &kind{carries: carries(t)}
		a.kinds[t] = k
		a.findFields(t, k)
	}
	return k
}

func (a *engine) carries(t types.Type) bool { return a.kind(t).carries }

func (a *engine) findFields(t types.Type, k *kind) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for f := range st.Fields() {
		if sig, ok := f.Type().Underlying().(*types.Signature); ok {
			k.functional = true
			if a.handsContext(sig) {
				k.fields = append(k.fields, functionField{f.Name(), sig})
			}
		}
	}
}

// handsContext reports whether a function of that signature is handed something that carries a context.
func (a *engine) handsContext(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if a.carries(p.Type()) {
			return true
		}
	}
	return false
}

// carries reports whether values of type t are contexts or carry one: context.Context and what implements it, and types with a
// method Context, UserContext or Request (http.Request, gRPC streams, echo.Context) or a field Request (gin.Context).
func carries(t types.Type) bool {
	t = types.Unalias(t)
	if isContext(t) {
		return true
	}
	named := namedOf(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	if !ssapass.MayHaveMethod(t, "Context", "UserContext", "Request", "Deadline") {
		return requestField(named) != nil
	}
	for _, name := range []string{"Context", "UserContext", "Request"} {
		if sig := lookupMethod(t, name); sig != nil && sig.Params().Len() == 0 && sig.Results().Len() == 1 {
			if res := sig.Results().At(0).Type(); isContext(res) || isRequest(res) {
				return true
			}
		}
	}
	return implementsContext(t) || requestField(named) != nil
}

func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

func isRequest(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && isNamed(p.Elem(), "net/http", "Request")
}

// requestField returns the field of a framework's context that holds the request.
func requestField(named *types.Named) *types.Var {
	st, ok := named.Underlying().(*types.Struct)
	if !ok || named.Obj().Pkg().Path() == "net/http" { // http.Response has one, which is the past
		return nil
	}
	for f := range st.Fields() {
		if f.Name() == "Request" && isRequest(f.Type()) {
			return f
		}
	}
	return nil
}

// implementsContext asks for the method that no other interface has: Deadline() with two results, and Value.
func implementsContext(t types.Type) bool {
	deadline, value := lookupMethod(t, "Deadline"), lookupMethod(t, "Value")
	return deadline != nil && deadline.Params().Len() == 0 && deadline.Results().Len() == 2 &&
		value != nil && value.Params().Len() == 1
}

func lookupMethod(t types.Type, name string) *types.Signature {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	if fn, ok := obj.(*types.Func); ok {
		return fn.Signature()
	}
	return nil
}

func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

func isNamed(t types.Type, pkg, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == pkg
}

// isFunc reports whether a value of type t can be called, or wraps something that can: a function, a handler.
func isFunc(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Slice:
		_, ok := u.Elem().Underlying().(*types.Signature)
		return ok
	case *types.Interface:
		return u.NumMethods() > 0 && !isContext(t) && !isError(t)
	}
	return false
}

func isError(t types.Type) bool { return types.Unalias(t) == types.Universe.Lookup("error").Type() }

// isTesting reports whether fn is a method of testing.T, B, F or TB.
func isTesting(fn *types.Func) bool {
	return fn.Pkg() != nil && fn.Pkg().Path() == "testing" && fn.Signature().Recv() != nil &&
		!strings.HasPrefix(fn.Name(), "Test")
}

func isScope(t types.Type) bool { return airlockapi.TypeName(t) == "Scope" }
