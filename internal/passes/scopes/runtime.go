package scopes

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/whose"
)

// runtime runs a call of a function of the runtime.
func (k *walker) runtime(w world, instr ssa.CallInstruction, ops operands, name string, m mode) []world {
	if method, ok := strings.CutPrefix(name, "Scope."); ok {
		switch {
		case len(ops.args) > 0 && ops.args[0] == around:
			return []world{k.outerMethod(w, instr, method, m)}
		case len(ops.args) == 0 || ops.args[0] != resource:
			return []world{w}
		}
		if method == "State" && w.life == open && !w.has(moved) {
			return []world{k.result(w, instr, 0, stateOpen)}
		}
		return []world{k.scopeMethod(w, instr, method, m)}
	}
	switch name {
	case "Enqueue", "EnqueueFunc", "Task.Enqueue", "Intent.Enqueue":
		return k.enqueue(w, instr, ops)
	case "Run", "InTx", "Airlock.Run", "Airlock.InTx":
		return k.under(k.touch(w, instr, ops, certain), instr, ops, m)
	case "Go":
		return k.under(k.touch(w, instr, ops, certain), instr, ops, async)
	case "FromContext":
		if k.given(ops) {
			w = k.result(k.result(w, instr, 0, resource), instr, 1, isTrue)
		}
		return []world{w}
	case "Detach":
		return []world{w}
	}
	w = k.derive(w, instr, ops)
	for _, a := range ops.args {
		if a.isClosure() {
			w = k.escape(w, a)
		}
	}
	return []world{w}
}

// stateOpen is the runtime's State of an open scope, its zero value.
const stateOpen = val(intBase + intBias)

// enqueues reports whether the function of the runtime of that name enqueues, or runs something under the context that it is handed.
func enqueues(name string) bool {
	switch name {
	case "Enqueue", "EnqueueFunc", "Task.Enqueue", "Intent.Enqueue", "Run", "InTx", "Airlock.Run", "Airlock.InTx", "Go":
		return true
	}
	return false
}

// derives reports whether what a function of that name of the runtime returns comes from the context that it is handed; so it does for
// all other functions.
func derives(name string) bool {
	return name != "Detach" && name != "FromContext" && !enqueues(name) && !strings.HasPrefix(name, "Scope.")
}

// scopeMethod runs a call of a method of the scope that is followed.
func (k *walker) scopeMethod(w world, instr ssa.CallInstruction, name string, m mode) world {
	switch name {
	case "Flush":
		if instr != nil {
			k.seen.use(instr, w, k.f.calls[instr])
		}
		return k.shut(w, instr, Flushed, m)
	case "Discard":
		return k.shut(w, instr, Discarded, m)
	case "Intents", "Own", "Captured", "Report":
		w.flags |= read
	}
	return w
}

// enqueue runs an Enqueue, in two worlds where somebody looks at its error: one that failed has enqueued nothing.
func (k *walker) enqueue(w world, instr ssa.CallInstruction, ops operands) []world {
	for _, a := range ops.args {
		w = k.escape(w, a)
	}
	after := k.touch(w, instr, ops, certain)
	if v, ok := instr.(*ssa.Call); ok && after != w {
		if slot, ok := k.f.slots[v]; ok && k.f.decides(slot) {
			return []world{after.set(slot, isNil), w.set(slot, nonNil)}
		}
	}
	return []world{after}
}

// under runs a call that runs the literals it is given under its context.
func (k *walker) under(w world, instr ssa.CallInstruction, ops operands, m mode) []world {
	ctx := unknown
	if k.given(ops) {
		ctx = inContext
	}
	worlds := []world{w}
	for _, a := range ops.args {
		if !a.isClosure() {
			continue
		}
		fn := literal(k.f.literal(a))
		var after []world
		for _, w := range worlds {
			if fn == nil {
				after = append(after, k.callValue(w, instr, a, m)...)
				continue
			}
			for _, e := range k.endings(w, fn, []val{ctx}, m) {
				if m == async {
					e.w = k.meanwhile(w, e.w)
				}
				after = append(after, e.w)
			}
		}
		worlds = after
	}
	return worlds
}

// given reports whether a call is handed the scope's context.
func (k *walker) given(ops operands) bool {
	for _, a := range ops.args {
		if a == inContext {
			return true
		}
	}
	return false
}

// touch notes that a call enqueues, for sure or possibly: in the scope that is followed if it is handed its context, elsewhere if
// it is handed another one.
func (k *walker) touch(w world, instr ssa.CallInstruction, ops operands, how certainty) world {
	for i, a := range ops.args {
		if a == inContext {
			return k.inScope(w, instr, how)
		}
		if w.life == open && k.f.program.carriesContext(ops.values[i].Type()) {
			k.seen.elsewhere = true
		}
	}
	return w
}

func (k *walker) inScope(w world, instr ssa.CallInstruction, how certainty) world {
	k.seen.enqueued = max(k.seen.enqueued, how)
	if how == certain && w.life != unborn {
		k.seen.use(instr, w, 0)
	}
	if w.life != open {
		return w
	}
	if how == doubtful {
		k.seen.doubts[instr] = true
		w.flags |= doubted
		return w
	}
	w.flags |= dirty
	return w
}

// enqueues notes what a function that is not the runtime's enqueues.
func (k *walker) enqueues(w world, instr ssa.CallInstruction, ops operands, c callee) world {
	for i, a := range ops.args {
		how := k.f.program.mayEnqueue(ops.common, c, i, ops.values[i].Type())
		if how == impossible {
			continue
		}
		if a == inContext {
			w = k.inScope(w, instr, how)
		} else if w.life == open {
			k.seen.elsewhere = true
		}
	}
	return w
}

// mayEnqueue returns how sure it is that a call enqueues in the scope of its argument i, which is of type t.
func (p *program) mayEnqueue(call *ssa.CallCommon, c callee, i int, t types.Type) certainty {
	how := impossible
	switch {
	case c.obj == nil:
		how = possible
		if isHanded(call.Value) {
			how = handed
		}
	case c.known:
		how = c.summary.enqueue(i)
	case passesOn(c.obj.Name()):
		how = possible
	case c.dynamic && p.own(c.obj.Pkg()):
		how = doubtful
	}
	if how == impossible || !p.carriesContext(t) {
		return impossible
	}
	if how == handed && c.obj != nil {
		return p.handedEnqueue(call)
	}
	return how
}

// isHanded reports whether a function value is one that the declared function around it is handed.
func isHanded(v ssa.Value) bool {
	p, ok := assignedOnce(v).(*ssa.Parameter)
	return ok && p.Parent().Parent() == nil
}

// handedEnqueue returns how sure it is that the functions which a call is handed enqueue.
func (p *program) handedEnqueue(call *ssa.CallCommon) certainty {
	most := impossible
	for _, arg := range call.Args {
		if isFunc(arg.Type()) {
			most = max(most, p.functionEnqueues(arg))
		}
	}
	return min(most, possible) // the callee need not call them
}

func (p *program) functionEnqueues(v ssa.Value) certainty {
	if from := converted(v); from != nil {
		return p.functionEnqueues(from)
	}
	if lit := p.functions[literal(v)]; lit != nil {
		return p.couldEnqueue(lit)
	}
	switch v := v.(type) {
	case *ssa.Const:
		return impossible
	case *ssa.Function:
		return p.declaredEnqueues(p.declared(v))
	case *ssa.MakeClosure:
		return p.declaredEnqueues(p.declared(v.Fn.(*ssa.Function)))
	}
	if isHanded(v) {
		return handed
	}
	return possible
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

func (p *program) declaredEnqueues(c *callee) certainty {
	switch {
	case enqueues(c.name):
		return certain
	case c.obj == nil || p.pending(*c):
		return possible
	case isInterfaceMethod(c.obj):
		if p.own(c.obj.Pkg()) {
			return doubtful
		}
		return impossible
	}
	most := impossible
	if c.summary != nil {
		for _, e := range c.summary.Enqueues {
			most = max(most, e.How)
		}
	}
	return most
}

// passesOn reports whether a method of others of that name is one by which a framework calls what comes next.
func passesOn(name string) bool {
	return name == "Next" || strings.HasPrefix(name, "Serve") || strings.HasPrefix(name, "Handle")
}

func (p *program) own(pkg *types.Package) bool {
	return pkg != nil && whose.Package(p.pass, pkg) == whose.Own
}

// derive notes the contexts, and what else carries one, that a call returns which is handed the scope's.
func (k *walker) derive(w world, instr ssa.CallInstruction, ops operands) world {
	held, below := false, false
	for _, a := range ops.args {
		held, below = held || a.isHolder(), below || a == aroundContext
	}
	given := k.given(ops)
	if !given && !held && !below {
		return w
	}
	results := ops.common.Signature().Results()
	for i := range results.Len() {
		t := results.At(i).Type()
		switch {
		case (given || held) && isContext(t), given && k.f.program.carriesContext(t):
			w = k.result(w, instr, i, inContext)
		case below && isContext(t):
			w = k.result(w, instr, i, aroundContext)
		}
	}
	return w
}

// borrows reports whether a function that was not looked into leaves argument i alone: printing a scope does not close it.
func (k *walker) borrows(c callee, i int, a val) bool {
	if c.obj == nil || c.obj.Pkg() == nil || c.dynamic {
		return false
	}
	switch c.obj.Pkg().Path() {
	case "fmt", "log", "log/slog", "errors", "reflect", "runtime":
		return true
	}
	return false
}
