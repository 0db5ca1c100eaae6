package transactions

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An ending is how a transaction has ended.
type ending uint8

const (
	committed ending = iota + 1
	rolledBack
	somehow // one or the other
)

// A question asks what happens when a call has returned something. The zero question asks nothing.
type question struct {
	call   ssa.CallInstruction
	err    Value // its error
	result int   // another result, and what it is taken to be
	is     Value
}

// An around is the transaction in which a function argument is called.
type around struct {
	how     string      // the call that opens it
	made    []*ssa.Call // the calls that returned the literal that calls it
	holds   []Condition // on which it is called
	by      int         // see Run
	outcome func(question, ending) bool
}

// commits reports whether the transaction is committed although a call in it has failed.
func (in around) commits(call ssa.CallInstruction) bool {
	return errorIndex(call.Common().Signature()) >= 0 && in.outcome(question{call: call, err: isNonNil, result: -1}, committed)
}

// undo lists the flags on which the transaction is rolled back where a call in it returns them, and no error. One that is rolled back in
// any case, since it only reads, does not depend on them.
func (in around) undo(call ssa.CallInstruction) []Undo {
	results := call.Common().Signature().Results()
	var list []Undo
	for i := range results.Len() {
		if !isBool(results.At(i).Type()) {
			continue
		}
		undone := func(is Value) bool {
			return in.outcome(question{call: call, err: isNil, result: i, is: is}, rolledBack)
		}
		switch no, yes := undone(isFalse), undone(isTrue); {
		case no && !yes:
			list = append(list, Undo{Result: i, Value: isFalse})
		case yes && !no:
			list = append(list, Undo{Result: i, Value: isTrue})
		}
	}
	return list
}

// holds reports whether something is so on every path through fn on which a call returns what the question says.
func (k *knower) holds(q question, fn *ssa.Function, h *handle, opener ssa.CallInstruction, so func(returned) bool) bool {
	w := k.newWalk(fn, h, opener)
	w.ask = q
	w.explore(nil)
	passed := slices.DeleteFunc(w.returns, func(r returned) bool { return !r.passed })
	return len(passed) > 0 && !slices.ContainsFunc(passed, func(r returned) bool { return !so(r) })
}

// ended notes how the transaction has ended, where that is asked for.
func (w *walk) ended(s *state, how ending) {
	if w.ask.call != nil {
		s.how = how
	}
}

// answer notes what the call that is asked about has returned, where that is one result.
func (w *walk) answer(s *state, call ssa.CallInstruction) {
	if v, ok := call.(*ssa.Call); ok && call == w.ask.call && w.ask.result == 0 && !isTuple(v.Type()) {
		s.facts.set(v, w.ask.is)
	}
}

// answerWith notes it where it is one of several.
func (w *walk) answerWith(s *state, x *ssa.Extract) {
	if call, ok := x.Tuple.(*ssa.Call); ok && w.ask.call == ssa.CallInstruction(call) && x.Index == w.ask.result {
		s.facts.set(x, w.ask.is)
	}
}

// ending says how the transaction ends in which a body runs, from what the body returns.
func (b body) ending(r returned) ending {
	switch {
	case b.commits || r.err.Is == Nil:
		return committed
	case r.err.Is == NonNil:
		return rolledBack
	}
	return somehow
}

// undone reports whether a function returns a flag on which its transaction is rolled back.
func (w *walk) undone(s *state, instr *ssa.Return) bool {
	return slices.ContainsFunc(w.undo, func(u Undo) bool {
		return u.Result < len(instr.Results) && w.value(s, instr.Results[u.Result]) == u.Value
	})
}
