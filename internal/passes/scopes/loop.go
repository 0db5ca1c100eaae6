package scopes

import "golang.org/x/tools/go/ssa"

// loops tells which blocks of a function can run more than once, and together.
type loops struct {
	cycle    []int               // of each block: the number of its cycle, 0 for none
	elements map[int][]ssa.Value // of each cycle: the collections whose elements are looked at in it
}

// findLoops finds the strongly connected components of fn's blocks.
func findLoops(fn *ssa.Function) *loops {
	l := &loops{cycle: make([]int, len(fn.Blocks)), elements: map[int][]ssa.Value{}}
	t := &tarjan{index: make([]int, len(fn.Blocks)), low: make([]int, len(fn.Blocks)), on: make([]bool, len(fn.Blocks)), out: l.cycle}
	for _, b := range fn.Blocks {
		if t.index[b.Index] == 0 {
			t.visit(b)
		}
	}
	for _, b := range fn.Blocks {
		if c := l.cycle[b.Index]; c != 0 {
			l.elements[c] = append(l.elements[c], looksInto(b)...)
		}
	}
	return l
}

func looksInto(b *ssa.BasicBlock) []ssa.Value {
	var found []ssa.Value
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.IndexAddr:
			if isRead(instr) {
				found = append(found, instr.X)
			}
		case *ssa.Index:
			found = append(found, instr.X)
		case *ssa.Lookup:
			found = append(found, instr.X)
		case *ssa.Next:
			if r, ok := instr.Iter.(*ssa.Range); ok {
				found = append(found, r.X)
			}
		}
	}
	return found
}

func isRead(addr *ssa.IndexAddr) bool {
	for _, ref := range *addr.Referrers() {
		if store, ok := ref.(*ssa.Store); !ok || store.Addr != addr {
			return true
		}
	}
	return false
}

type tarjan struct {
	index, low []int
	on         []bool
	stack      []*ssa.BasicBlock
	clock      int
	cycles     int
	out        []int
}

func (t *tarjan) visit(b *ssa.BasicBlock) {
	t.clock++
	t.index[b.Index], t.low[b.Index] = t.clock, t.clock
	t.stack = append(t.stack, b)
	t.on[b.Index] = true
	self := false
	for _, s := range b.Succs {
		switch {
		case s == b:
			self = true
		case t.index[s.Index] == 0:
			t.visit(s)
			t.low[b.Index] = min(t.low[b.Index], t.low[s.Index])
		case t.on[s.Index]:
			t.low[b.Index] = min(t.low[b.Index], t.index[s.Index])
		}
	}
	if t.low[b.Index] == t.index[b.Index] {
		t.pop(b, self)
	}
}

func (t *tarjan) pop(b *ssa.BasicBlock, self bool) {
	var members []*ssa.BasicBlock
	for {
		last := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.on[last.Index] = false
		members = append(members, last)
		if last == b {
			break
		}
	}
	if len(members) == 1 && !self {
		return
	}
	t.cycles++
	for _, m := range members {
		t.out[m.Index] = t.cycles
	}
}

// leaves reports whether the edge from b to succ leaves the cycle that b is in.
func (l *loops) leaves(b, succ *ssa.BasicBlock) bool {
	c := l.cycle[b.Index]
	return c != 0 && l.cycle[succ.Index] != c
}
