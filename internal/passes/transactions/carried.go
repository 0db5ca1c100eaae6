package transactions

import "golang.org/x/tools/go/ssa"

// carriedTx stands, where the name of a method would, for the transaction that a parameter of type context carries.
const carriedTx = "transaction"

// carriedBy returns the index of the context parameter whose transaction v is, or -1: what it was asked for itself, or by a function.
func (w *walk) carriedBy(s *state, v ssa.Value) int {
	switch v := v.(type) {
	case *ssa.Call:
		if !isTuple(v.Type()) && w.know.txLike(v.Type()) {
			return w.contextOf(s, v)
		}
	case *ssa.TypeAssert:
		if !v.CommaOk && w.know.txLike(v.AssertedType) {
			return w.askedFor(s, v)
		}
	case *ssa.Extract:
		if v.Index == 0 {
			return w.lookedUp(s, v.Tuple)
		}
	}
	return -1
}

// flagOf returns the index of the context parameter of which v tells whether it carries a transaction, or -1.
func (w *walk) flagOf(s *state, v ssa.Value) int {
	if x, ok := v.(*ssa.Extract); ok && x.Index == 1 {
		return w.lookedUp(s, x.Tuple)
	}
	return -1
}

// lookedUp returns the index of the context parameter in which a transaction was looked up: what, and whether there is one.
func (w *walk) lookedUp(s *state, tuple ssa.Value) int {
	switch t := tuple.(type) {
	case *ssa.TypeAssert:
		if w.know.txLike(t.AssertedType) {
			return w.askedFor(s, t)
		}
	case *ssa.Call:
		if r := t.Call.Signature().Results(); r.Len() == 2 && w.know.txLike(r.At(0).Type()) && isBool(r.At(1).Type()) {
			return w.contextOf(s, t)
		}
	}
	return -1
}

// askedFor returns the index of the context parameter whose value is asserted to be of a type, or -1.
func (w *walk) askedFor(s *state, t *ssa.TypeAssert) int {
	if call, ok := origin(t.X).(*ssa.Call); ok && asked(call.Common()) {
		return w.ownParam(s, call.Call.Value)
	}
	return -1
}

// contextOf returns the index of the context parameter that a call which begins nothing is given, or -1.
func (w *walk) contextOf(s *state, call *ssa.Call) int {
	c := call.Common()
	if len(w.know.meaning(call).opens) > 0 {
		return -1
	}
	for i := range operands(c) {
		if v := operand(c, i); isContext(v.Type()) {
			return w.ownParam(s, v)
		}
	}
	return -1
}
