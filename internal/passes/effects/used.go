package effects

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// resultUsed reports whether the i-th result of a call is used.
func resultUsed(call ssa.CallInstruction, i int) bool {
	v := call.Value()
	if v == nil { // go, defer
		return false
	}
	if _, tuple := v.Type().(*types.Tuple); !tuple {
		return i == 0 && used(v)
	}
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i && used(x) {
			return true
		}
	}
	return false
}

// answerUsed reports whether something else than the errors that a call returns is used.
func answerUsed(call ssa.CallInstruction) bool {
	results := call.Common().Signature().Results()
	for i := range results.Len() {
		if !isError(results.At(i).Type()) && resultUsed(call, i) {
			return true
		}
	}
	return false
}

// used reports whether a value is used for anything but to close it, or what it holds.
func used(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case ssa.CallInstruction:
			if !closes(ref) {
				return true
			}
		case *ssa.FieldAddr:
			if used(ref) {
				return true
			}
		case *ssa.BinOp: // compared with nil, or used
			if !isNil(ref.X) && !isNil(ref.Y) {
				return true
			}
		case *ssa.Store: // in a variable, and used from there
			if a, ok := ref.Addr.(*ssa.Alloc); ref.Addr != v && (!ok || used(a)) {
				return true
			}
		case *ssa.MakeClosure:
			if usedInside(v, ref) {
				return true
			}
		case *ssa.UnOp:
			if used(ref) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func closes(call ssa.CallInstruction) bool {
	c := call.Common()
	if c.IsInvoke() {
		return c.Method.Name() == "Close"
	}
	fn := c.StaticCallee()
	return fn != nil && fn.Name() == "Close"
}

func usedInside(v ssa.Value, c *ssa.MakeClosure) bool {
	fn, ok := c.Fn.(*ssa.Function)
	if !ok || fn.Parent() == nil {
		return true
	}
	for i, b := range c.Bindings {
		if b == v && used(fn.FreeVars[i]) {
			return true
		}
	}
	return false
}
