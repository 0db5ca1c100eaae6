package contexts

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A channel can be a semaphore: who is at work has a value in it, which it receives when it is done. Who fills it has waited for all.

// slotsOf returns the channels from which the functions that s runs receive at their end.
func (a *engine) slotsOf(s *Spawn) groups {
	slots := groups{}
	for _, body := range s.bodies {
		for _, ch := range lastReceives(body) {
			slot := a.groupOf(ch)
			if p, ok := slot.(*ssa.Parameter); ok && p.Parent() == body {
				arg := argument(s.Call.Common(), body.Signature, paramIndex(p))
				if arg == nil {
					continue
				}
				slot = a.groupOf(arg)
			}
			if _, made := slot.(*ssa.MakeChan); made {
				slots[slot] = true
			}
		}
	}
	return slots
}

// lastReceives returns the channels from which fn receives after its last call, or deferred.
func lastReceives(fn *ssa.Function) []ssa.Value {
	var out []ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW && !callsAfter(instr) {
					out = append(out, instr.X)
				}
			case *ssa.Defer:
				if lit := literalOf(instr.Call.Value); lit != nil {
					out = append(out, lastReceives(lit)...)
				}
			}
		}
	}
	return out
}

// callsAfter reports whether a call may run after instr in the same function.
func callsAfter(instr ssa.Instruction) bool {
	for _, b := range instr.Parent().Blocks {
		for _, x := range b.Instrs {
			if _, ok := x.(*ssa.Call); ok && ssapass.LeadsTo(instr, x) {
				return true
			}
		}
	}
	return false
}

// fills reports whether the instruction takes a slot of the semaphore.
func (w *walk) fills(instr ssa.Instruction) bool {
	send, ok := instr.(*ssa.Send)
	return ok && len(w.slots) > 0 && w.slots[w.engine.groupOf(send.Chan)]
}

// single reports whether one value fills the channel.
func single(ch ssa.Value, a *engine) bool {
	made, ok := a.groupOf(ch).(*ssa.MakeChan)
	if !ok {
		return false
	}
	size, ok := made.Size.(*ssa.Const)
	return ok && size.Value != nil && size.Int64() <= 1
}

// one reports whether v is the constant 1.
func one(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() == 1
}
