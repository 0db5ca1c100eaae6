package transactions

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// An outcome is a way a call may end, as far as its error tells.
type outcome struct {
	err  Value // of its error; unknown where it has none, or where it does not matter
	open bool
}

// call runs a call, or a deferred call whose time has come.
func (w *walk) call(s *state, call ssa.CallInstruction) ([]*state, []event, bool) {
	if body := ssapass.LoopBody(call.Common()); body != nil && w.enters(s, body) {
		return w.loop(s, call, body), nil, true
	}
	if fn := literal(call.Common()); fn != nil && w.enters(s, fn) {
		return []*state{w.inline(s, call, fn)}, nil, true
	}
	m := w.know.meaning(call)
	set := w.performed(s, call, m)
	failing := set.Meet(m.failing)
	outcomes := w.outcomes(s, call, m, failing)
	if len(outcomes) == 1 {
		events := w.finish(s, call, m, set, outcomes[0])
		return nil, events, false
	}
	var next []*state
	for _, o := range outcomes {
		t := s.clone()
		does := set
		if o.err == isNil {
			does = set.Minus(failing)
		}
		t.events = w.finish(t, call, m, does, o)
		if does := t.top(); does != nil {
			next = append(next, t)
		}
	}
	return next, nil, true
}

// loop runs the iterator of a loop: its body does not run, or it does.
func (w *walk) loop(s *state, call ssa.CallInstruction, body *ssa.Function) []*state {
	m := w.know.meaning(call)
	none := s.clone()
	s.events = w.guarded(s, call, m, w.performed(s, call, m))
	none.events = s.events
	return []*state{none, w.inline(s, call, body)}
}

// enters reports whether a literal is walked where it is called.
func (w *walk) enters(s *state, fn *ssa.Function) bool {
	return len(fn.Blocks) > 0 && len(s.frames) < maxInlining && !s.running(fn)
}

// finish notes what a call has done, and what is known after it.
func (w *walk) finish(s *state, call ssa.CallInstruction, m meaning, set effect.Set, o outcome) []event {
	w.hold(s, call)
	events := w.guarded(s, call, m, set)
	s.passed = s.passed || call == w.ask.call
	if o.open != s.open {
		events = append(events, w.turn(s, call, m, o)...)
		s.open = o.open
	}
	w.changed(s, call)
	w.result(s, call, o.err)
	w.answer(s, call)
	return events
}

// turn is the event of the transaction being opened or ended. What a deferred call ends, the return decides, but for a commit.
func (w *walk) turn(s *state, call ssa.CallInstruction, m meaning, o outcome) []event {
	switch {
	case o.open:
		s.how = 0
		return []event{{kind: opens, instr: call}}
	case m.commits(w.handle, call):
		w.ended(s, committed)
		return []event{{kind: keeps, instr: call}}
	case m.rollsBack(w.handle, call):
		w.ended(s, rolledBack)
	default:
		w.ended(s, somehow)
	}
	switch {
	case s.deferring() || deferred(call):
		return nil
	case m.rollsBack(w.handle, call):
		return []event{{kind: discards, instr: call}}
	}
	return []event{{kind: keeps, instr: call}}
}

func deferred(call ssa.CallInstruction) bool {
	_, ok := call.(*ssa.Defer)
	return ok
}

// result notes what is known of a call's error.
func (w *walk) result(s *state, call ssa.CallInstruction, err Value) {
	v, ok := call.(*ssa.Call)
	if !ok || err.Is == Unknown {
		return
	}
	if isTuple(v.Type()) {
		s.fails.set(v, err)
	} else {
		s.facts.set(v, err)
	}
}

// outcomes lists the ways the call may end. They are told apart only where it matters whether it returned an error.
func (w *walk) outcomes(s *state, call ssa.CallInstruction, m meaning, failing effect.Set) []outcome {
	good, bad := w.after(s, call, m, true), w.after(s, call, m, false)
	v, tells := call.(*ssa.Call)
	tells = tells && errorIndex(call.Common().Signature()) >= 0
	switch {
	case !tells:
		return []outcome{{open: good}}
	case call == w.ask.call:
		return []outcome{{err: w.ask.err, open: w.after(s, call, m, w.ask.err == isNil)}}
	case w.fresh(s, v): // asked now: in a loop, the call may be given what it returned before
		return []outcome{{err: isNonNil, open: bad}}
	case good == bad && failing == 0:
		return []outcome{{open: good}}
	}
	return []outcome{{err: isNil, open: good}, {err: isNonNil, open: bad}}
}

// after returns whether the transaction is open after a call that succeeded or failed.
func (w *walk) after(s *state, call ssa.CallInstruction, m meaning, success bool) bool {
	open := s.open
	for _, e := range m.ends {
		if (success && e.OnSuccess || !success && e.OnFailure) && w.handle.is(operand(call.Common(), e.Param)) {
			open = false
		}
	}
	if w.handed(call) || w.called(call) {
		open = false
	}
	if call == w.opener && success && w.feasible(s, call, m.opens) {
		open = true
	}
	return open
}

// feasible reports whether the call may open a transaction, its arguments being what they are. One of which nothing is known may.
func (w *walk) feasible(s *state, call ssa.CallInstruction, opens []Open) bool {
	for _, o := range opens {
		if !slices.ContainsFunc(o.If, func(c Condition) bool { return w.contradicts(s, call, c) }) {
			return true
		}
	}
	return len(opens) == 0
}

// handed reports whether the call was given a literal that ends the transaction, or calls a method value that does, tx.Commit: what that does
// is done when the call returns.
func (w *walk) handed(call ssa.CallInstruction) bool {
	c := call.Common()
	for i := range operands(c) {
		v := operand(c, i)
		fn := functionOf(origin(v))
		if fn == nil {
			continue
		}
		if fn.Parent() != nil && w.ends(fn) || fn.Parent() == nil && w.ending(v) && w.know.invokes(call, i) {
			return true
		}
	}
	return false
}

// called reports whether the call is of a function that came with the transaction, to end it: tx, done, err := begin(ctx).
func (w *walk) called(call ssa.CallInstruction) bool {
	c := call.Common()
	return callee(c) == nil && (w.handle.is(c.Value) || w.endsAnyway(c.Value, maxSteps))
}

// endsAnyway reports whether whatever function a value may be ends the transaction.
func (w *walk) endsAnyway(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	var all []ssa.Value
	switch v := origin(v).(type) {
	case *ssa.MakeClosure:
		return w.ending(v)
	case *ssa.Phi:
		all = v.Edges
	case *ssa.UnOp:
		if variable, ok := ssapass.Variable(v.X).(*ssa.Alloc); ok {
			for _, s := range ssapass.Stores(variable) {
				all = append(all, s.Val)
			}
		}
	}
	return len(all) > 0 && !slices.ContainsFunc(all, func(e ssa.Value) bool { return !w.endsAnyway(e, depth-1) })
}

// ending reports whether v is a function that ends the transaction: a literal that does, or the method value tx.Commit.
func (w *walk) ending(v ssa.Value) bool {
	closure, ok := origin(v).(*ssa.MakeClosure)
	if !ok {
		return false
	}
	if fn := closure.Fn.(*ssa.Function); fn.Parent() != nil {
		return w.ends(fn)
	}
	return w.know.endingOf(w.handle, closure)
}

// ends reports whether a literal holds a call that ends the transaction.
func (w *walk) ends(fn *ssa.Function) bool {
	for _, f := range family(fn) {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				for _, e := range w.know.meaning(call).ends {
					if w.handle.is(operand(call.Common(), e.Param)) {
						return true
					}
				}
			}
		}
	}
	return false
}

// performed returns what the call performs on this path while the transaction is open.
func (w *walk) performed(s *state, call ssa.CallInstruction, m meaning) effect.Set {
	all := w.know.performs(call)
	set := all.Minus(m.absent)
	if set == 0 {
		return 0
	}
	kept := w.know.keptBy(call, m)
	w.ruled = w.ruled.Join(kept)
	set = set.Minus(kept)
	for _, p := range m.past {
		if !w.handle.is(operand(call.Common(), p.Param)) {
			continue
		}
		set = set.Minus(p.Set)
		if p.Given {
			set = set.Meet(w.know.byItself(call))
		}
	}
	for _, g := range m.guards {
		if w.contradicts(s, call, g.Condition) {
			w.ruled = w.ruled.Join(set.Meet(g.Set))
			set = set.Minus(g.Set)
		}
	}
	return set
}

// guarded is what a call does, told apart by the conditions on which it does it.
func (w *walk) guarded(s *state, call ssa.CallInstruction, m meaning, set effect.Set) []event {
	var events []event
	rest := set
	for _, g := range m.guards {
		does := rest.Meet(g.Set)
		v := operand(call.Common(), g.Param)
		if does == 0 || v == nil {
			continue
		}
		i := w.ownParam(s, v)
		if i < 0 {
			continue
		}
		rest = rest.Minus(does)
		e := event{kind: happens, instr: call, set: does, open: s.open, holds: slices.Clone(s.holds)}
		e.holds.set(param{i, g.Method}, g.Is)
		events = append(events, e)
	}
	if len(events) > 0 && rest == 0 {
		return events
	}
	return append(events, w.happening(s, call, rest)...)
}

// happening is the event of a call or send that performs something.
func (w *walk) happening(s *state, instr ssa.Instruction, set effect.Set) []event {
	if set == 0 {
		if call, ok := instr.(ssa.CallInstruction); !ok || !w.know.calls(call) {
			return nil
		}
	}
	return []event{{kind: happens, instr: instr, set: set, open: s.open, holds: slices.Clone(s.holds)}}
}
