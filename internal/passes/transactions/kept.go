package transactions

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// keeps finds the function parameters that the function keeps for later on some paths, and calls only on others: inside a transaction they
// wait for the commit, outside there is none to wait for.
func (k *knower) keeps(fn *ssa.Function, s *Summary) bool {
	changed := false
	for i, p := range fn.Params {
		if _, ok := p.Type().Underlying().(*types.Signature); !ok || slices.Contains(s.Keeps, i) {
			continue
		}
		if u := k.usesOf(fn, p); apart(u.kept, u.called) || u.either && len(u.called) == 0 {
			s.Keeps = append(s.Keeps, i)
			changed = true
		}
	}
	return changed
}

// A uses is what a function does with a function that it is given, or with a literal that calls it.
type uses struct {
	kept   []*ssa.BasicBlock // in which it is put where others find it
	called []*ssa.BasicBlock // in which it is called
	either bool              // it is handed to a function that does the one or the other
}

func (k *knower) usesOf(fn *ssa.Function, p *ssa.Parameter) uses {
	var u uses
	is := func(v ssa.Value) bool { return v != nil && (origin(v) == p || captures(v, p)) }
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if is(instr.Val) && !local(instr.Addr) {
					u.kept = append(u.kept, b)
				}
			case *ssa.MapUpdate:
				if is(instr.Value) {
					u.kept = append(u.kept, b)
				}
			case ssa.CallInstruction:
				k.usedBy(instr, is, &u)
			}
		}
	}
	return u
}

// usedBy adds what a call does with it.
func (k *knower) usedBy(call ssa.CallInstruction, is func(ssa.Value) bool, u *uses) {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && len(c.Args) == 2 && slices.ContainsFunc(ssapass.Elements(c.Args[1]), is) {
			u.kept = append(u.kept, call.Block())
		}
		return
	}
	if !c.IsInvoke() && is(c.Value) {
		u.called = append(u.called, call.Block())
	}
	for i := range operands(c) {
		if !is(operand(c, i)) {
			continue
		}
		switch m := k.meaning(call); {
		case slices.Contains(m.keeps, i):
			u.either = true
		case m.after, k.stores(call, i):
			u.kept = append(u.kept, call.Block())
		case k.invokes(call, i):
			u.called = append(u.called, call.Block())
		}
	}
}

// stores reports whether a call only puts its i-th argument where others find it.
func (k *knower) stores(call ssa.CallInstruction, i int) bool {
	fn := callee(call.Common())
	if fn == nil || k.invokes(call, i) {
		return false
	}
	s := k.effects.Of(fn)
	return s != nil && slices.ContainsFunc(s.Stores, func(st effects.Stored) bool { return st.Param == i && st.Path == "" })
}

// captures reports whether v is a literal in whose body p is called.
func captures(v ssa.Value, p *ssa.Parameter) bool {
	lit := functionOf(origin(v))
	if lit == nil || lit.Parent() == nil {
		return false
	}
	for _, call := range callsWithin(lit) {
		if c := call.Common(); !c.IsInvoke() && origin(c.Value) == p {
			return true
		}
	}
	return false
}

// local reports whether an address is in a variable of the function itself.
func local(addr ssa.Value) bool {
	_, ok := spotOf(addr).root.(*ssa.Alloc)
	return ok
}

// apart reports whether some block of the first list is on no path with one of the second, neither being empty.
func apart(kept, called []*ssa.BasicBlock) bool {
	return len(called) > 0 && slices.ContainsFunc(kept, func(b *ssa.BasicBlock) bool {
		return !slices.ContainsFunc(called, func(c *ssa.BasicBlock) bool { return follows(b, c) || follows(c, b) })
	})
}

// follows reports whether some path leads from a block to another, or they are the same.
func follows(from, to *ssa.BasicBlock) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	var visit func(b *ssa.BasicBlock) bool
	visit = func(b *ssa.BasicBlock) bool {
		if b == to {
			return true
		}
		if seen[b.Index] {
			return false
		}
		seen[b.Index] = true
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(from)
}

// keptBy returns what a call would do only through functions that it keeps for later.
func (k *knower) keptBy(call ssa.CallInstruction, m meaning) effect.Set {
	if len(m.keeps) == 0 {
		return 0
	}
	rest := k.byItself(call)
	c := call.Common()
	for i := range operands(c) {
		if !slices.Contains(m.keeps, i) {
			rest = rest.Join(k.doneByValue(operand(c, i)))
		}
	}
	return k.performs(call).Minus(rest)
}

// doneByValue returns what the function that a value is performs, where it stands there by itself.
func (k *knower) doneByValue(v ssa.Value) effect.Set {
	fn := functionOf(origin(v))
	switch {
	case fn == nil:
		return 0
	case object(fn) != nil:
		return setOf(k.effects.Performs(object(fn)))
	}
	return setOf(k.effects.Does(fn))
}

// byItself returns what a call does whatever functions it is given.
func (k *knower) byItself(call ssa.CallInstruction) effect.Set {
	fn := callee(call.Common())
	if fn == nil {
		return 0
	}
	return setOf(k.effects.Performs(fn)) | dispatches | opensEnds
}
