package scopes

import "golang.org/x/tools/go/ssa"

// liveness finds, for each block of fn and of its literals, the slots whose values may still be used from its start: what is
// known of the others only tells worlds apart that have the same future.
func (f *frame) liveness(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		f.live[b] = f.usedIn(b)
	}
	for again := true; again; {
		again = false
		for i := len(fn.Blocks) - 1; i >= 0; i-- {
			again = f.liveIn(fn.Blocks[i]) || again
		}
	}
	for _, lit := range fn.AnonFuncs {
		f.liveness(lit)
	}
}

// usedIn finds the slots that b uses, or hands to the blocks after it.
func (f *frame) usedIn(b *ssa.BasicBlock) []bool {
	used := make([]bool, len(f.owner))
	use := func(slot int) { used[slot] = true }
	var rands [8]*ssa.Value
	for _, instr := range b.Instrs {
		if _, ok := instr.(*ssa.Phi); ok {
			continue
		}
		for _, v := range instr.Operands(rands[:0]) {
			f.use(*v, use)
		}
	}
	for _, succ := range b.Succs {
		edge := edgeIndex(b, succ)
		for _, instr := range succ.Instrs {
			phi, ok := instr.(*ssa.Phi)
			if !ok {
				break
			}
			f.use(phi.Edges[edge], use)
		}
	}
	return used
}

// liveIn recomputes what is live at the start of b, and reports whether that is more than before. Definitions don't end liveness
// here: a value is dead before its definition in any case, but for a loop that defines it anew.
func (f *frame) liveIn(b *ssa.BasicBlock) bool {
	live := f.live[b]
	grown := false
	for _, succ := range b.Succs {
		for slot, on := range f.live[succ] {
			if on && !live[slot] {
				live[slot], grown = true, true
			}
		}
	}
	return grown
}

// use calls visit for the slots that v is evaluated from.
func (f *frame) use(v ssa.Value, visit func(slot int)) {
	if v == nil {
		return
	}
	if slot, ok := f.slots[v]; ok {
		visit(slot)
		if _, compare := v.(*ssa.BinOp); !compare {
			return
		}
	}
	switch v := v.(type) {
	case *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.Convert, *ssa.Slice, *ssa.TypeAssert, *ssa.Extract, *ssa.Field,
		*ssa.FieldAddr, *ssa.IndexAddr, *ssa.BinOp, *ssa.UnOp:
		var rands [4]*ssa.Value
		for _, op := range v.(ssa.Instruction).Operands(rands[:0]) {
			f.use(*op, visit)
		}
	case *ssa.MakeClosure:
		for _, b := range v.Bindings {
			f.use(b, visit)
		}
	case *ssa.Call:
		for _, arg := range v.Call.Args {
			f.use(arg, visit)
		}
	}
}

// prune forgets the values of b's function that are dead at its start.
func (f *frame) prune(b *ssa.BasicBlock, w world) world {
	var slots []byte
	for _, slot := range f.deadAt(b) {
		if x := w.at(slot); x.scalar() && x != unknown {
			if slots == nil {
				slots = []byte(w.slots)
			}
			slots[slot] = byte(unknown)
		}
	}
	if slots != nil {
		w.slots = string(slots)
	}
	return w
}

// deadAt lists the slots of values that decide nothing from b on.
func (f *frame) deadAt(b *ssa.BasicBlock) []int {
	if f.live == nil {
		f.live = map[*ssa.BasicBlock][]bool{}
		f.liveness(f.root)
	}
	dead, known := f.dead[b]
	if !known {
		live := f.live[b]
		for _, slot := range f.register[b.Parent()] {
			if !live[slot] {
				dead = append(dead, slot)
			}
		}
		f.dead[b] = dead
	}
	return dead
}

func edgeIndex(from, to *ssa.BasicBlock) int {
	for i, p := range to.Preds {
		if p == from {
			return i
		}
	}
	return 0
}
