package contexts

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

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
		if s, ok := ref.(*ssa.Store); ok && s.Addr == addr && ssapass.LeadsTo(instr, s) {
			out = append(out, s)
		}
	}
	return out
}
