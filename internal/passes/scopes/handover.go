package scopes

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// hands reports whether a call hands over the scope.
func (k *walker) hands(ops operands) bool {
	for _, a := range ops.args {
		if a.carries() {
			return true
		}
	}
	return false
}

// summarised calls a function whose summary says what it does with each argument.
func (k *walker) summarised(w world, instr ssa.CallInstruction, ops operands, c callee, m mode) []world {
	worlds := []world{k.derive(w, instr, ops)}
	for i, a := range ops.args {
		if a == unknown || a.scalar() || a == inContext {
			continue
		}
		var after []world
		for _, w := range worlds {
			after = append(after, k.handOver(w, instr, ops, c, i, m)...)
		}
		worlds = after
	}
	return worlds
}

// handOver does what the callee does with argument i.
func (k *walker) handOver(w world, instr ssa.CallInstruction, ops operands, c callee, i int, m mode) []world {
	a := ops.args[i]
	if !k.f.program.carrier(ops.values[i].Type()) && !k.f.program.takesCarrier(c, i) {
		return []world{k.escape(w, a)}
	}
	p := c.summary.param(i)
	if !p.depends() {
		return k.handOverAs(w, instr, a, p.from(a, ops.values[i].Type()), m)
	}
	failure := errorResult(instr.Common().Signature())
	var out []world
	for _, how := range []struct {
		fate Fate
		err  val
	}{{p.OK, isNil}, {p.Failed, nonNil}} {
		before := w
		if p.By >= 0 {
			var ok bool
			if before, ok = k.assumePointee(w, ops.values[p.By], how.err); !ok {
				continue
			}
		} else if k.resultVal(w, instr, failure) == opposite(how.err) {
			continue // another argument has said so
		}
		q := Param{Index: p.Index, Fate: how.fate, Result: p.Result}
		for _, after := range k.handOverAs(before, instr, a, q.from(a, ops.values[i].Type()), m) {
			if p.By < 0 {
				after = k.result(after, instr, failure, how.err)
			}
			out = append(out, after)
		}
	}
	return k.distinct(out)
}

// assumePointee is world w where the error whose address a call is handed is err; false if it can't be.
func (k *walker) assumePointee(w world, addr ssa.Value, err val) (world, bool) {
	base, _, depth := k.f.cell(addr)
	slot, ok := k.f.variable(base)
	if !ok || depth > 0 || !k.f.decides(slot) {
		return w, true
	}
	switch w.at(slot) {
	case opposite(err):
		return w, false
	case unknown:
		w = k.learnStored(w, base, err)
	}
	return w.set(slot, err), true
}

// learnStored notes that what a variable holds is x, of the values that it was stored from and read as, if it was stored once, and of the
// results that these have been put into, to be returned.
func (k *walker) learnStored(w world, variable ssa.Value, x val) world {
	stores := ssapass.Stores(variable)
	if len(stores) != 1 {
		return w
	}
	w = k.learn(w, stores[0].Val, x)
	for _, ref := range *variable.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok && stores[0].Block().Dominates(load.Block()) {
			w = k.learnResult(k.learn(w, load, x), load, x)
		}
	}
	return w
}

func (k *walker) learnResult(w world, load *ssa.UnOp, x val) world {
	for _, ref := range *load.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Val == load {
			if slot, ok := k.f.variable(s.Addr); ok && w.at(slot) == unknown && k.f.decides(slot) {
				w = w.set(slot, x)
			}
		}
	}
	return w
}

// handOverAs does what p says with an argument that is a.
func (k *walker) handOverAs(w world, instr ssa.CallInstruction, a val, p Param, m mode) []world {
	switch {
	case a.isClosure():
		return k.handClosure(w, instr, a, p, m)
	case a.carries():
		return k.befall(w, instr, p, m)
	case a == around:
		return k.befallOuter(w, instr, p.Fate, m)
	}
	return []world{w}
}

// from is p for an argument that is x. A struct that closes its scope under a condition is taken to know why: it has flags of its own.
func (p Param) from(x val, t types.Type) Param {
	if x.isHolder() && p.Fate.MayClose() && !isCollectionType(t) {
		p.Fate &^= Left
	}
	return p
}

// takesCarrier reports whether the callee's parameter is one that was looked into.
func (p *program) takesCarrier(c callee, i int) bool {
	sig := c.obj.Signature()
	if sig.Recv() != nil {
		if i == 0 {
			return p.carrier(sig.Recv().Type())
		}
		i--
	}
	return i < sig.Params().Len() && p.carrier(sig.Params().At(i).Type())
}

// handClosure hands a literal to a function that calls it, keeps it or does neither.
func (k *walker) handClosure(w world, instr ssa.CallInstruction, a val, p Param, m mode) []world {
	var out []world
	if p.Fate&Left != 0 {
		out = append(out, w)
	}
	if p.Fate.MayClose() {
		out = append(out, k.callValue(w, instr, a, m)...)
	}
	if p.Fate&(Taken|Returned) != 0 {
		out = append(out, k.escape(w, a))
	}
	return out
}

// befall applies what may become of a scope that is handed over, one world for each possibility.
func (k *walker) befall(w world, instr ssa.CallInstruction, p Param, m mode) []world {
	var out []world
	if p.Fate&Read != 0 {
		w.flags |= read
	}
	if p.Fate&Flushed != 0 && p.Fate&^Read == Flushed {
		k.seen.use(instr, w, k.f.calls[instr])
	}
	if p.Fate&Flushed != 0 && p.Fate&Discarded != 0 { // which of them, it decides by what else it is handed
		p.Fate = p.Fate&^Discarded | Closed
	}
	for _, fate := range []Fate{Left, Flushed, Discarded, Closed, Taken, Returned} {
		switch p.Fate & fate {
		case 0:
		case Left:
			out = append(out, w)
		case Taken:
			out = append(out, k.give(w))
		case Returned:
			out = append(out, k.result(w, instr, p.Result, k.returnedVal(instr, p.Result)))
		default:
			out = append(out, k.shut(w, instr, fate, m))
		}
	}
	return out
}

// returnedVal is what a result is in which the scope is handed back.
func (k *walker) returnedVal(instr ssa.CallInstruction, i int) val {
	results := instr.Common().Signature().Results()
	if i >= results.Len() {
		return unknown
	}
	if isContext(results.At(i).Type()) {
		return unknown
	}
	if v := partOf(results.At(i).Type()); v != unknown {
		return v
	}
	return holderAny
}

// shut closes the scope.
func (k *walker) shut(w world, instr ssa.CallInstruction, fate Fate, m mode) world {
	if m == async {
		return k.give(w)
	}
	k.seen.ended = true
	by := k.f.calls[instr]
	switch {
	case fate&^(Left|Read) == Flushed:
		k.seen.flushes = true
		return w.close(flushed, by)
	case fate&^(Left|Read) == Discarded && (m == deferred || k.mode == deferred):
		return w.close(dropped, by)
	case fate&^(Left|Read) == Discarded:
		return w.close(discarded, by)
	case fate&(Left|Taken|Returned) != 0 && !fate.MayClose():
		return w
	}
	return w.close(0, by)
}

// cleanupFate is what a call of the function that is followed does.
func (k *walker) cleanupFate() Fate { return cleanupFate(k.origin.results) }

func cleanupFate(results []Result) Fate {
	var fate Fate
	for _, r := range results {
		if r.Kind == Cleanup && fate != 0 && r.Fate != fate {
			return Closed // by one of them
		}
		if r.Kind == Cleanup {
			fate = r.Fate
		}
	}
	if fate == 0 {
		return Closed
	}
	return fate
}

// calledFate is what a call of v does, which closes the scope: where the call that opens it hands out several functions, v may tell which it is.
func (k *walker) calledFate(v ssa.Value) Fate {
	if e, ok := k.f.program.held(v).(*ssa.Extract); ok && k.origin.instr == e.Tuple.(ssa.Instruction) {
		for _, r := range k.origin.results {
			if r.Index == e.Index && r.Kind == Cleanup {
				return r.Fate
			}
		}
	}
	return k.cleanupFate()
}

// give notes that somebody else may close the scope from now on.
func (k *walker) give(w world) world {
	if w.life == open {
		k.seen.shared, k.seen.ended = true, true
		w.flags |= moved
	}
	return w
}
