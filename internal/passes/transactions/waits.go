package transactions

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/effect"
)

// started returns what a goroutine performs, but for what it does after it has ended the transaction itself.
func (w *walk) started(s *state, g *ssa.Go) effect.Set {
	set := w.performed(s, g, w.know.meaning(g))
	fn := literal(g.Common())
	if set == 0 || !s.open || fn == nil || !w.ends(fn) {
		return set
	}
	var open effect.Set
	for _, e := range w.know.run(fn, w.handle, nil, nil).happenings() {
		if e.open {
			open = open.Join(e.set)
		}
	}
	return set.Meet(open)
}

// waits reports whether a goroutine begins with receiving from a channel of the function around it that is closed, or sent on, only after
// the transaction has been committed: it waits for that.
func (w *walk) waits(g *ssa.Go) bool {
	c, ok := origin(awaited(g)).(*ssa.MakeChan)
	if !ok {
		return false
	}
	released := slices.DeleteFunc(instructions(declared(w.fn)), func(instr ssa.Instruction) bool { return !releases(instr, c) })
	return len(released) > 0 && !slices.ContainsFunc(released, func(instr ssa.Instruction) bool { return !w.committedAt(instr) })
}

// awaited returns the channel from which a goroutine receives before it calls anything, or nil.
func awaited(g *ssa.Go) ssa.Value {
	fn := literal(g.Common())
	if fn == nil || len(fn.Blocks) == 0 {
		return nil
	}
	for _, instr := range fn.Blocks[0].Instrs {
		switch instr := instr.(type) {
		case ssa.CallInstruction:
			if !deferred(instr) {
				return nil
			}
		case *ssa.UnOp:
			if instr.Op != token.ARROW {
				continue
			}
			if i := slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return p == instr.X }); i >= 0 {
				return operand(g.Common(), i)
			}
			return instr.X
		}
	}
	return nil
}

// releases reports whether an instruction closes a channel or sends on it.
func releases(instr ssa.Instruction, c *ssa.MakeChan) bool {
	switch instr := instr.(type) {
	case *ssa.Send:
		return origin(instr.Chan) == c
	case *ssa.Select:
		return slices.ContainsFunc(instr.States, func(s *ssa.SelectState) bool { return s.Send != nil && origin(s.Chan) == c })
	case ssa.CallInstruction:
		common := instr.Common()
		return slices.ContainsFunc(common.Args, func(arg ssa.Value) bool { return origin(arg) == c }) && literal(common) == nil
	}
	return false
}

// committedAt reports whether the transaction has been committed where an instruction stands: it lies around the function that runs in the
// transaction, or behind the commit. What is deferred is done after a rollback as well.
func (w *walk) committedAt(instr ssa.Instruction) bool {
	if call, ok := instr.(ssa.CallInstruction); ok && deferred(call) {
		return false
	}
	fn := instr.Parent()
	if !within(fn, w.fn) {
		return true
	}
	return slices.ContainsFunc(w.know.callsOf(w.fn), func(end ssa.CallInstruction) bool {
		if end.Parent() != fn || deferred(end) || !w.know.endsHandle(end, w.handle) || w.know.meaning(end).rollsBack(w.handle, end) {
			return false
		}
		if end.Block() != instr.Block() {
			return end.Block().Dominates(instr.Block())
		}
		return slices.Index(fn.Blocks[end.Block().Index].Instrs, ssa.Instruction(end)) < slices.Index(instr.Block().Instrs, instr)
	})
}
