package scopes

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

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

// isCounter reports whether phi counts the turns of a loop from one constant to another: whether there is a first one is known.
func isCounter(phi *ssa.Phi) bool {
	if !slices.ContainsFunc(phi.Edges, isConst) {
		return false
	}
	for _, ref := range *phi.Referrers() {
		op, ok := ref.(*ssa.BinOp)
		if ok && (bounded(op) || op.Op == token.ADD && isConst(op.Y) && slices.ContainsFunc(*op.Referrers(), bounded)) {
			return true
		}
	}
	return false
}

func isConst(v ssa.Value) bool {
	_, ok := v.(*ssa.Const)
	return ok
}

func bounded(instr ssa.Instruction) bool {
	op, ok := instr.(*ssa.BinOp)
	return ok && ordered(op.Op) && isConst(op.Y)
}

func ordered(op token.Token) bool {
	return op == token.LSS || op == token.LEQ || op == token.GTR || op == token.GEQ
}

// evalOrder compares a counter with its bound. It is known until the counter is increased.
func (k *walker) evalOrder(w world, v *ssa.BinOp) val {
	x, y := v.X, v.Y
	step := int64(0)
	if add, ok := x.(*ssa.BinOp); ok && add.Op == token.ADD { // of a range over an integer
		if c, ok := add.Y.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
			x, step = add.X, c.Int64()
		}
	}
	bound, ok := y.(*ssa.Const)
	from := k.eval(w, x)
	if !ok || !from.isInt() || bound.Value == nil || bound.Value.Kind() != constant.Int {
		return unknown
	}
	return boolVal(constant.Compare(constant.MakeInt64(from.int()+step), v.Op, bound.Value))
}

// enters reports whether the edge from b to succ leads into a cycle from outside of it.
func (l *loops) enters(b, succ *ssa.BasicBlock) bool {
	c := l.cycle[succ.Index]
	return c != 0 && l.cycle[b.Index] != c
}

// leaves reports whether the edge from b to succ leaves the cycle that b is in.
func (l *loops) leaves(b, succ *ssa.BasicBlock) bool {
	c := l.cycle[b.Index]
	return c != 0 && l.cycle[succ.Index] != c
}
