package scopes

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// operands are what is known of a call's function and arguments when they were evaluated.
type operands struct {
	common *ssa.CallCommon
	fn     val
	args   []val
	values []ssa.Value
}

func (k *walker) operands(w world, c *ssa.CallCommon) operands {
	ops := operands{common: c, fn: k.eval(w, c.Value), values: c.Args, args: make([]val, 0, len(c.Args))}
	for _, a := range c.Args {
		ops.args = append(ops.args, k.eval(w, a))
	}
	return ops
}

// postpone notes a deferred call with its operands.
func (k *walker) postpone(w world, d *ssa.Defer) []world {
	slot := k.f.defers[d]
	ops := k.operands(w, &d.Call)
	w = w.set(slot, pending).set(slot+1, ops.fn)
	for i, a := range ops.args {
		w = w.set(slot+2+i, a)
	}
	if k.repeats(d) && k.closesLater(w, d, ops) {
		k.seen.loops[d] = true
	}
	return []world{w}
}

// repeats reports whether a defer statement can run more than once before its function returns.
func (k *walker) repeats(d *ssa.Defer) bool {
	fn := d.Parent()
	return k.f.loops[fn].cycle[d.Block().Index] != 0 || fn.Synthetic == rangeFuncYield && goesOn(d.Block())
}

// goesOn reports whether the body of a range over a function may ask for another turn from b on.
func goesOn(b *ssa.BasicBlock) bool {
	after := ssapass.After(b)
	for _, end := range b.Parent().Blocks {
		if ret, ok := end.Instrs[len(end.Instrs)-1].(*ssa.Return); ok && (end == b || after[end.Index]) {
			if c, ok := ret.Results[0].(*ssa.Const); !ok || constVal(c) == isTrue {
				return true
			}
		}
	}
	return false
}

// closesLater reports whether a deferred call closes the scope, going by the world in which it is deferred.
func (k *walker) closesLater(w world, d *ssa.Defer, ops operands) bool {
	if w.life != open {
		return false
	}
	for _, after := range k.quietly(func() []world { return k.call(w, d, ops, deferred) }) {
		if after.life == closed {
			return true
		}
	}
	return false
}

// runDefers runs the deferred calls of fn, the last one first.
func (k *walker) runDefers(w world, fn *ssa.Function) []world {
	worlds := []world{w}
	list := k.f.deferred[fn]
	for i := len(list) - 1; i >= 0; i-- {
		d := list[i]
		slot := k.f.defers[d]
		var after []world
		for _, w := range worlds {
			if w.at(slot) != pending {
				after = append(after, w)
				continue
			}
			ops := operands{common: &d.Call, fn: w.at(slot + 1), values: d.Call.Args}
			for j := range d.Call.Args {
				ops.args = append(ops.args, w.at(slot+2+j))
			}
			after = append(after, k.call(w.set(slot, unknown), d, ops, deferred)...)
		}
		worlds = after
	}
	return worlds
}

// call runs a call in world w.
func (k *walker) call(w world, instr ssa.CallInstruction, ops operands, m mode) []world {
	if instr == k.origin.instr {
		return k.born(w, instr)
	}
	worlds := k.ordinary(w, instr, ops, m)
	answered := k.f.errorless && !k.coarse && k.f.program.answersFailure(ops.common)
	for i, w := range worlds {
		w = k.written(w, ops, m)
		if answered && w.life == open && w.has(dirty|doubted) {
			w.flags |= failed
		}
		worlds[i] = w
	}
	if k.outer != nil && instr == k.outer.call {
		for i := range worlds {
			worlds[i] = k.surround(worlds[i])
		}
	}
	return worlds
}

// written forgets what is in the variables whose addresses a call is handed. A deferred call is taken to leave an error one: it wraps it,
// or tells of it.
func (k *walker) written(w world, ops operands, m mode) world {
	for _, v := range ops.values {
		base, _, _ := k.f.cell(v)
		slot, ok := k.f.pointees[base]
		if ssapass.IsVariable(v) {
			slot, ok = k.f.variable(base)
		}
		if !ok || !w.at(slot).scalar() || m == deferred && w.at(slot) == nonNil {
			continue
		}
		w = w.set(slot, unknown)
	}
	return w
}

// ordinary runs a call that does not open the scope.
func (k *walker) ordinary(w world, instr ssa.CallInstruction, ops operands, m mode) []world {
	if b, ok := ops.common.Value.(*ssa.Builtin); ok {
		return []world{k.builtin(w, instr, b, ops)}
	}
	w = k.clearResults(w, instr)
	c := k.f.program.callee(ops.common)
	switch {
	case ops.common.IsInvoke():
		return k.invoke(w, instr, ops, c, m)
	case ops.fn.isClosure():
		return k.callClosure(w, instr, ops, m)
	case ops.fn == resource:
		return []world{k.shut(w, instr, k.calledFate(ops.common.Value), m)}
	case ops.fn == around:
		return []world{k.shutOuter(w, instr, k.outer.fate(), m)}
	case ops.fn.isHolder() && c.dynamic:
		return []world{k.escapeAll(k.escape(w, ops.fn), instr, ops)}
	case c.dynamic:
		return k.unknownCall(w, instr, ops, c, m)
	}
	return k.static(w, instr, ops, c, m)
}

// invoke calls a method of an interface value.
func (k *walker) invoke(w world, instr ssa.CallInstruction, ops operands, c callee, m mode) []world {
	ops.args = append([]val{ops.fn}, ops.args...)
	ops.values = append([]ssa.Value{ops.common.Value}, ops.values...)
	return k.method(w, instr, ops, c, m)
}

// method calls a method of an interface value, which comes first among the arguments.
func (k *walker) method(w world, instr ssa.CallInstruction, ops operands, c callee, m mode) []world {
	c.dynamic = true
	if ops.args[0] == resource || ops.args[0] == around {
		return k.runtime(w, instr, ops, "Scope."+c.obj.Name(), m)
	}
	return k.unknownCall(w, instr, ops, c, m)
}

// static calls a function that is known by name, or a literal.
func (k *walker) static(w world, instr ssa.CallInstruction, ops operands, c callee, m mode) []world {
	switch {
	case c.name != "":
		return k.runtime(w, instr, ops, c.name, m)
	case c.obj == nil && c.body != nil:
		return k.inline(w, instr, ops, c.body, m)
	}
	if k.exitsCleanly(w, instr, c, ops.values) && w.life == open && !w.has(moved) {
		k.seen.leak(Exit{Pos: instr.Pos(), How: AtExit})
	}
	if isExit(c.obj) {
		return nil
	}
	w, ok := k.assumeAsserted(w, c.obj, ops.values)
	if !ok {
		return nil
	}
	w = k.enqueues(w, instr, ops, c)
	switch {
	case !c.known:
		return k.unknownCall(w, instr, ops, c, m)
	case k.f.program.pending(c) && k.hands(ops):
		return nil
	}
	return k.summarised(w, instr, ops, c, m)
}

// unknownCall calls a function that nothing is known of.
func (k *walker) unknownCall(w world, instr ssa.CallInstruction, ops operands, c callee, m mode) []world {
	if c.obj == nil || c.dynamic {
		w = k.enqueues(w, instr, ops, c)
	}
	w = k.derive(w, instr, ops)
	worlds := []world{w}
	for i, a := range ops.args {
		switch {
		case a.carries() && !k.borrows(c, i, a):
			for j := range worlds {
				worlds[j] = k.give(worlds[j])
			}
		case a == around && k.outer.fate() == Discarded && runsInTheEnd(c.obj):
			for j := range worlds {
				worlds[j] = k.doom(worlds[j])
			}
		case a.isClosure():
			var after []world
			for _, w := range worlds {
				after = append(after, k.maybeCall(w, instr, a, m)...)
			}
			worlds = after
		}
	}
	return worlds
}

// errorResult returns the result that is an error, -1 if none is.
func errorResult(sig *types.Signature) int {
	for i := sig.Results().Len() - 1; i >= 0; i-- {
		if isError(sig.Results().At(i).Type()) {
			return i
		}
	}
	return -1
}

func (w world) fate() Fate {
	var f Fate
	switch {
	case w.life == open && w.has(moved):
		f = Taken
	case w.life == open:
		f = Left
	case w.has(flushed):
		f = Flushed
	case w.has(discarded | dropped):
		f = Discarded
	case w.life == closed:
		f = Closed
	}
	if w.has(read) {
		f |= Read
	}
	return f
}

func (k *walker) builtin(w world, instr ssa.CallInstruction, b *ssa.Builtin, ops operands) world {
	v, ok := instr.(*ssa.Call)
	if b.Name() != "append" || !ok {
		return w
	}
	for _, a := range ops.args {
		if a.carries() {
			return k.assign(w, v, holderAny)
		}
		if a.isClosure() {
			w = k.escape(w, a)
		}
	}
	return k.assign(w, v, unknown)
}

// clearResults forgets what an earlier run of the same call returned.
func (k *walker) clearResults(w world, instr ssa.CallInstruction) world {
	v, ok := instr.(*ssa.Call)
	if !ok {
		return w
	}
	w = k.assign(w, v, unknown)
	if v.Call.Signature().Results().Len() > 1 {
		for _, ref := range *v.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok {
				w = k.assign(w, e, unknown)
			}
		}
	}
	return w
}

// result notes that result i of a call is x.
func (k *walker) result(w world, instr ssa.CallInstruction, i int, x val) world {
	for _, v := range results(instr, i) {
		w = k.assign(w, v, x)
	}
	return w
}

// resultVal is what is known of result i of a call.
func (k *walker) resultVal(w world, instr ssa.CallInstruction, i int) val {
	for _, v := range results(instr, i) {
		return k.noted(w, v)
	}
	return unknown
}

// results returns the values that are result i of a call: few.
func results(instr ssa.CallInstruction, i int) []ssa.Value {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	if call.Call.Signature().Results().Len() == 1 {
		return []ssa.Value{call}
	}
	var all []ssa.Value
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			all = append(all, e)
		}
	}
	return all
}
