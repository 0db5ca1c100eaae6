package transactions

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A liveness answers, for the values that branches and returned errors depend on, where a path may still ask for them.
type liveness struct {
	tracked map[ssa.Value]bool
	blocks  map[ssa.Value][]bool
}

// newLiveness finds the values of fn and its literals on which a branch or an error depends.
func newLiveness(fn *ssa.Function) *liveness {
	l := &liveness{tracked: map[ssa.Value]bool{}, blocks: map[ssa.Value][]bool{}}
	for _, f := range family(declared(fn)) {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				l.decides(instr)
			}
		}
	}
	return l
}

func (l *liveness) decides(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.If:
		l.track(instr.Cond)
	case *ssa.Return:
		for _, r := range instr.Results {
			l.track(r)
		}
	case *ssa.Store:
		l.track(instr.Val)
	case *ssa.Call:
		for _, a := range instr.Call.Args {
			l.track(a)
		}
	}
}

// track adds v, and what it is computed from.
func (l *liveness) track(v ssa.Value) {
	if v == nil || l.tracked[v] {
		return
	}
	switch v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Global, *ssa.Builtin:
		return
	}
	l.tracked[v] = true
	switch x := v.(type) {
	case *ssa.Phi:
		for _, e := range x.Edges {
			l.track(e)
		}
	case *ssa.BinOp:
		l.track(x.X)
		l.track(x.Y)
	case *ssa.UnOp:
		if x.Op == token.NOT {
			l.track(x.X)
		}
	case *ssa.ChangeInterface:
		l.track(x.X)
	case *ssa.ChangeType:
		l.track(x.X)
	case *ssa.MakeInterface:
		l.track(x.X)
	}
}

func (l *liveness) tracks(v ssa.Value) bool { return l.tracked[v] }

// at reports whether some path from the start of block b uses v before it is computed again.
func (l *liveness) at(v ssa.Value, b *ssa.BasicBlock) bool {
	in, ok := l.blocks[v]
	if !ok {
		in = liveIn(v, b.Parent())
		l.blocks[v] = in
	}
	return b.Index < len(in) && in[b.Index]
}

// liveIn returns, for each block, whether v is live at its start.
func liveIn(v ssa.Value, fn *ssa.Function) []bool {
	in := make([]bool, len(fn.Blocks))
	var def *ssa.BasicBlock
	if instr, ok := v.(ssa.Instruction); ok {
		def = instr.Block()
	}
	var up func(b *ssa.BasicBlock)
	up = func(b *ssa.BasicBlock) {
		if b == def || in[b.Index] {
			return
		}
		in[b.Index] = true
		for _, p := range b.Preds {
			up(p)
		}
	}
	if v.Referrers() == nil {
		return in
	}
	for _, ref := range *v.Referrers() {
		if ref.Block() == nil || ref.Parent() != fn {
			continue
		}
		phi, ok := ref.(*ssa.Phi)
		if !ok {
			up(ref.Block())
			continue
		}
		for i, e := range phi.Edges {
			if e == v {
				up(phi.Block().Preds[i])
			}
		}
	}
	// A phi is defined on entry to its block: at its start, it is live if it is used there or below.
	if _, ok := v.(*ssa.Phi); ok && def != nil && usedFrom(v, def, in) {
		in[def.Index] = true
	}
	return in
}

func usedFrom(v ssa.Value, def *ssa.BasicBlock, in []bool) bool {
	for _, ref := range *v.Referrers() {
		if ref.Block() == def {
			return true
		}
	}
	for _, s := range def.Succs {
		if in[s.Index] {
			return true
		}
	}
	return false
}
