package contexts

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Of goroutines that send on one channel, each is waited for by a receive of its own.

// findMany finds the channels on which several goroutines send, and those of them from which only one value is received.
func (w *walk) findMany(fn *ssa.Function) {
	w.many, w.first = groups{}, groups{}
	for g := range w.sent {
		looped := w.startsRepeatedly(g)
		if !looped && !w.startedElsewhere(g) {
			continue
		}
		w.many[g] = true
		if at := w.receives(fn, g); looped && len(at) == 1 && !w.loopAround(at[0]) {
			w.first[g] = true
		}
	}
}

// startsRepeatedly reports whether a loop starts goroutines that send on g, which was made outside it.
func (w *walk) startsRepeatedly(g ssa.Value) bool {
	made, _ := g.(ssa.Instruction)
	for _, body := range w.loops {
		if body[w.start.Block()] && (made == nil || !body[made.Block()]) {
			return true
		}
	}
	return false
}

// startedElsewhere reports whether the function starts another goroutine that sends on g.
func (w *walk) startedElsewhere(g ssa.Value) bool {
	for _, s := range w.engine.spawns {
		if s.Call != w.start && s.Call.Parent() == w.start.Parent() && w.engine.sentOn(s)[g] {
			return true
		}
	}
	return false
}

// receives returns the blocks of fn in which it receives from g itself.
func (w *walk) receives(fn *ssa.Function, g ssa.Value) []*ssa.BasicBlock {
	var at []*ssa.BasicBlock
	for _, move := range w.engine.ssa.Body(fn).Moves {
		switch move := move.(type) {
		case *ssa.UnOp: // a receive
			if w.engine.groupOf(move.X) == g {
				at = append(at, move.Block())
			}
		case *ssa.Select:
			for _, st := range move.States {
				if st.Dir == types.RecvOnly && w.engine.groupOf(st.Chan) == g {
					at = append(at, move.Block())
				}
			}
		}
	}
	return at
}

func (w *walk) loopAround(b *ssa.BasicBlock) bool {
	for _, body := range w.loops {
		if body[b] {
			return true
		}
	}
	return false
}

// leavesEarly reports whether a loop that receives from several goroutines, with that head, is left at b before it has counted them.
func (w *walk) leavesEarly(b, head *ssa.BasicBlock) bool {
	if len(w.many) == 0 || counts(b, head) {
		return false
	}
	for end := range w.loops[head] {
		if counts(end, head) && leaves(end, w.loops[head]) {
			return true
		}
	}
	return false
}

// counts reports whether control leaves b by what changes with each round of the loop with that head: a counter, a range.
func counts(b, head *ssa.BasicBlock) bool {
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	switch cond := cond.Cond.(type) {
	case *ssa.BinOp:
		return counter(cond.X, head) || counter(cond.Y, head)
	case *ssa.Extract: // of a range over a map or a channel
		switch tuple := cond.Tuple.(type) {
		case *ssa.Next:
			return true
		case *ssa.UnOp:
			return tuple.Op == token.ARROW
		}
	}
	return false
}

// counter reports whether v is a variable of the loop with that head, or the next value of one.
func counter(v ssa.Value, head *ssa.BasicBlock) bool {
	if next, ok := v.(*ssa.BinOp); ok {
		v = next.X
	}
	phi, ok := v.(*ssa.Phi)
	return ok && phi.Block() == head
}

// leaves reports whether a loop can be left at b.
func leaves(b *ssa.BasicBlock, body map[*ssa.BasicBlock]bool) bool {
	return slices.ContainsFunc(b.Succs, func(succ *ssa.BasicBlock) bool { return !body[succ] })
}
