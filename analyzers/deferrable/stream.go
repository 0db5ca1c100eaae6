package deferrable

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

const (
	requestBody    = "a request's body"
	responseWriter = "a response writer"
)

// maxWrapped bounds how many calls around another are looked into: of readers and writers, of what returns a part.
const maxWrapped = 5

// stream says what a reader or writer ends in, that a call of another's code returns: the body of a request that came in, the writer of
// its response. The user's own constructors may take what they need and leave the rest.
func (c *check) stream(call *ssa.Call, i, depth int) (what string, ok bool) {
	fn := ssapass.Callee(call.Common())
	if fn == nil || depth > maxWrapped || c.own(fn.Pkg()) {
		return "", false
	}
	if i == 0 && fn.FullName() == "(*net/http.Request).MultipartReader" {
		return requestBody, true
	}
	t := fn.Signature().Results().At(i).Type()
	reads := hasMethod(t, "Read", "Decode", "Scan", "NextPart")
	writes := hasMethod(t, "Write", "Encode", "Flush") && whose.Package(c.pass, fn.Pkg()) == whose.Std
	if !reads && !writes {
		return "", false
	}
	for _, arg := range call.Call.Args {
		for _, v := range append(ssapass.Elements(arg), arg) {
			what, ok := c.end(v, depth)
			if ok && (what == requestBody && reads || what == responseWriter && writes) {
				return what, true
			}
		}
	}
	return "", false
}

// end says which of the two a value is, or what it is made of ends in.
func (c *check) end(v ssa.Value, depth int) (what string, ok bool) {
	for _, o := range carried.Origins(v) {
		if what, ok := c.catalog.Captured(o.Type()); ok && what == responseWriter {
			return what, true
		}
		switch o := o.(type) {
		case *ssa.UnOp:
			if isBody(o) {
				return requestBody, true
			}
		case *ssa.Call:
			what, ok = c.stream(o, 0, depth+1)
		case *ssa.Extract:
			if call, called := o.Tuple.(*ssa.Call); called {
				what, ok = c.stream(call, o.Index, depth+1)
			}
		}
		if ok {
			return what, true
		}
	}
	return "", false
}

// isBody reports whether the load reads the Body of a request that came in.
func isBody(load *ssa.UnOp) bool {
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok || load.Op != token.MUL {
		return false
	}
	t := carried.Elem(field.X.Type())
	st, ok := t.Underlying().(*types.Struct)
	return ok && st.Field(field.Field).Name() == "Body" && isNamed(t, "net/http", "Request")
}

// hasMethod reports whether values of type t have one of those methods.
func hasMethod(t types.Type, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		_, ok := obj.(*types.Func)
		return ok
	})
}
