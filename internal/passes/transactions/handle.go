package transactions

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A handle is one transaction within a declared function and its literals: every value and variable that may be it, hold it or
// carry it (a struct around it, a context that it was put into).
type handle struct {
	values map[ssa.Value]bool
	spots  map[spot]bool
}

// trace returns the handle that the seeds are.
func (k *knower) trace(fn *ssa.Function, seeds ...ssa.Value) *handle {
	h := &handle{values: map[ssa.Value]bool{}, spots: map[spot]bool{}}
	for _, s := range seeds {
		h.seed(s)
	}
	fns := family(declared(fn))
	for grown := true; grown; {
		grown = false
		for _, f := range fns {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					grown = k.carry(h, instr) || grown
				}
			}
		}
	}
	return h
}

// seed adds a value, and the variable that it was read from.
func (h *handle) seed(v ssa.Value) {
	if v == nil {
		return
	}
	h.values[v] = true
	if load, ok := v.(*ssa.UnOp); ok {
		h.store(load.X)
	}
	if o := origin(v); o != v {
		h.seed(o)
	}
}

// is reports whether v may be the transaction, or hold it.
func (h *handle) is(v ssa.Value) bool {
	if v == nil {
		return false
	}
	return h.values[v] || h.values[origin(v)]
}

func (h *handle) add(v ssa.Value) bool {
	if h.values[v] {
		return false
	}
	h.values[v] = true
	return true
}

func (h *handle) addSpot(s spot) bool {
	if h.spots[s] {
		return false
	}
	h.spots[s] = true
	return true
}

// carry adds what an instruction makes of the handle, and reports whether there was something new.
func (k *knower) carry(h *handle, instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Store:
		if !h.is(instr.Val) && !k.endingOf(h, instr.Val) {
			return false
		}
		return h.store(instr.Addr)
	case *ssa.UnOp:
		return k.load(h, instr)
	case *ssa.Field:
		return h.is(instr.X) && k.inHolder(instr.Type(), fieldName(instr.X.Type(), instr.Field)) && h.add(instr)
	case *ssa.Phi:
		for _, e := range instr.Edges {
			if h.is(e) {
				return h.add(instr)
			}
		}
	case *ssa.MakeInterface:
		return h.is(instr.X) && h.add(instr)
	case *ssa.ChangeInterface:
		return h.is(instr.X) && h.add(instr)
	case *ssa.ChangeType:
		return h.is(instr.X) && h.add(instr)
	case *ssa.TypeAssert:
		return h.is(instr.X) && h.add(instr)
	case *ssa.Extract:
		return k.extract(h, instr)
	case *ssa.Call:
		return !isTuple(instr.Type()) && k.derives(h, instr, instr.Type()) && h.add(instr)
	}
	return false
}

// store notes that the handle was put at an address: the variable or field is it, and a local struct holds it.
func (h *handle) store(addr ssa.Value) bool {
	s := spotOf(addr)
	grown := h.addSpot(s)
	if (s.path != "" || isStruct(s.root.Type())) && holder(s.root) {
		grown = h.add(s.root) || grown
	}
	return grown
}

// holder reports whether a value may hold a transaction on behalf of this function or its caller. Package variables don't.
func holder(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Alloc, *ssa.Parameter, *ssa.Call, *ssa.Extract, *ssa.UnOp, *ssa.Phi:
		return true
	}
	return false
}

// load adds a value read from a spot that is the handle, or a transaction read from a field of its holder.
func (k *knower) load(h *handle, load *ssa.UnOp) bool {
	s := spotOf(load.X)
	if h.spots[s] {
		return h.add(load)
	}
	if !h.values[s.root] {
		return false
	}
	if s.path == "" {
		return isStruct(s.root.Type()) && isStruct(load.Type()) && h.add(load)
	}
	return k.inHolder(load.Type(), s.path[strings.LastIndex(s.path, ".")+1:]) && h.add(load)
}

// inHolder reports whether a field of what holds a transaction is that transaction, or a function that ends it, by its name.
func (k *knower) inHolder(t types.Type, field string) bool {
	if _, ok := t.Underlying().(*types.Signature); ok {
		return commitName(field) || rollbackName(field)
	}
	return k.txLike(t)
}

// endingOf reports whether a value is a method of the handle that ends it: tx.Commit.
func (k *knower) endingOf(h *handle, v ssa.Value) bool {
	closure, ok := v.(*ssa.MakeClosure)
	if !ok || len(closure.Bindings) != 1 || !h.is(closure.Bindings[0]) {
		return false
	}
	fn := closure.Fn.(*ssa.Function)
	return fn.Parent() == nil && k.ending(object(fn))
}

// isStruct reports whether a type is a struct, or a pointer to one.
func isStruct(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func (k *knower) extract(h *handle, x *ssa.Extract) bool {
	switch t := x.Tuple.(type) {
	case *ssa.TypeAssert:
		return x.Index == 0 && h.is(t.X) && h.add(x)
	case *ssa.Call:
		return k.derives(h, t, x.Type()) && h.add(x)
	}
	return false
}

// derives reports whether a result of type t carries the handle that the call was given: a context derived from one, a wrapper
// that can commit, the next link of a chain (tx.Where(…)).
func (k *knower) derives(h *handle, call *ssa.Call, t types.Type) bool {
	if isError(t) || slices.ContainsFunc(k.meaning(call).opens, func(o Open) bool { return o.Result }) {
		return false // what a call begins is another transaction
	}
	c := call.Common()
	for i := range operands(c) {
		v := operand(c, i)
		if h.is(v) && (isContext(t) || k.txLike(t) || asked(c) || i == 0 && types.Identical(t, v.Type()) || constructor(c)) {
			return true
		}
	}
	return false
}

// asked reports whether a call asks a context for a value: that may be the transaction it carries.
func asked(c *ssa.CallCommon) bool {
	return c.IsInvoke() && isContext(c.Value.Type()) && c.Method.Name() == "Value"
}

// constructor reports whether a function makes a value around what it is given, as its name says.
func constructor(c *ssa.CallCommon) bool {
	fn := callee(c)
	return fn != nil && strings.HasPrefix(strings.ToLower(fn.Name()), "new")
}

func isTuple(t types.Type) bool {
	_, ok := t.(*types.Tuple)
	return ok
}

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context" && named.Obj().Name() == "Context"
}

// txLike reports whether values of the type can be committed and rolled back.
func (k *knower) txLike(t types.Type) bool {
	if answer, ok := k.like[t]; ok {
		return answer
	}
	answer := k.catalog.IsTx(t) || canEnd(t)
	k.like[t] = answer
	return answer
}

func canEnd(t types.Type) bool { return canCommit(t) && hasMethod(t, rollbackName) }

func canCommit(t types.Type) bool { return hasMethod(t, commitName) }

func hasMethod(t types.Type, named func(string) bool) bool {
	for sel := range types.NewMethodSet(t).Methods() {
		if named(sel.Obj().Name()) {
			return true
		}
	}
	return false
}
