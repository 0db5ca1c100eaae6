package ssapass

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file says what contexts, and what else has an error to ask for, answer a second time.

// ended reports whether a call asks a context for its error after it was done, or something else for one that it has just said it has.
func (q *question) ended(call *ssa.Call) bool {
	subject := subjectOf(call)
	if subject == nil {
		return false
	}
	again := func(v ssa.Value) bool {
		other, ok := v.(*ssa.Call)
		return ok && sameQuestion(call, other)
	}
	if isContextType(subject.Type()) && (done(call, subject) || branches(call.Block(), func(cond ssa.Value, truth bool) bool {
		return q.found(cond, truth, func(v ssa.Value) bool { return again(v) && settled(subject, v.(*ssa.Call)) })
	})) {
		return true
	}
	return q.justAsked(call, again)
}

// subjectOf returns what a call asks for an error that stays what it is: ctx in ctx.Err() and context.Cause(ctx), x in x.Err() and in a method
// that only reads a field; nil for any other call.
func subjectOf(call *ssa.Call) ssa.Value {
	fn := Callee(&call.Call)
	if fn == nil || call.Call.Signature().Results().Len() != 1 {
		return nil
	}
	method := fn.Signature().Recv() != nil
	switch c := call.Common(); {
	case c.IsInvoke():
		if len(c.Args) == 0 && fn.Name() == "Err" {
			return c.Value
		}
	case len(c.Args) != 1:
	case method && (fn.Name() == "Err" || onlyReads(c.StaticCallee())), !method && fn.FullName() == "context.Cause":
		return c.Args[0]
	}
	return nil
}

// onlyReads reports whether a function computes what it returns from its arguments, and does nothing else.
func onlyReads(fn *ssa.Function) bool {
	if fn == nil || len(fn.Blocks) != 1 {
		return false
	}
	for _, instr := range fn.Blocks[0].Instrs {
		switch instr.(type) {
		case *ssa.FieldAddr, *ssa.Field, *ssa.UnOp, *ssa.Return:
		default:
			return false
		}
	}
	return true
}

// sameQuestion reports whether two calls ask the same thing for its error; of a context, its cause is as good.
func sameQuestion(a, b *ssa.Call) bool {
	x, y := subjectOf(a), subjectOf(b)
	return x != nil && y != nil && sameValue(x, y) && (isContextType(x.Type()) || Callee(&a.Call) == Callee(&b.Call))
}

// settled reports whether v, if it is read from a variable, is what it was when earlier ran: all that is assigned to it was by then.
func settled(v ssa.Value, earlier ssa.Instruction) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || !IsVariable(load.X) {
		return true
	}
	return !slices.ContainsFunc(Stores(load.X), func(s *ssa.Store) bool { return !Precedes(s, earlier) })
}

// done reports whether the context was seen to be done on the way to a call: <-ctx.Done(), by itself or in a select.
func done(call *ssa.Call, ctx ssa.Value) bool {
	isDone := func(ch ssa.Value) bool {
		c, ok := ch.(*ssa.Call)
		return ok && c.Call.IsInvoke() && c.Call.Method.Name() == "Done" && sameValue(c.Call.Value, ctx) && settled(ctx, c)
	}
	for b := call.Block(); b != nil; b = b.Idom() {
		for _, instr := range b.Instrs {
			if instr == ssa.Instruction(call) {
				break
			}
			if ch := receivedBy(instr); ch != nil && isDone(ch) {
				return true
			}
		}
	}
	return branches(call.Block(), func(cond ssa.Value, truth bool) bool {
		ch := received(cond, truth)
		return ch != nil && isDone(ch)
	})
}

// receivedBy returns the channel from which an instruction receives in any case.
func receivedBy(instr ssa.Instruction) ssa.Value {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return instr.X
		}
	case *ssa.Select:
		if instr.Blocking && len(instr.States) == 1 && instr.States[0].Dir == types.RecvOnly {
			return instr.States[0].Chan
		}
	}
	return nil
}

// received returns the channel from which a select received, if cond, being truth, says that it did.
func received(cond ssa.Value, truth bool) ssa.Value {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL || !truth {
		return nil
	}
	index, ok := eq.X.(*ssa.Extract)
	if !ok || index.Index != 0 {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	chosen, isConst := eq.Y.(*ssa.Const)
	if !ok || !isConst || chosen.Value == nil {
		return nil
	}
	if i := chosen.Int64(); i >= 0 && i < int64(len(sel.States)) && sel.States[i].Dir == types.RecvOnly {
		return sel.States[i].Chan
	}
	return nil
}

func isContextType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}
