package deferrable

import (
	"go/token"
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
		if s, ok := ref.(*ssa.Store); ok && s.Addr == addr && !keepsValue(s) && runsAfter(call, s, owner) {
			return true
		}
		if _, handed := ref.(*ssa.MakeInterface); handed && runsAfter(call, ref, owner) {
			return true // rows.Scan(&v), json.Unmarshal(b, &v)
		}
		if changes(ref, addr, call, owner) || changesPart(ref, capture, call, owner) {
			return true
		}
	}
	for _, s := range ssapass.Stores(addr) {
		if s.Parent() != call.Parent() && !within(s.Parent(), capture.Parent()) && literalRunsAfter(s.Parent(), call, owner) {
			return true
		}
	}
	return false
}

// keepsValue reports whether a store writes what the variable holds anyway: return o, nil where o is a named result.
func keepsValue(s *ssa.Store) bool {
	load, ok := s.Val.(*ssa.UnOp)
	return ok && load.Op == token.MUL && load.X == s.Addr
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

// changes reports whether ref writes a field or element of the variable after the enqueue.
func changes(ref ssa.Instruction, addr ssa.Value, call ssa.CallInstruction, owner ssa.Value) bool {
	switch ref.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return writes(ref.(ssa.Value), call, owner)
	}
	return false
}

// changesPart reports whether ref loads a pointer, map or slice from a captured variable and writes a part of what it points to after the
// enqueue, which the literal reads: o.Email = … where the literal has o.Email.
func changesPart(ref ssa.Instruction, capture *ssa.FreeVar, call ssa.CallInstruction, owner ssa.Value) bool {
	load, ok := ref.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	for _, use := range *load.Referrers() {
		switch use := use.(type) {
		case *ssa.MapUpdate:
			if use.Map == load && runsAfter(call, use, owner) {
				return true
			}
		case *ssa.FieldAddr:
			if readsField(capture, use.Field) && writes(use, call, owner) {
				return true
			}
		case *ssa.IndexAddr:
			if writes(use, call, owner) {
				return true
			}
		}
	}
	return false
}

// writes reports whether something is stored at an address, or in a part of what is there, after the enqueue.
func writes(addr ssa.Value, call ssa.CallInstruction, owner ssa.Value) bool {
	for _, use := range *addr.Referrers() {
		if s, ok := use.(*ssa.Store); ok && s.Addr == addr && runsAfter(call, s, owner) {
			return true
		}
		if changes(use, addr, call, owner) {
			return true
		}
	}
	return false
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
		case *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

// written returns the burden of an argument that is changed after the enqueue: through the pointer, slice or map that the intent has.
func (c *check) written(arg ssa.Value, call ssa.CallInstruction) []burden {
	for _, v := range append(carried.Origins(arg), arg) {
		switch v.(type) {
		case *ssa.Const, *ssa.Global, *ssa.Function:
			continue
		}
		if v.Parent() == call.Parent() && changedAfter(v, call) {
			return []burden{{"its argument", writtenLater}}
		}
	}
	return nil
}

// changedAfter reports whether what v points to is written after the enqueue, through v or the variable that holds it.
func changedAfter(v ssa.Value, call ssa.CallInstruction) bool {
	refs := v.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v && runsAfter(call, ref, v) {
				return true
			}
		case *ssa.MapUpdate:
			if ref.Map == v && runsAfter(call, ref, v) {
				return true
			}
		case ssa.CallInstruction:
			if refills(ref, v) && runsAfter(call, ref, v) {
				return true
			}
		}
		if changes(ref, v, call, v) {
			return true
		}
	}
	return false
}

// refills reports whether a call changes what a buffer, v, holds.
func refills(call ssa.CallInstruction, v ssa.Value) bool {
	fn := ssapass.Callee(call.Common())
	if fn == nil || fn.Signature().Recv() == nil || call.Common().IsInvoke() || call.Common().Args[0] != v {
		return false
	}
	switch fn.Pkg().Path() {
	case "bytes", "strings":
		return fn.Name() == "Reset" || fn.Name() == "Truncate" || strings.HasPrefix(fn.Name(), "Write") || strings.HasPrefix(fn.Name(), "Read")
	}
	return false
}
