package ssapass

import (
	"go/types"
	"slices"
)

// Looked returns the type under which to remember what was found out of t: pointers to a type with methods have those of the type, and there
// are as many of them as places that name one. It returns nil for types that have no methods: most of those without a name.
func Looked(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Basic, *types.Slice, *types.Map, *types.Signature, *types.Chan, *types.Tuple, *types.Array:
		return nil
	case *types.Pointer:
		if named, ok := t.Elem().(*types.Named); ok && !types.IsInterface(named) {
			return named
		}
	}
	return t
}

// MayHaveMethod reports whether a value of type t, or a pointer to one, may have a method of one of the names: it is a quick look, which
// only embedded fields leave open.
func MayHaveMethod(t types.Type, names ...string) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		for m := range named.Methods() {
			if slices.Contains(names, m.Name()) {
				return true
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		for m := range u.Methods() {
			if slices.Contains(names, m.Name()) {
				return true
			}
		}
	case *types.Struct:
		for f := range u.Fields() {
			if f.Embedded() {
				return true
			}
		}
	}
	return false
}
