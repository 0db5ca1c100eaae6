package scopes

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A val is what is known of a value, or of what a variable holds, in one world.
type val uint8

const (
	unknown       val = iota
	isNil             // nil
	nonNil            // anything but nil
	isTrue            // true
	isFalse           // false
	pending           // of a deferred call: it will run
	public            // a struct that others have already: what is put into it is theirs
	resource          // the scope, or a function that closes it
	inContext         // a context that carries the scope, or something that such a context can be had from
	around            // the outer scope, or a function that closes it
	aroundContext     // a context that carries the outer scope
	holderAny         // a struct, slice, map or pointer that the scope can be had from
	holder0           // a struct that has it in its first field; the next ones follow

	intBase     = 48 // small integers, biased
	intBias     = 8
	closureBase = 112 // the function literals and method values of the function
	fields      = intBase - int(holder0)
	ints        = closureBase - intBase
	closures    = 256 - closureBase
)

func holder(field int) val {
	if field < 0 || field >= fields {
		return holderAny
	}
	return holder0 + val(field)
}

func (v val) isHolder() bool  { return v >= holderAny && v < intBase }
func (v val) isInt() bool     { return v >= intBase && v < closureBase }
func (v val) isClosure() bool { return v >= closureBase }

// carries reports whether losing the value may lose the scope.
func (v val) carries() bool { return v == resource || v.isHolder() }

// scalar reports whether the value only matters for which way a branch goes.
func (v val) scalar() bool { return v >= isNil && v <= isFalse || v.isInt() }

// notNil reports whether the value is known not to be nil.
func (v val) notNil() bool { return v == nonNil || v >= resource && !v.isInt() }

// tracked reports whether the value is about the scope.
func (v val) tracked() bool { return v == inContext || v.carries() }

func constVal(c *ssa.Const) val {
	if c.Value == nil {
		if nilable(c.Type()) {
			return isNil
		}
		return unknown
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return boolVal(constant.BoolVal(c.Value))
	case constant.Int:
		if n, ok := constant.Int64Val(c.Value); ok {
			return intVal(n)
		}
	}
	return unknown
}

func intVal(n int64) val {
	if n < -intBias || n >= int64(ints)-intBias {
		return unknown
	}
	return val(intBase + intBias + n)
}

// int is the inverse of intVal.
func (v val) int() int64 { return int64(v) - intBase - intBias }

func boolVal(b bool) val {
	if b {
		return isTrue
	}
	return isFalse
}

// zeroVal is what a variable of type t holds before anything is assigned to it.
func zeroVal(t types.Type) val {
	if nilable(t) {
		return isNil
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		switch {
		case b.Info()&types.IsBoolean != 0:
			return isFalse
		case b.Info()&types.IsInteger != 0:
			return intBase + intBias
		}
	}
	return unknown
}

func nilable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Signature, *types.Interface, *types.Slice, *types.Map, *types.Chan:
		_, param := types.Unalias(t).(*types.TypeParam)
		return !param
	}
	return false
}

// opposite is what a two-valued thing is if it is not v.
func opposite(v val) val {
	switch v {
	case isNil:
		return nonNil
	case nonNil:
		return isNil
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	}
	return unknown
}

// same reports whether x == y, if that is known.
func same(x, y val) (equal, known bool) {
	switch {
	case x == unknown || y == unknown:
		return false, false
	case x == isNil && y == isNil:
		return true, true
	case x == isNil && y.notNil() || y == isNil && x.notNil():
		return false, true
	case x.scalar() && y.scalar() && x != nonNil && y != nonNil:
		return x == y, true
	}
	return false, false
}

// eval is what is known of v in world w: what its slot says, else what follows from what it is made of.
func (k *walker) eval(w world, v ssa.Value) val {
	if x := k.noted(w, v); x != unknown {
		return x
	}
	if from := converted(v); from != nil {
		return k.eval(w, from)
	}
	switch v := v.(type) {
	case *ssa.Const:
		return constVal(v)
	case *ssa.MakeClosure, *ssa.Function:
		return k.f.closure(v)
	case *ssa.Alloc:
		return nonNil
	case *ssa.FreeVar:
		return k.evalCaptured(w, v)
	case *ssa.MakeInterface:
		return boxed(k.eval(w, v.X))
	case *ssa.TypeAssert, *ssa.Extract:
		return k.evalAsserted(w, v)
	case *ssa.Field:
		return k.project(k.eval(w, v.X), v.Field, v.Type())
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return k.evalAddr(w, v)
	case *ssa.BinOp:
		return k.evalBinOp(w, v)
	case *ssa.UnOp:
		return k.evalUnOp(w, v)
	case *ssa.Call:
		if k.fails(w, v) {
			return nonNil
		}
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
			return isNil // the paths followed are those without a panic
		}
	}
	return unknown
}

// noted is what the slot of v says, if it has one.
func (k *walker) noted(w world, v ssa.Value) val {
	slot, ok := k.f.slots[v]
	if !ok {
		return unknown
	}
	x := w.at(slot)
	if _, cell := v.(*ssa.Alloc); cell && x != unknown {
		return pointerTo(x)
	}
	return x
}

// converted is the value that v is under another type, or nil.
func converted(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.Convert:
		return v.X
	case *ssa.Slice:
		return v.X
	}
	return nil
}

// boxed is what is known of an interface that holds x: it is not nil.
func boxed(x val) val {
	if x == unknown || x == isNil || x.isInt() {
		return nonNil
	}
	return x
}

func (k *walker) evalUnOp(w world, v *ssa.UnOp) val {
	switch v.Op {
	case token.NOT:
		return opposite(k.eval(w, v.X))
	case token.MUL:
		// A package's error variables are set once, to something.
		if g, ok := v.X.(*ssa.Global); ok && isError(v.Type()) && g.Object() != nil {
			return nonNil
		}
	}
	return unknown
}

func (k *walker) evalAsserted(w world, v ssa.Value) val {
	switch v := v.(type) {
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return k.evalAssert(w, v, 0)
		}
	case *ssa.Extract:
		if t, ok := v.Tuple.(*ssa.TypeAssert); ok {
			return k.evalAssert(w, t, v.Index)
		}
	}
	return unknown
}

// evalAssert is what is known of the results of a type assertion: the value, and whether it is of that type.
func (k *walker) evalAssert(w world, t *ssa.TypeAssert, result int) val {
	x := k.eval(w, t.X)
	fits := x != resource || canBeScope(t.AssertedType)
	switch {
	case result == 0 && fits && (x.tracked() || x.isClosure()):
		return x
	case result == 1 && !fits:
		return isFalse
	case result == 1 && x == resource && (isScope(t.AssertedType) || isMadeOfScope(t.AssertedType)):
		return isTrue
	}
	return unknown
}

// isMadeOfScope reports whether t is an interface of methods of a scope.
func isMadeOfScope(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	return ok && iface.NumMethods() > 0 && standsForScope(t, iface)
}

// canBeScope reports whether a scope, or a function that closes one, may be of type t.
func canBeScope(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Interface, *types.Signature:
		return true
	}
	return isScope(t)
}

// pointerTo is what is known of a pointer to a variable that holds x.
func pointerTo(x val) val {
	switch {
	case x == inContext, x.isHolder():
		return x
	case x == resource:
		return holderAny
	}
	return nonNil
}

func (k *walker) evalCaptured(w world, v *ssa.FreeVar) val {
	b, ok := k.f.bindings[v]
	if !ok {
		return unknown
	}
	return k.eval(w, b)
}

// evalAddr is what is known of the address of a part of something: enough to see that handing it on hands on the scope.
func (k *walker) evalAddr(w world, addr ssa.Value) val {
	if x := k.load(w, addr, types.Unalias(addr.Type()).Underlying().(*types.Pointer).Elem()); x.tracked() {
		return pointerTo(x)
	}
	return nonNil
}

func (k *walker) evalBinOp(w world, v *ssa.BinOp) val {
	if ordered(v.Op) {
		return k.evalOrder(w, v)
	}
	if v.Op != token.EQL && v.Op != token.NEQ {
		return unknown
	}
	equal, known := same(k.eval(w, v.X), k.eval(w, v.Y))
	if !known {
		return unknown
	}
	return boolVal(equal == (v.Op == token.EQL))
}

// project is what is known of a part of something of which c is known: field i of a struct, or with -1 an element.
func (k *walker) project(c val, i int, t types.Type) val {
	switch {
	case c == inContext && k.f.program.carriesContext(t):
		return inContext
	case c.isHolder() && isContext(t):
		return inContext
	case c == holderAny || c.isHolder() && (i < 0 || c == holder(i)):
		return partOf(t)
	}
	return unknown
}

// partOf is what a part of type t of a holder is: the scope, or a smaller holder.
func partOf(t types.Type) val {
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		if isScope(t) {
			return resource
		}
		return holderAny
	case *types.Signature, *types.Interface:
		return resource
	case *types.Struct, *types.Slice, *types.Array, *types.Map:
		return holderAny
	}
	return unknown
}
