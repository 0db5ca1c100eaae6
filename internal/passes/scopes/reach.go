package scopes

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// matters reports whether it is worth a walk to find out what becomes of a scope that is handed over in param: the parameter, or a
// part of it that may be the scope, goes somewhere else than to functions that leave it.
func (p *program) matters(param *ssa.Parameter) bool {
	r := &reach{p: p, seen: map[ssa.Value]bool{}}
	return r.matters(param)
}

// reach follows a value to its uses.
type reach struct {
	p    *program
	seen map[ssa.Value]bool
}

func (r *reach) matters(v ssa.Value) bool {
	if r.seen[v] || v.Referrers() == nil {
		return false
	}
	r.seen[v] = true
	for _, ref := range *v.Referrers() {
		if r.use(v, ref) {
			return true
		}
	}
	return false
}

func (r *reach) use(v ssa.Value, ref ssa.Instruction) bool {
	switch ref := ref.(type) {
	case *ssa.DebugRef, *ssa.If, *ssa.BinOp:
		return false
	case *ssa.FieldAddr, *ssa.Field, *ssa.IndexAddr, *ssa.Index, *ssa.Lookup, *ssa.UnOp, *ssa.Extract, *ssa.Slice,
		*ssa.ChangeInterface, *ssa.ChangeType, *ssa.Phi:
		part := ref.(ssa.Value)
		return r.mayHold(part.Type()) && r.matters(part)
	case *ssa.TypeAssert:
		return canBeScope(ref.AssertedType) && r.matters(ref)
	case *ssa.MakeInterface, *ssa.Range, *ssa.Next:
		return r.matters(ref.(ssa.Value))
	case *ssa.Store:
		return ref.Val == v // what is stored into it is no matter
	case *ssa.MapUpdate:
		return ref.Value == v
	case ssa.CallInstruction:
		return r.call(v, ref.Common())
	}
	return true
}

// mayHold reports whether a part of type t of what was handed over may be the scope, or hold it.
func (r *reach) mayHold(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return r.p.carrier(t)
	}
	for v := range tuple.Variables() {
		if r.p.carrier(v.Type()) {
			return true
		}
	}
	return false
}

func (r *reach) call(v ssa.Value, c *ssa.CallCommon) bool {
	callee := r.p.callee(c)
	if callee.name != "" || !callee.known || c.IsInvoke() || c.Value == v || r.p.pending(callee) {
		return true
	}
	for i, arg := range c.Args {
		if arg == v && (!r.p.carrier(arg.Type()) && !r.p.takesCarrier(callee, i) || callee.summary.param(i).Fate != Left) {
			return true
		}
	}
	return false
}
