package deferrable

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// runsAfter reports whether write may run after the enqueue without the variable being made anew in between.
func runsAfter(call ssa.CallInstruction, write ssa.Instruction, owner ssa.Value) bool {
	made, _ := owner.(ssa.Instruction)
	return leadsTo(call, write, func(x ssa.Instruction) bool { return x == made })
}

// leadsTo reports whether write may run after the enqueue, on a way on which nothing ends the search.
func leadsTo(call ssa.CallInstruction, write ssa.Instruction, ends func(ssa.Instruction) bool) bool {
	return leadsFrom(call, call, write, ends)
}

// leadsFrom is leadsTo from a place that the enqueue leads to. Where the enqueue was refused, nothing runs after it: no intent is there.
func leadsFrom(from ssa.Instruction, call ssa.CallInstruction, write ssa.Instruction, ends func(ssa.Instruction) bool) bool {
	if write.Parent() != call.Parent() {
		return false
	}
	if _, ok := write.(*ssa.Defer); ok && write.Block().Dominates(call.Block()) {
		return true
	}
	p := path{call: call, write: write, ends: ends, seen: map[step]bool{}}
	return p.reaches(ssapass.Rest(from), step{block: from.Block()})
}

// A path leads from an enqueue to a write.
type path struct {
	call  ssa.CallInstruction
	write ssa.Instruction
	ends  func(ssa.Instruction) bool
	seen  map[step]bool
}

// A step is a block on a path. Once the enqueue runs again, its error says nothing of the intent that it made before.
type step struct {
	block *ssa.BasicBlock
	again bool
}

func (p *path) reaches(instrs []ssa.Instruction, at step) bool {
	for _, x := range instrs {
		switch {
		case x == p.write:
			return true
		case x == p.call:
			at.again = true
		case p.ends(x):
			return false
		}
	}
	for i, succ := range at.block.Succs {
		next := step{succ, at.again}
		if p.seen[next] || !at.again && refused(p.call, at.block, i) {
			continue
		}
		p.seen[next] = true
		if p.reaches(succ.Instrs, next) {
			return true
		}
	}
	return false
}

// refused reports whether the i-th way on from a block is taken only where the call has returned an error.
func refused(call ssa.CallInstruction, b *ssa.BasicBlock, i int) bool {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	cond := branch.Cond
	if second, ok := cond.(*ssa.Extract); ok {
		cond = second.Tuple
	}
	switch cond := cond.(type) {
	case *ssa.BinOp:
		switch {
		case !ssapass.IsNil(cond.X) && !ssapass.IsNil(cond.Y), !isErrorOf(cond.X, call) && !isErrorOf(cond.Y, call):
			return false
		case cond.Op == token.NEQ:
			return i == 0
		case cond.Op == token.EQL:
			return i == 1
		}
	case *ssa.Call:
		fn := ssapass.Callee(cond.Common())
		if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "errors" {
			return false
		}
		return i == 0 && isErrorOf(cond.Call.Args[0], call) // errors.Is, errors.As, errors.AsType
	}
	return false
}

// isErrorOf reports whether v is the error that the call returns, or is read from the variable that this was just put into.
func isErrorOf(v ssa.Value, call ssa.CallInstruction) bool {
	if !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		return v == call
	case *ssa.Extract:
		return v.Tuple == call.Value()
	case *ssa.UnOp:
		s := lastStore(v)
		return s != nil && isErrorOf(s.Val, call)
	}
	return false
}

// lastStore returns the store that a load of a variable reads from, where the code leads from the one straight to the other; nil
// elsewhere.
func lastStore(load *ssa.UnOp) *ssa.Store {
	if load.Op != token.MUL || !ssapass.IsVariable(load.X) {
		return nil
	}
	var last *ssa.Store
	for b := load.Block(); last == nil; b = b.Preds[0] {
		for _, x := range b.Instrs {
			if s, ok := x.(*ssa.Store); ok && s.Addr == load.X {
				last = s
			}
			if x == ssa.Instruction(load) {
				break
			}
		}
		if len(b.Preds) != 1 {
			break
		}
	}
	return last
}
