package transactions

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// dynamicType stands, where the name of a method would, for the type of what a parameter of an interface type holds. It is a constant,
// as it were: the type's name.
const dynamicType = "type"

// maxSteps bounds how far a value is followed back to where it was put into an interface.
const maxSteps = 8

func nameOf(t types.Type) Value { return Value{Is: Constant, Text: types.TypeString(t, nil)} }

// typed notes what a type assertion of a parameter says, where it is known whether it holds.
func (w *walk) typed(s *state, v ssa.Value, is Value) {
	x, ok := v.(*ssa.Extract)
	if !ok || x.Index != 1 || is != isTrue && is != isFalse {
		return
	}
	t, ok := x.Tuple.(*ssa.TypeAssert)
	if !ok || types.IsInterface(t.AssertedType) {
		return
	}
	i := w.ownParam(s, t.X)
	if i < 0 {
		return
	}
	p := param{i, dynamicType}
	if is == isTrue {
		s.holds.set(p, nameOf(t.AssertedType))
		return
	}
	not := nameOf(t.AssertedType)
	switch old, _ := s.holds.get(p); old.Is {
	case Constant:
	case Not:
		s.holds.set(p, none(append(old.constants(), not.Text)))
	default:
		s.holds.set(p, none([]string{not.Text}))
	}
}

// typeOf returns the type of what an interface holds, if that is known.
func typeOf(v ssa.Value, depth int) Value {
	if depth == 0 {
		return Value{}
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		if _, param := types.Unalias(v.X.Type()).(*types.TypeParam); !param {
			return nameOf(v.X.Type())
		}
	case *ssa.ChangeInterface:
		return typeOf(v.X, depth-1)
	case *ssa.UnOp:
		if next := stepBack(v); next != nil {
			return typeOf(next, depth-1)
		}
	}
	return Value{}
}
