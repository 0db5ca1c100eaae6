package effects

import (
	"go/types"
	"slices"

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

// replyUsed reports whether the answer is used of a call that puts it where an argument points.
func (e *engine) replyUsed(d *edge) bool {
	entry := d.callee.entry
	if entry == nil || entry.Answer == 0 {
		return false
	}
	v := d.arg(d.parameter(entry.Answer - 1))
	if i, ok := v.(*ssa.MakeInterface); ok {
		v = i.X
	}
	if v == nil || isNil(v) {
		return false
	}
	a, ok := v.(*ssa.Alloc)
	return !ok || slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool { return reads(ref, a, d.call) })
}

// reads reports whether an instruction other than the call itself uses what a holds.
func reads(ref ssa.Instruction, a *ssa.Alloc, call ssa.CallInstruction) bool {
	switch ref := ref.(type) {
	case *ssa.MakeInterface:
		return slices.ContainsFunc(*ref.Referrers(), func(r ssa.Instruction) bool { return r != call })
	case *ssa.Store:
		return ref.Addr != a
	}
	return ref != call && uses{}.by(ref, a)
}

// used reports whether a value is used for anything but to close it, or what it holds.
func used(v ssa.Value) bool { return uses{}.of(v) }

// uses are the values whose uses have been looked at: a variable may be assigned what it held.
type uses map[ssa.Value]bool

func (u uses) of(v ssa.Value) bool {
	if u[v] {
		return false
	}
	u[v] = true
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool { return u.by(ref, v) })
}

// by reports whether an instruction uses v.
func (u uses) by(ref ssa.Instruction, v ssa.Value) bool {
	switch ref := ref.(type) {
	case *ssa.DebugRef:
		return false
	case ssa.CallInstruction:
		return !closes(ref)
	case *ssa.FieldAddr:
		return u.of(ref)
	case *ssa.UnOp:
		return u.of(ref)
	case *ssa.BinOp: // compared with nil, or used
		return !isNil(ref.X) && !isNil(ref.Y)
	case *ssa.Store: // in a variable, and used from there
		a, ok := ref.Addr.(*ssa.Alloc)
		return ref.Addr != v && (!ok || u.of(a))
	case *ssa.MakeClosure:
		return u.inside(v, ref)
	}
	return true
}

func closes(call ssa.CallInstruction) bool {
	c := call.Common()
	if c.IsInvoke() {
		return c.Method.Name() == "Close"
	}
	fn := c.StaticCallee()
	return fn != nil && fn.Name() == "Close"
}

// inside reports whether a literal uses v, which it captures.
func (u uses) inside(v ssa.Value, c *ssa.MakeClosure) bool {
	fn, ok := c.Fn.(*ssa.Function)
	if !ok || fn.Parent() == nil {
		return true
	}
	for i, b := range c.Bindings {
		if b == v && u.of(fn.FreeVars[i]) {
			return true
		}
	}
	return false
}
