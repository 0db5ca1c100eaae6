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
	for _, end := range b.Parent().Blocks {
		if ret, ok := end.Instrs[len(end.Instrs)-1].(*ssa.Return); ok && (end == b || reaches(b, end)) {
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

// callClosure calls a literal, a method value or a function that a variable holds.
func (k *walker) callClosure(w world, instr ssa.CallInstruction, ops operands, m mode) []world {
	v := k.f.literal(ops.fn)
	switch v := v.(type) {
	case *ssa.Function:
		return k.static(w, instr, ops, k.f.program.function(v), m)
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		if fn.Parent() == nil { // a method value: its receiver comes first
			ops.values = append([]ssa.Value{v.Bindings[0]}, ops.values...)
			ops.args = append([]val{k.eval(w, v.Bindings[0])}, ops.args...)
			c := k.f.program.function(fn)
			if types.IsInterface(v.Bindings[0].Type()) {
				return k.method(w, instr, ops, c, m)
			}
			return k.static(w, instr, ops, c, m)
		}
		return k.static(w, instr, ops, callee{body: fn}, m)
	}
	return []world{w}
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

// maybeCall is what may have become of the scope when a literal was handed to something that may call it, now or later, or not.
func (k *walker) maybeCall(w world, instr ssa.CallInstruction, a val, m mode) []world {
	if isYield(k.f.literal(a)) {
		return k.iterate(w, instr, a, m)
	}
	if !k.concerns(w, a, maxDepth) {
		lit := k.f.program.functions[literal(k.f.literal(a))]
		k.seen.elsewhere = k.seen.elsewhere || w.life == open && lit != nil && k.f.program.couldEnqueue(lit) > impossible
		return []world{k.blur(w, a)}
	}
	out := []world{w}
	for _, after := range k.callValue(w, instr, a, m) {
		switch {
		case after.has(over) && !w.has(over) && runsInTheEnd(k.f.program.callee(instr.Common()).obj):
			out[0] = k.doom(out[0])
		case w.life == unborn, after.life == w.life && (after.has(moved) == w.has(moved) || literal(k.f.literal(a)) == nil):
			out = append(out, after)
		default:
			// It closes the scope, or hands it on, whenever it is called: that is in its hands now.
			out[0] = k.give(out[0])
		}
	}
	return out
}

// concerns reports whether a call of the function value x can have to do with the scope: it can get at it or at its context, or opens it.
func (k *walker) concerns(w world, x val, depth int) bool {
	v, ok := k.f.literal(x).(*ssa.MakeClosure)
	if !ok {
		fn, ok := k.f.literal(x).(*ssa.Function)
		return ok && k.opens(fn)
	}
	if depth == 0 || k.opens(v.Fn.(*ssa.Function)) {
		return true
	}
	for _, b := range v.Bindings {
		held := k.held(w, b)
		if held.tracked() || held == around || held.isClosure() && held != x && k.concerns(w, held, depth-1) {
			return true
		}
	}
	return false
}

// held is what is known of what a captured variable holds, or of the receiver of a method value.
func (k *walker) held(w world, b ssa.Value) val {
	base, _, _ := k.f.cell(b)
	if slot, ok := k.f.slots[base]; ok {
		return w.at(slot)
	}
	return k.eval(w, b)
}

// opens reports whether the call that is followed lies in fn.
func (k *walker) opens(fn *ssa.Function) bool {
	return k.origin.instr != nil && k.f.within(k.origin.instr.Parent(), fn)
}

// blur forgets which way branches went by the variables that x may assign to.
func (k *walker) blur(w world, x val) world {
	v, ok := k.f.literal(x).(*ssa.MakeClosure)
	if !ok {
		return w
	}
	for _, b := range v.Bindings {
		base, _, _ := k.f.cell(b)
		if slot, ok := k.f.slots[base]; ok && w.at(slot).scalar() {
			w = w.set(slot, unknown)
		}
	}
	return w
}

func isYield(v ssa.Value) bool {
	c, ok := v.(*ssa.MakeClosure)
	return ok && c.Fn.(*ssa.Function).Synthetic == rangeFuncYield
}

// iterate runs the body of a range over a function any number of times.
func (k *walker) iterate(w world, instr ssa.CallInstruction, a val, m mode) []world {
	body := k.f.literal(a).(*ssa.MakeClosure).Fn.(*ssa.Function)
	seen := map[world]bool{w: true}
	todo, out := []world{w}, []world{w}
	for len(todo) > 0 && len(seen) < manyWorlds {
		w := todo[0]
		todo = todo[1:]
		for _, e := range k.endings(w, body, nil, m) {
			if seen[e.w] {
				continue
			}
			seen[e.w] = true
			out = append(out, e.w)
			if e.results != string([]byte{byte(isFalse)}) {
				todo = append(todo, e.w)
			}
		}
	}
	return out
}

// callValue calls a function value with arguments that nothing is known of.
func (k *walker) callValue(w world, instr ssa.CallInstruction, a val, m mode) []world {
	switch v := k.f.literal(a).(type) {
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		if fn.Parent() != nil {
			return k.calledBy(w, instr, fn, m)
		}
		return k.callBound(w, instr, v, m)
	case *ssa.Function:
		if v.Parent() != nil {
			return k.calledBy(w, instr, v, m)
		}
	}
	return []world{w}
}

// calledBy runs a literal that a call hands over: whoever calls it has what it returns. Where it opens the scope, the call is taken to
// return its error: retry(func() (err error) { scope, err = open(); return err }).
func (k *walker) calledBy(w world, instr ssa.CallInstruction, fn *ssa.Function, m mode) []world {
	from, to := -1, -1
	if w.life == unborn && instr != nil && k.opens(fn) {
		from, to = errorResult(fn.Signature), errorResult(instr.Common().Signature())
	}
	var out []world
	for _, e := range k.endings(w, fn, nil, m) {
		after := e.w
		for i := range len(e.results) {
			x := val(e.results[i])
			if x.carries() || x.isClosure() && k.closes(after, x) {
				after = k.give(after)
			}
			if i == from && to >= 0 {
				after = k.result(after, instr, to, x)
			}
		}
		out = append(out, after)
	}
	return out
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

// callBound calls a method value, with arguments that nothing is known of but for its receiver.
func (k *walker) callBound(w world, instr ssa.CallInstruction, v *ssa.MakeClosure, m mode) []world {
	recv := k.eval(w, v.Bindings[0])
	c := k.f.program.function(v.Fn.(*ssa.Function))
	switch {
	case recv == resource:
		return []world{k.scopeMethod(w, instr, c.obj.Name(), m)}
	case recv == around:
		return []world{k.outerMethod(w, instr, c.obj.Name(), m)}
	case recv.isHolder() && c.known && !types.IsInterface(v.Bindings[0].Type()):
		p := c.summary.param(0).from(recv, v.Bindings[0].Type())
		if p.Fate&Returned != 0 {
			p.Fate = p.Fate&^Returned | Left
		}
		return k.befall(w, instr, p, m)
	case recv.isHolder():
		return []world{k.give(w)}
	}
	return []world{w}
}

func (k *walker) worlds(endings []ending) []world {
	var out []world
	for _, e := range endings {
		out = append(out, e.w)
	}
	return out
}

// inline runs a literal where it is called.
func (k *walker) inline(w world, instr ssa.CallInstruction, ops operands, fn *ssa.Function, m mode) []world {
	var out []world
	for _, e := range k.endings(w, fn, ops.args, m) {
		after := e.w
		if m == async {
			after = k.meanwhile(w, after)
		}
		if m == plain {
			for i := range len(e.results) {
				after = k.result(after, instr, i, val(e.results[i]))
			}
		}
		out = append(out, after)
	}
	return out
}

// meanwhile is what a goroutine may do to the scope, seen from where it was started.
func (k *walker) meanwhile(before, after world) world {
	if before.life == open && after.life == closed {
		before = k.give(before)
	}
	before.flags |= after.flags & (dirty | read | moved)
	return before
}

// endings runs a literal, once for each world that it is called in.
func (k *walker) endings(w world, fn *ssa.Function, args []val, m mode) []ending {
	if k.active[fn] > 0 || len(k.active) > maxDepth {
		return []ending{{w: k.give(w)}}
	}
	for i, p := range fn.Params {
		x := unknown
		if i < len(args) {
			x = args[i]
		}
		w = k.assign(w, p, x)
	}
	if m == plain {
		m = k.mode
	}
	key := call{fn, w, m}
	if done, ok := k.memo[key]; ok {
		return done
	}
	outer := k.mode
	k.mode = m
	k.active[fn]++
	done := k.run(fn, w)
	k.active[fn]--
	if k.active[fn] == 0 {
		delete(k.active, fn)
	}
	k.mode = outer
	k.memo[key] = done
	return done
}

// escape notes that x went somewhere out of sight.
func (k *walker) escape(w world, x val) world {
	switch {
	case x.carries():
		return k.give(w)
	case x.isClosure():
		if w.life == open && k.closes(w, x) {
			return k.give(w)
		}
		return k.mayHappen(w, x)
	}
	return w
}

func (k *walker) escapeAll(w world, _ ssa.CallInstruction, ops operands) world {
	for _, a := range ops.args {
		w = k.escape(w, a)
	}
	return w
}

// closes reports whether a call of the function value x may close the scope, or hands it on.
func (k *walker) closes(w world, x val) bool {
	if w.life != open {
		return false
	}
	defer k.aside()()
	for _, after := range k.trial(w, x) {
		if after.life == closed || after.has(moved) && !w.has(moved) {
			return true
		}
	}
	return false
}

// mayHappen is w where x may be called at any time.
func (k *walker) mayHappen(w world, x val) world {
	for _, after := range k.trial(w, x) {
		w.flags |= after.flags & (dirty | read)
	}
	return w
}

// trial calls a function value without noting what is seen on the way.
func (k *walker) trial(w world, x val) []world {
	return k.quietly(func() []world { return k.callValue(w, nil, x, plain) })
}

func (k *walker) quietly(run func() []world) []world {
	seen, memo := k.seen, k.memo
	k.seen, k.memo = newSightings(), map[call][]ending{}
	defer func() { k.seen, k.memo = seen, memo }()
	return run()
}

// fateOf is what a call of the function value x does to the scope.
func (k *walker) fateOf(w world, x val) Fate {
	defer k.aside()()
	var fate Fate
	for _, after := range k.trial(w, x) {
		fate |= after.fate()
	}
	return fate
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
