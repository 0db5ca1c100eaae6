package contexts

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A guard is a call that tells whether a context carries a scope, and the context.
type guard struct {
	call ssa.CallInstruction
	ctx  ssa.Value
}

// guarded returns the guard that proves v scoped wherever control reaches b; nil if none does.
func (a *engine) guarded(v ssa.Value, b *ssa.BasicBlock) ssa.CallInstruction {
	for _, g := range a.guardsAt(b) {
		if a.base(g.ctx) == a.base(v) {
			return g.call
		}
	}
	return nil
}

// asksForScope reports whether the error that the call returned is compared with airlock.ErrNoScope: who asks for it has an answer.
func asksForScope(call ssa.CallInstruction) bool {
	v, ok := call.(*ssa.Call)
	if !ok {
		return false
	}
	for _, ref := range *v.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && isError(e.Type()) && isNoScope(e) {
			return true
		}
	}
	return isError(v.Type()) && isNoScope(v)
}

// isNoScope reports whether errors.Is is asked if err is airlock.ErrNoScope.
func isNoScope(err ssa.Value) bool {
	for _, ref := range *err.Referrers() {
		is, ok := ref.(*ssa.Call)
		if !ok || len(is.Call.Args) != 2 || is.Call.Args[0] != err {
			continue
		}
		if fn := calledFunc(is.Common()); fn == nil || !isErrorsIs(fn) {
			continue
		}
		load, ok := is.Call.Args[1].(*ssa.UnOp)
		if !ok {
			continue
		}
		if g, ok := load.X.(*ssa.Global); ok && g.Name() == "ErrNoScope" && g.Pkg.Pkg.Path() == airlockapi.Path {
			return true
		}
	}
	return false
}

func isErrorsIs(fn *types.Func) bool {
	return fn.Name() == "Is" && fn.Pkg() != nil && fn.Pkg().Path() == "errors"
}

// guardsAt returns the guards that hold in b: those of the edges that dominate it, and for a literal those that hold where it is made.
func (a *engine) guardsAt(b *ssa.BasicBlock) []guard {
	if !a.guarding {
		return nil
	}
	if gs, ok := a.guards[b]; ok {
		return gs
	}
	var gs []guard
	for d := b; d != nil; d = d.Idom() {
		if len(d.Preds) == 1 {
			gs = append(gs, a.proven(d.Preds[0], d)...)
		}
	}
	if made := ssapass.Closure(b.Parent()); made != nil {
		gs = append(gs, a.guardsAt(made.Block())...)
	}
	a.guards[b] = gs
	return gs
}

// proven returns the guards that control proves by going from pred to b.
func (a *engine) proven(pred, b *ssa.BasicBlock) []guard {
	cond, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
	if !ok || !a.guarding || pred.Succs[0] == pred.Succs[1] {
		return nil
	}
	return a.implied(cond.Cond, pred.Succs[0] == b)
}

// implied returns the guards that a condition proves by being truth.
func (a *engine) implied(cond ssa.Value, truth bool) []guard {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return a.implied(cond.X, !truth)
		}
	case *ssa.BinOp:
		return a.compared(cond, truth)
	case *ssa.Phi:
		return a.allOf(cond, truth)
	case *ssa.Extract:
		if call, ok := cond.Tuple.(*ssa.Call); ok && truth {
			return a.guardCall(call, cond.Index)
		}
	case *ssa.Call:
		if truth {
			return a.guardCall(cond, 0)
		}
	}
	return nil
}

// compared handles scope != nil, scope == nil and comparisons with true and false.
func (a *engine) compared(cond *ssa.BinOp, truth bool) []guard {
	if cond.Op != token.EQL && cond.Op != token.NEQ {
		return nil
	}
	x, y := cond.X, cond.Y
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
	}
	c, ok := y.(*ssa.Const)
	if !ok {
		return nil
	}
	equal := (cond.Op == token.EQL) == truth
	if c.Value != nil && c.Value.Kind() == constant.Bool {
		return a.implied(x, equal == constant.BoolVal(c.Value))
	}
	scope, ok := x.(*ssa.Extract)
	if !ok || !c.IsNil() || equal || scope.Index != 0 {
		return nil
	}
	if call, ok := scope.Tuple.(*ssa.Call); ok && apiName(call.Common()) == "FromContext" {
		return []guard{{call, call.Call.Args[0]}}
	}
	return nil
}

// allOf handles ok && other kept in a variable: it is true only if control came from the operand that isn't a constant.
func (a *engine) allOf(cond *ssa.Phi, truth bool) []guard {
	from := -1
	for i, e := range cond.Edges {
		if c, ok := e.(*ssa.Const); ok && c.Value != nil && constant.BoolVal(c.Value) != truth {
			continue
		}
		if from >= 0 {
			return nil
		}
		from = i
	}
	if from < 0 {
		return nil
	}
	pred := cond.Block().Preds[from]
	if cond.Block().Dominates(pred) {
		return nil // a loop
	}
	gs := append(a.proven(pred, cond.Block()), a.implied(cond.Edges[from], truth)...)
	return append(gs, a.guardsAt(pred)...)
}

// guardCall returns what a true result of the call proves.
func (a *engine) guardCall(call *ssa.Call, result int) []guard {
	if apiName(call.Common()) == "FromContext" && result == 1 {
		return []guard{{call, call.Call.Args[0]}}
	}
	fn := call.Call.StaticCallee()
	if fn == nil {
		return nil
	}
	var gs []guard
	for _, g := range a.guardFacts(original(fn)) {
		if arg := argument(call.Common(), original(fn).Signature, g.Param); g.Result == result && arg != nil {
			gs = append(gs, guard{call, arg})
		}
	}
	return gs
}

// guardFacts returns the boolean results of fn that are true only for a scoped context.
func (a *engine) guardFacts(fn *ssa.Function) []Guard {
	if len(fn.Blocks) == 0 {
		if f := a.factOf(fn); f != nil {
			return f.Guards
		}
		return nil
	}
	if !a.guarding {
		return nil
	}
	gs, ok := a.guardsOf[fn]
	if !ok {
		a.guardsOf[fn] = nil // a function that calls itself to know proves nothing
		gs = a.inferGuards(fn)
		a.guardsOf[fn] = gs
	}
	return gs
}

func (a *engine) inferGuards(fn *ssa.Function) []Guard {
	var gs []Guard
	for r := range fn.Signature.Results().Len() {
		if !isBool(fn.Signature.Results().At(r).Type()) {
			continue
		}
		for p, param := range declaredParams(fn) {
			if a.carries(param.Type()) && a.everyTrue(fn, r, param) {
				gs = append(gs, Guard{r, p})
			}
		}
	}
	return gs
}

// everyTrue reports whether each return of fn gives false as its result r, or proves param scoped.
func (a *engine) everyTrue(fn *ssa.Function, r int, param *ssa.Parameter) bool {
	some := false
	for _, ret := range returns(fn) {
		if c, ok := ret.Results[r].(*ssa.Const); ok && c.Value != nil && !constant.BoolVal(c.Value) {
			continue
		}
		proofs := append(a.guardsAt(ret.Block()), a.implied(ret.Results[r], true)...)
		proves := false
		for _, g := range proofs {
			proves = proves || a.base(g.ctx) == ssa.Value(param)
		}
		if !proves {
			return false
		}
		some = true
	}
	return some
}

// base strips what derives a child from a context, and follows variables that hold one value.
func (a *engine) base(v ssa.Value) ssa.Value {
	for range 64 { // longer chains than this are loops
		next := a.parentOf(v)
		if next == nil {
			return v
		}
		v = next
	}
	return v
}

func (a *engine) parentOf(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.ChangeType:
		return v.X
	case *ssa.TypeAssert:
		return v.X
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && a.carries(v.Type()) {
			return a.derivedFrom(call)
		}
		if assert, ok := v.Tuple.(*ssa.TypeAssert); ok {
			return assert.X
		}
	case *ssa.Call:
		if a.carries(v.Type()) {
			return a.derivedFrom(v)
		}
	case *ssa.UnOp:
		return a.loaded(v)
	}
	return nil
}

// loaded returns the one value that a load may give: what was stored, or the variable itself in a literal that doesn't store to it.
func (a *engine) loaded(v *ssa.UnOp) ssa.Value {
	if v.Op != token.MUL {
		return nil
	}
	if field, ok := v.X.(*ssa.FieldAddr); ok && a.carries(field.X.Type()) && a.carries(v.Type()) && len(a.settings(field.X)) == 0 {
		return field.X
	}
	if !ssapass.IsVariable(v.X) {
		return nil
	}
	if all := ssapass.Stores(v.X); len(all) == 1 {
		return all[0].Val
	}
	r := a.reaching(v.X, v)
	switch {
	case len(r.stores) == 1 && !r.entry && len(r.guards) == 0:
		return r.stores[0].Val
	case len(r.stores) == 0 && r.entry:
		return v.X
	}
	return nil
}

func apiName(c *ssa.CallCommon) string {
	fn := calledFunc(c)
	if fn == nil {
		return ""
	}
	return airlockapi.Name(fn)
}
