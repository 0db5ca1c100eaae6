package deferrable

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// writtenAfter reports whether the variable that a literal captures may be written after the enqueue, and the literal reads it.
// A loop that declares the variable anew in each round writes another one.
func writtenAfter(addr ssa.Value, capture *ssa.FreeVar, call ssa.CallInstruction) bool {
	if !reads(capture) {
		return false
	}
	owner := ssapass.Variable(addr)
	for _, ref := range *addr.Referrers() {
		if _, handed := ref.(*ssa.MakeInterface); handed && runsAfter(call, ref, owner) {
			return true // rows.Scan(&v), json.Unmarshal(b, &v)
		}
		if anyAfter(call, mutationsBy(ref, addr), owner) || anyAfter(call, mutationsOfPart(ref, capture), owner) {
			return true
		}
	}
	stored := ssapass.Stores(addr)
	if len(stored) == 1 && sharedAfter(stored[0].Val, call) {
		return true
	}
	for _, s := range stored {
		if s.Parent() != call.Parent() && !within(s.Parent(), capture.Parent()) && literalRunsAfter(s.Parent(), call, owner) {
			return true
		}
	}
	return false
}

// sharedAfter reports whether the elements of v, a slice or map that a captured variable holds, are written after the enqueue.
func sharedAfter(v ssa.Value, call ssa.CallInstruction) bool {
	switch v.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
	default:
		return false
	}
	return slices.ContainsFunc(carried.Origins(v), func(o ssa.Value) bool { return changes(o, call) })
}

func anyAfter(call ssa.CallInstruction, writes []ssa.Instruction, owner ssa.Value) bool {
	return slices.ContainsFunc(writes, func(w ssa.Instruction) bool { return runsAfter(call, w, owner) })
}

// mutationsOfPart returns, where use loads a pointer, map or slice from a captured variable, what changes a part of what that leads to
// which the literal reads: o.Email = … where the literal has o.Email.
func mutationsOfPart(use ssa.Instruction, capture *ssa.FreeVar) []ssa.Instruction {
	load, ok := use.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	var found []ssa.Instruction
	for _, ref := range *load.Referrers() {
		if field, ok := ref.(*ssa.FieldAddr); ok && !readsField(capture, field.Field) {
			continue
		}
		found = append(found, mutationsBy(ref, load)...)
	}
	return found
}

// literalRunsAfter reports whether the literal fn may be called after the enqueue, or is deferred.
func literalRunsAfter(fn *ssa.Function, call ssa.CallInstruction, owner ssa.Value) bool {
	for fn.Parent() != nil && fn.Parent() != call.Parent() {
		fn = fn.Parent()
	}
	made := ssapass.Closure(fn)
	if made == nil {
		return false
	}
	for _, ref := range *made.Referrers() {
		if _, deferred := ref.(*ssa.Defer); deferred && ref.Parent() == call.Parent() || runsAfter(call, ref, owner) {
			return true
		}
	}
	return false
}

// within reports whether fn is a literal somewhere inside outer, or outer itself.
func within(fn, outer *ssa.Function) bool {
	for fn != nil && fn != outer {
		fn = fn.Parent()
	}
	return fn == outer
}

// readsField reports whether a literal reads that field of what the pointer that it captures points to, or hands the pointer on. An object
// whose methods it calls has a state of its own.
func readsField(capture *ssa.FreeVar, field int) bool {
	for _, ref := range *capture.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			switch use := use.(type) {
			case *ssa.FieldAddr:
				if use.Field == field {
					return true
				}
			case ssa.CallInstruction:
				if c := use.Common(); slices.Index(c.Args, ssa.Value(load)) > 0 || c.Signature().Recv() == nil && !c.IsInvoke() {
					return true
				}
			default:
				return true
			}
		}
	}
	return false
}

// reads reports whether a literal, or one inside it, reads the variable that it captures.
func reads(capture *ssa.FreeVar) bool {
	for _, ref := range *capture.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != ssa.Value(capture) {
				return true
			}
		case *ssa.MakeClosure:
			inner := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == ssa.Value(capture) && reads(inner.FreeVars[i]) {
					return true
				}
			}
		case ssa.CallInstruction:
			if !refills(ref, capture) || strings.HasPrefix(ssapass.Callee(ref.Common()).Name(), "Read") {
				return true
			}
		case *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

// written returns the burden of an argument that is changed after the enqueue: through the pointer, slice or map that the intent has.
func (c *check) written(arg ssa.Value, call ssa.CallInstruction) []burden {
	for _, v := range c.shared(arg) {
		if changes(v, call) {
			return []burden{{"its argument", writtenLater}}
		}
	}
	return nil
}

// changes reports whether v is a value of the function that enqueues, and what it leads to is written after that.
func changes(v ssa.Value, call ssa.CallInstruction) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Global, *ssa.Function:
		return false
	}
	return v.Parent() == call.Parent() && changedAfter(v, call)
}

// shared returns what an argument may be, and the pointers, slices and maps in it.
func (c *check) shared(arg ssa.Value) []ssa.Value {
	found := append(carried.Origins(arg), arg)
	for _, part := range c.carried.Parts(arg) {
		if refers(part.Type()) && !isReceiver(part) && !slices.Contains(found, part) {
			found = append(found, part)
		}
	}
	return found
}

func refers(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map:
		return true
	}
	return false
}

// isReceiver reports whether v is the receiver of the method that it stands in: what that changes is its own business.
func isReceiver(v ssa.Value) bool {
	p, ok := v.(*ssa.Parameter)
	return ok && p.Parent().Signature.Recv() != nil && p == p.Parent().Params[0]
}

// changedAfter reports whether what v leads to is written after the enqueue: through v, through what else is read from where v was, or
// by the buffer that v is a part of.
func changedAfter(v ssa.Value, call ssa.CallInstruction) bool {
	if changedFrom(call, v, call, map[*ssa.Phi]bool{}) {
		return true
	}
	if p, ok := placeOf(v, call); ok {
		for _, same := range p.loads() {
			for _, w := range mutations(same) {
				if leadsTo(call, w, p.renewed) {
					return true
				}
			}
		}
	}
	return overwrittenAfter(v, call)
}

// changedFrom reports whether what v leads to is written after a place that the enqueue leads to, where v has that value: through v, or
// the variable that holds it from there on.
func changedFrom(from ssa.Instruction, v ssa.Value, call ssa.CallInstruction, seen map[*ssa.Phi]bool) bool {
	made, _ := v.(ssa.Instruction)
	reached := func(x ssa.Instruction) bool {
		return leadsFrom(from, call, x, func(x ssa.Instruction) bool { return x == made })
	}
	if slices.ContainsFunc(mutations(v), reached) {
		return true
	}
	for _, phi := range phisOf(v) {
		if seen[phi] {
			continue
		}
		for i, edge := range phi.Edges {
			before := phi.Block().Preds[i].Instrs
			if edge != v || !reached(before[len(before)-1]) {
				continue
			}
			if seen[phi] = true; changedFrom(phi, phi, call, seen) {
				return true
			}
			break
		}
	}
	return false
}

func phisOf(v ssa.Value) []*ssa.Phi {
	refs := v.Referrers()
	if refs == nil {
		return nil
	}
	var found []*ssa.Phi
	for _, ref := range *refs {
		if phi, ok := ref.(*ssa.Phi); ok {
			found = append(found, phi)
		}
	}
	return found
}
