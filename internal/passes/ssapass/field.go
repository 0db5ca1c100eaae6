package ssapass

import "go/types"

// Field returns the i-th field, as it is declared, of the struct type, or type of a pointer to a struct, t.
func Field(t types.Type, i int) *types.Var {
	return Struct(t).Field(i).Origin()
}

// Struct returns the struct under t, or under what t points to; nil if there is none.
func Struct(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		t = coreOf(tp)
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

// coreOf returns the first type in a type parameter's constraint, which is the core type wherever go/ssa selects a field.
func coreOf(tp *types.TypeParam) types.Type {
	iface := tp.Constraint().Underlying().(*types.Interface)
	for t := range iface.EmbeddedTypes() {
		if u, ok := t.(*types.Union); ok && u.Len() > 0 {
			t = u.Term(0).Type()
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		return t
	}
	return tp
}
