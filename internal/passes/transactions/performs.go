package transactions

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Sets have two members here that are no effects.
const (
	dispatches effect.Set = 1 << 63 // a scope's intents are dispatched
	opensEnds  effect.Set = 1 << 62 // what implementations elsewhere perform
)

// with returns a knower that answers by what a check knows, bindings included.
func (k *knower) with(bound *effects.Result, table *Table) *knower {
	c := *k
	c.effects, c.table, c.checking = bound, table, true
	return &c
}

// rework works out again what the functions of this package perform on which paths.
func (k *knower) rework() {
	k.reset()
	known := k.own
	k.own = make(map[*types.Func]*Summary, len(known))
	for fn, s := range known {
		copied := *s
		copied.Failing, copied.Absent, copied.Guards, copied.Past = 0, 0, nil, nil
		k.own[fn] = &copied
	}
	k.fix(k.funcs, k.paths)
}

// performs returns what a call may do.
func (k *knower) performs(call ssa.CallInstruction) effect.Set {
	set, ok := k.performed[call]
	if !ok {
		set = k.does(call)
		k.performed[call] = set
	}
	return set
}

func (k *knower) does(call ssa.CallInstruction) effect.Set {
	if k.meaning(call).after {
		return 0
	}
	if ctx, ok := dispatching(call); ok {
		return dispatch(ctx == nil || !scoped(ctx, maxDerived))
	}
	if _, ok := argument(call.Common().Value); ok && !call.Common().IsInvoke() {
		return 0 // the function is the caller's, who hands it over: what it does is said there
	}
	set := setOf(k.effects.Call(call)) | dispatch(k.flushesIn(call))
	if body := ssapass.LoopBody(call.Common()); body != nil { // what is done there is said there
		set = set.Minus(setOf(k.effects.Does(body))) | k.byItself(call)
	}
	if c := call.Common(); !k.checking && c.IsInvoke() && k.class(c.Method.Pkg()) == whose.Own {
		set |= opensEnds
	} else if fn := callee(c); fn != nil && !k.checking {
		if s := k.effects.Of(fn); s != nil && len(s.Open) > 0 {
			set |= opensEnds
		}
	}
	return set
}

// sends returns what a send on a channel makes the receivers do.
func (k *knower) sends(send ssa.Instruction) effect.Set {
	set, ok := k.performed[send]
	if !ok {
		set = setOf(k.effects.Sends(send))
		k.performed[send] = set
	}
	return set
}

// setOf is the set of what is performed. What comes from a binding is the open end's.
func setOf(list []effects.Performed) effect.Set {
	var set effect.Set
	for _, p := range list {
		if p.Effect.Kind().Ambient() {
			continue
		}
		set = set.Join(effect.SetOf(p.Effect))
	}
	return set
}

// doneBy returns what a function performs that is only named here: where it fails, only if that stands.
func (k *knower) doneBy(fn *types.Func, failing bool) effect.Set {
	set := setOf(k.effects.Performs(fn))
	if own := k.summary(fn); own != nil {
		set = set.Minus(own.Absent) | dispatch(len(own.Flushes) > 0)
		if !failing {
			set = set.Minus(own.Failing)
		}
	}
	return set
}

// calls reports whether a call calls a function that the declared function around it was given, or hands one on.
func (k *knower) calls(call ssa.CallInstruction) bool {
	if k.callsHeld(call) {
		return true
	}
	c := call.Common()
	if !takesFunctions(declared(call.Parent()).Signature) {
		return false
	}
	if _, ok := argument(c.Value); ok && (!c.IsInvoke() || callsNext(c)) || goesOn(c) != nil {
		return true
	}
	for i := range operands(c) {
		v := operand(c, i)
		if _, ok := v.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		if _, ok := argument(v); ok {
			return true
		}
	}
	return false
}

// callsHeld reports whether an instruction calls a function that a parameter of the declared function around it holds, or hands it to
// one that does.
func (k *knower) callsHeld(instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	c := call.Common()
	if !c.IsInvoke() && c.StaticCallee() == nil && held(c.Value) {
		return true
	}
	for i := range operands(c) {
		v := operand(c, i)
		if _, ok := v.Type().Underlying().(*types.Signature); ok && held(v) && k.invokes(call, i) {
			return true
		}
	}
	return false
}

// held reports whether a value was read from a field of a parameter: itself, or one of many.
func held(v ssa.Value) bool {
	switch v := origin(v).(type) {
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.IndexAddr); ok {
			return held(at.X)
		}
		s := spotOf(v.X)
		return s.path != "" && paramIndex(s.root) >= 0
	case *ssa.Field:
		return held(v.X) || paramIndex(v.X) >= 0
	case *ssa.Lookup:
		return held(v.X)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Lookup:
			return held(t.X)
		case *ssa.Next:
			all, ok := t.Iter.(*ssa.Range)
			return ok && held(all.X)
		}
	}
	return false
}

// invokes reports whether a call calls the function that is its i-th argument.
func (k *knower) invokes(call ssa.CallInstruction, i int) bool {
	fn := callee(call.Common())
	if fn == nil {
		return false
	}
	if k.class(fn.Pkg()) == whose.Std {
		e, ok := k.catalog.Func(fn)
		return !ok || e.Class != catalog.Registering && e.Class != catalog.Deferring
	}
	s := k.effects.Of(fn)
	if s == nil {
		return false
	}
	for _, c := range s.Calls {
		if c.Param == i && c.Path == "" && c.Method == "" && !c.Outer {
			return true
		}
	}
	return false
}
