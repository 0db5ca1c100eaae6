package contexts

import "golang.org/x/tools/go/ssa"

// A cell is a variable that lives in memory, because a literal captures it: an Alloc in the function that declares it, a
// FreeVar in the literals.

func isCell(addr ssa.Value) bool {
	switch addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return true
	}
	return false
}

// owner returns the variable itself, for a capture of it.
func owner(addr ssa.Value) ssa.Value {
	for {
		free, ok := addr.(*ssa.FreeVar)
		if !ok {
			return addr
		}
		made := closureOf(free.Parent())
		if made == nil {
			return addr
		}
		addr = made.Bindings[freeIndex(free)]
	}
}

func freeIndex(free *ssa.FreeVar) int {
	for i, f := range free.Parent().FreeVars {
		if f == free {
			return i
		}
	}
	return -1
}

// closureOf returns the instruction that makes the closure of the literal fn; there is at most one.
func closureOf(fn *ssa.Function) *ssa.MakeClosure {
	if refs := fn.Referrers(); refs != nil {
		for _, ref := range *refs {
			if made, ok := ref.(*ssa.MakeClosure); ok {
				return made
			}
		}
	}
	return nil
}

// family returns the variable and every capture of it.
func family(addr ssa.Value) []ssa.Value {
	all := []ssa.Value{owner(addr)}
	for i := 0; i < len(all); i++ {
		refs := all[i].Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			made, ok := ref.(*ssa.MakeClosure)
			if !ok {
				continue
			}
			for j, b := range made.Bindings {
				if b == all[i] {
					all = append(all, made.Fn.(*ssa.Function).FreeVars[j])
				}
			}
		}
	}
	return all
}

// stores returns every store to the variable, in whatever function.
func stores(addr ssa.Value) []*ssa.Store {
	var out []*ssa.Store
	for _, a := range family(addr) {
		if a.Referrers() == nil {
			continue
		}
		for _, ref := range *a.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == a {
				out = append(out, s)
			}
		}
	}
	return out
}

// A reach is what a variable may hold at one point of a function.
type reach struct {
	stores  []*ssa.Store          // the stores of the same function that reach the point
	guards  []ssa.CallInstruction // the calls of FromContext that prove it scoped on the way to the point
	entry   bool                  // what it held when the function was called reaches the point
	visited map[*ssa.BasicBlock]bool
}

// reaching walks backwards from instr to the stores to addr that reach it.
func (a *engine) reaching(addr ssa.Value, instr ssa.Instruction) *reach {
	r := &reach{visited: map[*ssa.BasicBlock]bool{}}
	b := instr.Block()
	a.backward(r, addr, b, indexOf(instr))
	return r
}

func (a *engine) backward(r *reach, addr ssa.Value, b *ssa.BasicBlock, end int) {
	for i := end - 1; i >= 0; i-- {
		if s, ok := b.Instrs[i].(*ssa.Store); ok && s.Addr == addr {
			r.stores = append(r.stores, s)
			return
		}
	}
	if len(b.Preds) == 0 {
		r.entry = true
	}
	for _, pred := range b.Preds {
		if g := a.guardOnEdge(addr, pred, b); g != nil {
			r.guards = append(r.guards, g)
			continue
		}
		if !r.visited[pred] {
			r.visited[pred] = true
			a.backward(r, addr, pred, len(pred.Instrs))
		}
	}
}

// guardOnEdge returns the guard that proves the variable scoped when control goes from pred to b, where nothing is stored in between.
func (a *engine) guardOnEdge(addr ssa.Value, pred, b *ssa.BasicBlock) ssa.CallInstruction {
	for _, g := range a.proven(pred, b) {
		load, ok := g.ctx.(*ssa.UnOp)
		if ok && load.X == addr && load.Block() == pred && !storesTo(addr, pred.Instrs[indexOf(load):]) {
			return g.call
		}
	}
	return nil
}

func storesTo(addr ssa.Value, instrs []ssa.Instruction) bool {
	for _, instr := range instrs {
		if s, ok := instr.(*ssa.Store); ok && s.Addr == addr {
			return true
		}
	}
	return false
}

func indexOf(instr ssa.Instruction) int {
	for i, x := range instr.Block().Instrs {
		if x == instr {
			return i
		}
	}
	return -1
}

// moments returns the instructions of the enclosing function during which the literal fn runs: its calls, the calls that it is handed
// to, the returns that run it deferred. later reports whether it may also run after them.
func (a *engine) moments(fn *ssa.Function) (at []ssa.Instruction, later bool) {
	s := a.sites[fn]
	if s == nil {
		return nil, true
	}
	parent := fn.Parent()
	for _, call := range s.calls {
		switch call.(type) {
		case *ssa.Defer:
			at = append(at, exits(call.Parent())...)
		case *ssa.Go:
			later = true
			at = append(at, call)
		default:
			at = append(at, call)
		}
	}
	for _, h := range s.handed {
		at = append(at, h.call)
	}
	kept := at[:0]
	for _, instr := range at {
		if instr.Parent() == parent {
			kept = append(kept, instr)
		} else {
			later = true
		}
	}
	return kept, later || s.escapes || len(kept) == 0
}

// exits returns where fn's deferred calls run.
func exits(fn *ssa.Function) []ssa.Instruction {
	var out []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.RunDefers); ok {
				out = append(out, instr)
			}
		}
	}
	return out
}

// following returns the stores to addr that may run after instr, in the same function.
func following(addr ssa.Value, instr ssa.Instruction) []*ssa.Store {
	var out []*ssa.Store
	for _, ref := range *addr.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == addr && reaches(instr, s) {
			out = append(out, s)
		}
	}
	return out
}

// reaches reports whether to may run after from, in the same function.
func reaches(from, to ssa.Instruction) bool {
	if from.Block() == to.Block() && indexOf(from) < indexOf(to) {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), from.Block().Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to.Block() {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}
