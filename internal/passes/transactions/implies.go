package transactions

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// implies finds what the function's flags say of its parameters: that "sent" is false only where n.ToDB() returned nil.
func (k *knower) implies(fn *ssa.Function, s *Summary) bool {
	results := fn.Signature.Results()
	if results.Len() == 0 || results.Len() > 3 || len(fn.Params) == 0 || !flagged(results) {
		return false
	}
	w := k.run(fn, noHandle(), nil, nil)
	var found []Implied
	for i := range results.Len() {
		if !isBool(results.At(i).Type()) {
			continue
		}
		for _, v := range []Value{isFalse, isTrue} {
			if then := w.holdWhen(i, v); len(then) > 0 {
				found = append(found, Implied{Result: i, Value: v, Then: then})
			}
		}
	}
	if slices.EqualFunc(found, s.Implies, func(a, b Implied) bool {
		return a.Result == b.Result && a.Value == b.Value && slices.Equal(a.Then, b.Then)
	}) {
		return false
	}
	s.Implies = found
	return true
}

func flagged(results *types.Tuple) bool {
	for i := range results.Len() {
		if isBool(results.At(i).Type()) {
			return true
		}
	}
	return false
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// holdWhen lists what holds at every return whose i-th result may be v and whose error may be nil.
func (w *walk) holdWhen(i int, v Value) []Condition {
	var common few[param, Value]
	first := true
	for _, r := range w.returns {
		if contradicts(r.results[i], v) || r.err.Is == NonNil {
			continue
		}
		if first {
			common, first = r.holds, false
			continue
		}
		common = agree(common, r.holds)
	}
	list := conditions(common)
	for _, e := range common {
		if e.key.method == "" && e.value == isNonNil && isError(w.fn.Params[e.key.index].Type()) {
			list = append(list, Condition{Param: e.key.index, Is: isNonNil})
		}
	}
	return list
}

// succeeded reports whether a call with an error is known not to have returned one.
func (w *walk) succeeded(s *state, call *ssa.Call) bool {
	i := errorIndex(call.Call.Signature())
	if i < 0 {
		return true
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
			return w.value(s, x).Is == Nil
		}
	}
	return false
}
