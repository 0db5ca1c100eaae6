package transactions

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

// An Inside is a call, or a send, made while a transaction is open, that does something which stands.
type Inside struct {
	Instr    ssa.Instruction
	Handed   []*types.Func // set where the call hands these functions to something that runs them in a transaction
	Set      effect.Set    // what it does while the transaction is open
	Dispatch bool          // it dispatches the intents of a scope
	How      string        // full name of the call that opens the transaction; of a variable that is said to by its name, that name
	By       string        // full name of what is called at Opened, where that leads to How; "" if it is not known
	Opened   token.Pos     // where that call is; not valid where a library does it by itself, and calls the method By
	// Undecided says that whether a transaction is open depends on implementations that the table does not know.
	Undecided bool
}

// Inside lists the calls of the package's own code that are made while a transaction is open, in source order, by what the tables bind
// open ends to. Each is listed once: for the innermost transaction around it. What only implementations elsewhere decide is listed if
// undecided is set.
func (r *Result) Inside(bound *effects.Result, table *Table, undecided bool) []Inside {
	k := r.know.with(bound, table)
	k.undecided = undecided
	if !slices.ContainsFunc(r.funcs, k.transacts) {
		return nil
	}
	k.rework()
	found := map[ssa.Instruction]Inside{}
	add := func(in Inside) {
		old, ok := found[in.Instr]
		if ok && old.Undecided != in.Undecided {
			if in.Undecided {
				return
			}
			ok = false
		}
		if ok {
			in.Set, in.Dispatch = in.Set.Join(old.Set), in.Dispatch || old.Dispatch
			in.Handed = append(old.Handed, in.Handed...)
			if in.Opened == old.Opened && old.How < in.How {
				in.How = old.How // whichever way leads there: every driver names the same
			}
		}
		found[in.Instr] = in
	}
	for _, fn := range r.funcs {
		k.regions(fn, add)
		k.callbacks(fn, add)
		k.modelHook(fn, add)
	}
	list := make([]Inside, 0, len(found))
	for _, in := range found {
		list = append(list, in)
	}
	slices.SortFunc(list, func(a, b Inside) int { return cmp.Compare(position(a.Instr), position(b.Instr)) })
	return list
}

func position(instr ssa.Instruction) token.Pos { return instr.Pos() }

// transacts reports whether a function or a literal in it opens a transaction, or hands a function to something that runs it in one.
func (k *knower) transacts(fn *ssa.Function) bool {
	for _, call := range k.callsOf(fn) {
		m := k.meaning(call)
		if len(m.opens) > 0 || slices.ContainsFunc(m.runs, k.shows) {
			return true
		}
	}
	return modelHook(fn) || len(k.routes(fn)) > 0
}

// shows reports whether what a call does with a function that it is given is to be listed.
func (k *knower) shows(r Run) bool {
	return !r.Made && (k.within(r) || k.undecided && !k.table.knows(r.Via))
}

// regions finds what is done in the transactions that a function and its literals open.
func (k *knower) regions(fn *ssa.Function, add func(Inside)) {
	for _, o := range k.openers(fn) {
		w := k.run(o.root, o.handle, o.call, nil)
		k.report(w, o.how, o.call.Pos(), by(o.call, add))
	}
}

// callbacks finds what is done in the functions that are handed to something that runs them in a transaction.
func (k *knower) callbacks(fn *ssa.Function, add func(Inside)) {
	for _, call := range k.callsOf(fn) {
		for _, r := range k.meaning(call).runs {
			if !k.shows(r) {
				continue
			}
			bodies, others := k.handed(call, r)
			k.show(call, call.Pos(), bodies, others, by(call, func(in Inside) {
				in.Undecided = !k.within(r)
				add(in)
			}))
		}
	}
	for _, r := range k.routes(fn) {
		k.handlers(fn, r, add)
	}
}

// by wraps add for what a call opens: it says what is called there.
func by(call ssa.CallInstruction, add func(Inside)) func(Inside) {
	return func(in Inside) {
		in.By = fullName(callee(call.Common()))
		add(in)
	}
}

// show adds what is done in functions that a call hands to something that runs them in a transaction, opened at pos.
func (k *knower) show(call ssa.CallInstruction, pos token.Pos, bodies []body, others []handover, add func(Inside)) {
	for _, b := range bodies {
		w := k.newWalk(b.fn, k.given(b.fn), nil)
		w.commits, w.undo = b.commits, b.undo
		w.explore(nil)
		k.report(w, b.how, pos, captured(call, b.fn, add))
	}
	for _, h := range others {
		set := k.doneBy(h.fn, h.commits)
		if set&^opensEnds == 0 {
			continue
		}
		captured(call, nil, add)(Inside{
			Instr: call, Handed: []*types.Func{h.fn}, Set: set &^ dispatches, Dispatch: set&dispatches != 0, How: h.how, Opened: pos,
		})
	}
}

// captured wraps add for what the runtime runs in a transaction: what is dispatched there in the context that it hands over is captured.
func captured(call ssa.CallInstruction, fn *ssa.Function, add func(Inside)) func(Inside) {
	if airlockapi.Name(callee(call.Common())) == "" {
		return add
	}
	return func(in Inside) {
		inner, ok := in.Instr.(ssa.CallInstruction)
		if in.Dispatch && (fn == nil || ok && inScope(inner, fn)) {
			in.Dispatch = false
		}
		if in.Dispatch || in.Set&^opensEnds != 0 {
			add(in)
		}
	}
}

// inScope reports whether a call dispatches in a context that derives from fn's first parameter.
func inScope(call ssa.CallInstruction, fn *ssa.Function) bool {
	ctx, ok := dispatching(call)
	return ok && ctx != nil && call.Parent() == fn && derivedFrom(ctx, maxDerived) == 0
}

// given is the transaction that a helper hands to a body: a parameter that can be rolled back, or a context that carries it.
func (k *knower) given(fn *ssa.Function) *handle {
	var seeds []ssa.Value
	for _, p := range fn.Params {
		if k.txLike(p.Type()) {
			seeds = append(seeds, p)
		}
	}
	for _, p := range fn.Params {
		if len(seeds) == 0 && isContext(p.Type()) {
			seeds = append(seeds, p)
		}
	}
	return k.trace(fn, seeds...)
}

func (k *knower) report(w *walk, how string, pos token.Pos, add func(Inside)) {
	for _, in := range w.inside() {
		if in.set&^opensEnds == 0 {
			continue
		}
		add(Inside{Instr: in.instr, Set: in.set &^ dispatches, Dispatch: in.set&dispatches != 0, How: how, Opened: pos})
	}
}
