package contexts

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// at returns the roots of v as instr sees it: proven scoped by a guard, replaced in a carrier (c.Request = …), or its own.
func (a *engine) at(v ssa.Value, instr ssa.Instruction) Roots {
	if v == nil {
		return nil
	}
	if g := a.guarded(v, instr.Block()); g != nil {
		return Roots{{Kind: Scoped, Node: g}}
	}
	if set := a.settings(v); len(set) > 0 {
		return a.setRoots(v, set, instr)
	}
	if p, ok := v.(*ssa.Parameter); ok && p.Parent().Parent() == nil {
		return a.paramRoots(p) // which is known
	}
	return a.solver.ask(question{value: v})
}

func (a *engine) valueRoots(v ssa.Value) Roots {
	switch v := v.(type) {
	case *ssa.Const:
		return nil
	case *ssa.Parameter:
		return a.paramRoots(v)
	case *ssa.Phi:
		return a.phiRoots(v)
	case *ssa.MakeInterface:
		return a.at(v.X, v)
	case *ssa.ChangeInterface:
		return a.at(v.X, v)
	case *ssa.ChangeType:
		return a.at(v.X, v)
	case *ssa.TypeAssert:
		return a.assertRoots(v)
	case *ssa.Call:
		return a.callRoots(v, 0)
	case *ssa.Extract:
		return a.extractRoots(v)
	case *ssa.UnOp:
		return a.loadRoots(v)
	case *ssa.Alloc:
		return a.embeddedRoots(v)
	}
	return unknown(v)
}

func unknown(n Node) Roots { return Roots{{Kind: Unknown, Node: n}} }

func (a *engine) phiRoots(phi *ssa.Phi) Roots {
	var rs Roots
	for i, e := range phi.Edges {
		pred := phi.Block().Preds[i]
		if g := a.provenOnEdge(e, pred, phi.Block()); g != nil {
			rs = rs.with(Root{Kind: Scoped, Node: g})
			continue
		}
		rs = rs.join(a.at(e, pred.Instrs[len(pred.Instrs)-1]))
	}
	return rs
}

func (a *engine) provenOnEdge(v ssa.Value, pred, b *ssa.BasicBlock) ssa.CallInstruction {
	for _, g := range a.proven(pred, b) {
		if a.base(g.ctx) == a.base(v) {
			return g.call
		}
	}
	return nil
}

func (a *engine) assertRoots(v *ssa.TypeAssert) Roots {
	if a.carries(v.X.Type()) {
		return a.at(v.X, v)
	}
	return unknown(v)
}

func (a *engine) extractRoots(v *ssa.Extract) Roots {
	switch tuple := v.Tuple.(type) {
	case *ssa.Call:
		return a.callRoots(tuple, v.Index)
	case *ssa.TypeAssert:
		return a.assertRoots(tuple)
	}
	return unknown(v)
}

// loadRoots answers for *addr: a variable, the request of a framework's context, a custom context by value.
func (a *engine) loadRoots(v *ssa.UnOp) Roots {
	if v.Op != token.MUL {
		return unknown(v)
	}
	switch addr := v.X.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		if a.custom(v.Type()) {
			return a.at(ssapass.Variable(addr), v)
		}
		return a.solver.ask(question{cell: addr, before: v})
	case *ssa.FieldAddr:
		if a.carries(addr.X.Type()) {
			return a.at(addr.X, v)
		}
	}
	return unknown(v)
}

// custom reports whether t is a struct that embeds a context.
func (a *engine) custom(t types.Type) bool {
	return embedded(t) >= 0
}

func embedded(t types.Type) int {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return -1
	}
	for i := range st.NumFields() {
		if f := st.Field(i); f.Embedded() && isContext(f.Type()) {
			return i
		}
	}
	return -1
}

// embeddedRoots answers for a custom context that is built here: myContext{ctx, user}.
func (a *engine) embeddedRoots(alloc *ssa.Alloc) Roots {
	field := embedded(alloc.Type().Underlying().(*types.Pointer).Elem())
	if field < 0 {
		return unknown(alloc)
	}
	var rs Roots
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			if ref.Field == field {
				for _, s := range ssapass.Stores(ref) {
					rs = rs.join(a.at(s.Val, s))
				}
			}
		case *ssa.Store:
			if ref.Addr == ssa.Value(alloc) {
				rs = rs.join(a.at(ref.Val, ref))
			}
		}
	}
	return rs
}

// cellRoots answers for a variable in memory: the stores that reach the instruction, those of the literals that capture it, and for
// a literal what it held when the literal runs.
func (a *engine) cellRoots(addr ssa.Value, before ssa.Instruction) Roots {
	r := a.reaching(addr, before)
	var rs Roots
	for _, g := range r.guards {
		rs = rs.with(Root{Kind: Scoped, Node: g})
	}
	for _, s := range r.stores {
		rs = rs.join(a.at(s.Val, s))
	}
	for _, member := range ssapass.Captures(addr) {
		if fn := member.Parent(); fn != before.Parent() && within(fn, before.Parent()) {
			for _, s := range ownStores(member) {
				rs = rs.join(a.at(s.Val, s))
			}
		}
	}
	if free, ok := addr.(*ssa.FreeVar); ok && r.entry {
		rs = rs.join(a.capturedRoots(free))
	}
	return rs
}

// capturedRoots answers for a variable at the beginning of a literal that captures it.
func (a *engine) capturedRoots(free *ssa.FreeVar) Roots {
	made := ssapass.Closure(free.Parent())
	if made == nil {
		return unknown(free)
	}
	outer := made.Bindings[slices.Index(free.Parent().FreeVars, free)]
	var rs Roots
	at, later := a.moments(free.Parent())
	for _, instr := range at {
		rs = rs.join(a.solver.ask(question{cell: outer, before: instr}))
	}
	if later {
		rs = rs.join(a.solver.ask(question{cell: outer, before: made}))
		for _, s := range following(outer, made) {
			rs = rs.join(a.at(s.Val, s))
		}
	}
	return rs
}

// within reports whether fn is a literal somewhere inside outer.
func within(fn, outer *ssa.Function) bool {
	for fn != nil && fn != outer {
		fn = fn.Parent()
	}
	return fn == outer
}

func ownStores(addr ssa.Value) []*ssa.Store {
	var out []*ssa.Store
	for _, ref := range *addr.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == addr {
			out = append(out, s)
		}
	}
	return out
}

// paramRoots answers for a parameter: what the uses of a literal hand it; a declared function has callers that we don't see.
func (a *engine) paramRoots(p *ssa.Parameter) Roots {
	fn := p.Parent()
	s := a.sites[fn]
	if fn.Parent() == nil || s == nil || len(s.calls)+len(s.handed) == 0 {
		return Roots{{Kind: Param, Node: p}}
	}
	i := paramIndex(p)
	var rs Roots
	for _, call := range s.calls {
		if arg := argument(call.Common(), fn.Signature, i); arg != nil {
			rs = rs.join(a.at(arg, call).into(call))
		}
	}
	for _, h := range s.handed {
		given, ok := a.given(h, i)
		if !ok {
			given = Roots{{Kind: Param, Node: p}}
		}
		rs = rs.join(given.into(h.call))
	}
	return rs
}

// paramIndex returns p's index in its function's signature.
func paramIndex(p *ssa.Parameter) int {
	fn := p.Parent()
	for i, q := range fn.Params {
		if p == q {
			return i - (len(fn.Params) - fn.Signature.Params().Len())
		}
	}
	return -2
}

// declaredParams yields the parameters of fn with their index in the signature.
func declaredParams(fn *ssa.Function) func(yield func(int, *ssa.Parameter) bool) {
	return func(yield func(int, *ssa.Parameter) bool) {
		for _, p := range fn.Params {
			if !yield(paramIndex(p), p) {
				return
			}
		}
	}
}

func returns(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, b := range fn.Blocks {
		if b == fn.Recover {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			out = append(out, ret)
		}
	}
	return out
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}
