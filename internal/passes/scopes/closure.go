package scopes

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

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
