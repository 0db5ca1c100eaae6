package ssapass

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file says what runs before what in a function.

// Rest returns the instructions that follow instr in its block.
func Rest(instr ssa.Instruction) []ssa.Instruction {
	instrs := instr.Block().Instrs
	return instrs[slices.Index(instrs, instr)+1:]
}

// Precedes reports whether first has run whenever second runs.
func Precedes(first, second ssa.Instruction) bool {
	switch {
	case first.Parent() != second.Parent():
		return false
	case first.Block() != second.Block():
		return first.Block().Dominates(second.Block())
	}
	return slices.Contains(Rest(first), second)
}

// LeadsTo reports whether to may run after from, in the same function.
func LeadsTo(from, to ssa.Instruction) bool {
	return from.Block() == to.Block() && slices.Contains(Rest(from), to) || After(from.Block())[to.Block().Index]
}

// After returns, for each block of the function of b, whether it may run after b.
func After(b *ssa.BasicBlock) []bool {
	reached := make([]bool, len(b.Parent().Blocks))
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, succ := range b.Succs {
			if !reached[succ.Index] {
				reached[succ.Index] = true
				work = append(work, succ)
			}
		}
	}
	return reached
}

// IsNil reports whether v is the constant nil.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}
