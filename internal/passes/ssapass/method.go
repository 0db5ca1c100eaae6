package ssapass

import (
	"go/types"
	"slices"
)

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
