package ssapass

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file says which errors are plainly not nil: by what they are.

// NotNil reports whether the error v is plainly not nil when control reaches instr: by what it is, or by what was asked on the way.
func (s *SSA) NotNil(v ssa.Value, instr ssa.Instruction) bool {
	if s.failing == nil {
		return false
	}
	q := &question{failing: s.failing, seen: map[ssa.Value]bool{}}
	return q.notNil(v, instr)
}

// Returned is result i of a return: for a named result, what was stored in it right before.
func Returned(ret *ssa.Return, i int) ssa.Value {
	load, ok := ret.Results[i].(*ssa.UnOp)
	if !ok || load.Op != token.MUL || !IsVariable(load.X) {
		return ret.Results[i]
	}
	for _, instr := range slices.Backward(ret.Block().Instrs) {
		if s, ok := instr.(*ssa.Store); ok && s.Addr == load.X {
			return s.Val
		}
	}
	return load
}

func isErrorType(t types.Type) bool { return types.Unalias(t) == types.Universe.Lookup("error").Type() }

// A question is whether one error is not nil.
type question struct {
	*failing
	seen map[ssa.Value]bool
}

func (q *question) notNil(v ssa.Value, at ssa.Instruction) bool {
	if _, ok := v.(*ssa.Const); ok {
		return false
	}
	if q.asked(v, at) {
		return true
	}
	if q.seen[v] {
		return false
	}
	q.seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.ChangeInterface:
		return q.notNil(v.X, at)
	case *ssa.Phi:
		for i, e := range v.Edges {
			pred := v.Block().Preds[i]
			if !q.notNil(e, pred.Instrs[len(pred.Instrs)-1]) && !foundOn(pred, v.Block(), e) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		return q.loaded(v, at)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && v.Index == call.Type().(*types.Tuple).Len()-1 && q.never(Callee(&call.Call))
	case *ssa.Call:
		return q.never(Callee(&v.Call)) || q.joined(v, at) || q.ended(v) || isStatusError(v)
	}
	return false
}

// loaded answers for an error that is read from somewhere: an error variable of a package is set once, to something; an element of a
// list of errors is one.
func (q *question) loaded(v *ssa.UnOp, at ssa.Instruction) bool {
	if v.Op != token.MUL {
		return false
	}
	switch addr := v.X.(type) {
	case *ssa.Global:
		return addr.Object() != nil && isErrorType(v.Type())
	case *ssa.IndexAddr:
		return q.collected(addr.X, at)
	}
	return false
}

// joined reports whether a call is errors.Join with an argument that is not nil, or with a list of errors that is not empty.
func (q *question) joined(call *ssa.Call, at ssa.Instruction) bool {
	fn := Callee(&call.Call)
	if fn == nil || fn.Name() != "Join" || fn.Pkg() == nil || fn.Pkg().Path() != "errors" {
		return false
	}
	list := call.Call.Args[0]
	return slices.ContainsFunc(Elements(list), func(err ssa.Value) bool { return q.notNil(err, at) }) || q.collected(list, at)
}

// collected reports whether a list of errors was found not to be empty, all of whose elements are errors that are not nil.
func (q *question) collected(list ssa.Value, at ssa.Instruction) bool {
	if !branches(at.Block(), func(cond ssa.Value, truth bool) bool { return notEmpty(cond, truth, list) }) {
		return false
	}
	return q.onlyErrors(list, map[ssa.Value]bool{})
}

// onlyErrors reports whether nothing but errors that are not nil is appended to a list that is made here.
func (q *question) onlyErrors(list ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[list] {
		return true
	}
	seen[list] = true
	switch v := list.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.MakeSlice:
		n, ok := v.Len.(*ssa.Const)
		return ok && n.Int64() == 0
	case *ssa.Slice:
		array, ok := v.X.(*ssa.Alloc)
		if ok && array.Comment == "slicelit" {
			return len(Elements(v)) == 0
		}
		n, made := v.High.(*ssa.Const) // of make([]error, 0, 4)
		return ok && array.Comment == "makeslice" && made && n.Int64() == 0
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !q.onlyErrors(e, seen) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		if !IsVariable(v.X) {
			return false
		}
		for _, s := range Stores(v.X) {
			if !q.onlyErrors(s.Val, seen) {
				return false
			}
		}
		return true
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" || !q.onlyErrors(v.Call.Args[0], seen) {
			return false
		}
		added := Elements(v.Call.Args[1])
		return len(added) > 0 && !slices.ContainsFunc(added, func(err ssa.Value) bool { return !q.notNil(err, v) })
	}
	return false
}

// notEmpty reports whether cond, being truth, says that list has elements.
func notEmpty(cond ssa.Value, truth bool, list ssa.Value) bool {
	c, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	n, ok := c.X.(*ssa.Call)
	if !ok {
		return false
	}
	if b, ok := n.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" || !sameValue(n.Call.Args[0], list) {
		return false
	}
	k, ok := c.Y.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Int {
		return false
	}
	switch c.Op {
	case token.GTR:
		return truth && k.Int64() >= 0
	case token.GEQ:
		return truth && k.Int64() >= 1
	case token.NEQ:
		return truth && k.Int64() == 0
	case token.EQL:
		return !truth && k.Int64() == 0 || truth && k.Int64() > 0
	case token.LSS:
		return !truth && k.Int64() >= 1
	case token.LEQ:
		return !truth && k.Int64() >= 0
	}
	return false
}

// isSentinel reports whether v is an error variable of a package.
func isSentinel(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Object() != nil && isErrorType(v.Type())
}
