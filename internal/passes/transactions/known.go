package transactions

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// value returns what the path knows of a value.
func (w *walk) value(s *state, v ssa.Value) Value {
	v = s.resolve(v)
	if c, ok := v.(*ssa.Const); ok {
		return constantOf(c)
	}
	if is, ok := s.facts.get(v); ok {
		return is
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		if (v.Op == token.EQL || v.Op == token.NEQ) && !isBool(v.X.Type()) {
			return w.binary(s, v) // an operand may have become known since
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return w.read(v)
		}
	case *ssa.Call:
		if isTuple(v.Type()) {
			return Value{}
		}
		if w.refuted(s, v) {
			return isFalse
		}
		if arg := measured(v); arg != nil && w.value(s, arg).Is == Nil {
			return isZero
		}
		return w.know.returnedBy(v)
	case *ssa.Extract:
		if w.refuted(s, v) {
			return isFalse
		}
	}
	return inherent(v)
}

// inherent returns what a value is by the way it is made.
func inherent(v ssa.Value) Value {
	switch v.(type) {
	case *ssa.Alloc, *ssa.MakeInterface, *ssa.MakeClosure, *ssa.Function, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeMap, *ssa.MakeChan,
		*ssa.MakeSlice, *ssa.Global:
		return isNonNil
	}
	return Value{}
}

func (w *walk) binary(s *state, v *ssa.BinOp) Value {
	x, y := w.value(s, v.X), w.value(s, v.Y)
	switch v.Op {
	case token.EQL, token.NEQ:
		if eq, known := equal(x, y); known {
			return boolean(eq == (v.Op == token.EQL))
		}
	case token.ADD:
		return sum(x, y)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return ordered(v.Op, x, y)
	}
	return Value{}
}

// ordered compares two constants.
func ordered(op token.Token, x, y Value) Value {
	if x.Is != Constant || y.Is != Constant {
		return Value{}
	}
	a, b := constant.MakeFromLiteral(x.Text, token.INT, 0), constant.MakeFromLiteral(y.Text, token.INT, 0)
	if a.Kind() != constant.Int || b.Kind() != constant.Int {
		return Value{}
	}
	return boolean(constant.Compare(a, op, b))
}

// read returns what a package variable holds: one of type error is a sentinel.
func (w *walk) read(load *ssa.UnOp) Value {
	if _, ok := load.X.(*ssa.Global); ok && (isError(load.Type()) || w.know.isErrorType(load.Type())) {
		return isNonNil
	}
	return Value{}
}

// returnedBy returns what a call's only result is, whatever it is given.
func (k *knower) returnedBy(call *ssa.Call) Value {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
		return isNil // paths on which nothing panics
	}
	if !call.Call.IsInvoke() && k.isErrorType(call.Type()) {
		return isNonNil // a constructor: it says what sort of error it makes
	}
	return Value{}
}

// isErrorType reports whether t is a type of errors, other than error itself.
func (k *knower) isErrorType(t types.Type) bool {
	answer, ok := k.errs[t]
	if !ok {
		_, param := types.Unalias(t).(*types.TypeParam)
		answer = !isError(t) && !param && types.Implements(t, errorType.Underlying().(*types.Interface))
		k.errs[t] = answer
	}
	return answer
}

// fresh reports whether a call never returns a nil error, or does not as its arguments are on this path.
func (w *walk) fresh(s *state, call *ssa.Call) bool {
	if slices.Contains(w.asked, call) {
		return false // in a loop, what it returned the last time round is an argument: errs = errors.Join(errs, err)
	}
	w.asked = append(w.asked, call)
	defer func() { w.asked = w.asked[:len(w.asked)-1] }()
	c := call.Common()
	m := w.know.meaning(call)
	if m.never {
		return true
	}
	for _, i := range m.nilIf {
		if v := operand(c, i); v != nil && w.value(s, v).Is == NonNil {
			return true
		}
	}
	fn := callee(c)
	if fn == nil || w.know.has(fn) || errorIndex(c.Signature()) < 0 || !makesErrors(fn) {
		return false
	}
	if wraps(fn) {
		return w.passesError(s, c)
	}
	return true
}

// passesError reports whether some argument is an error that is not nil.
func (w *walk) passesError(s *state, c *ssa.CallCommon) bool {
	for _, a := range c.Args {
		if isError(a.Type()) && w.value(s, a).Is == NonNil {
			return true
		}
		if list, ok := a.Type().Underlying().(*types.Slice); ok && isError(list.Elem()) && w.value(s, a).Is == Filled {
			return true // who counts errors keeps errors only
		}
		for _, e := range ssapass.Elements(a) {
			if isError(e.Type()) && w.value(s, e).Is == NonNil {
				return true
			}
		}
	}
	return false
}

// makesErrors reports whether a function that can't be looked into makes an error, by its name and result: errors.New,
// status.Errorf, i18n.NewError, echo.NewHTTPError.
func makesErrors(fn *types.Func) bool {
	if fn.Signature().Results().Len() != 1 {
		return false
	}
	name := fn.Name()
	if strings.Contains(name, "Error") || wraps(fn) {
		return true
	}
	return strings.HasPrefix(name, "New") && strings.Contains(fn.Pkg().Name(), "err")
}

// wraps reports whether a function makes an error of the one it is given, and of none makes none: errors.Wrap, errors.Join.
func wraps(fn *types.Func) bool {
	name := fn.Name()
	for _, w := range []string{"Wrap", "Join", "With", "Append", "Convert", "Translate", "Handle", "Map", "To", "From"} {
		if strings.HasPrefix(name, w) {
			return true
		}
	}
	return false
}

// learn notes what a value is, what that says of the parameters, and of what else a call returned.
func (w *walk) learn(s *state, v ssa.Value, is Value) {
	switch v.(type) {
	case *ssa.Const, *ssa.Global, *ssa.Function:
		return
	}
	if old, ok := s.facts.get(v); ok && old.Is == Constant && is.Is != Constant {
		return
	}
	if old, ok := s.facts.get(v); ok && old.Is == Not && is.Is == Not {
		is = none(append(old.constants(), is.constants()...))
	}
	s.facts.set(v, is)
	w.counted(s, v, is)
	w.chosen(s, v, is)
	if p, ok := w.param(s, v); ok {
		s.holds.set(p, is)
	}
	w.typed(s, v, is)
	if i := w.flagOf(s, v); i >= 0 && is.Is == Constant {
		s.holds.set(param{i, carriedTx}, map[bool]Value{true: isNonNil, false: isNil}[is == isTrue])
	}
	x, ok := v.(*ssa.Extract)
	index := 0
	call, isCall := v.(*ssa.Call)
	if ok {
		index = x.Index
		call, isCall = x.Tuple.(*ssa.Call)
	}
	if !isCall || !w.succeeded(s, call) {
		return
	}
	for _, imp := range w.know.meaning(call).implies {
		if imp.Result != index || imp.Value != is {
			continue
		}
		for _, c := range imp.Then {
			w.assume(s, call, c)
		}
	}
}

// assume notes a condition of a call's parameters, in terms of our own.
func (w *walk) assume(s *state, call ssa.CallInstruction, c Condition) {
	v := operand(call.Common(), c.Param)
	if v == nil {
		return
	}
	if i := w.ownParam(s, v); i >= 0 {
		s.holds.set(param{i, c.Method}, c.Is)
	}
}

// ownParam returns the index of the walked function's parameter that v is on this path, or -1.
func (w *walk) ownParam(s *state, v ssa.Value) int {
	p, ok := s.resolve(v).(*ssa.Parameter)
	if !ok {
		p, ok = origin(s.resolve(v)).(*ssa.Parameter)
	}
	if !ok || p.Parent() != w.fn || w.fn.Parent() != nil {
		return -1
	}
	return paramIndex(p)
}

// param returns the parameter, or the method called on one, that v is.
func (w *walk) param(s *state, v ssa.Value) (param, bool) {
	if i := w.ownParam(s, v); i >= 0 {
		return param{index: i}, true
	}
	if i := w.carriedBy(s, v); i >= 0 {
		return param{i, carriedTx}, true
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return w.optionOf(v)
	}
	if !call.Call.IsInvoke() || len(call.Call.Args) > 0 || isTuple(call.Type()) {
		return param{}, false
	}
	if i := w.ownParam(s, call.Call.Value); i >= 0 {
		return param{i, call.Call.Method.Name()}, true
	}
	return param{}, false
}

// contradicts reports whether a condition on which a callee performs something can't hold at this call.
func (w *walk) contradicts(s *state, call ssa.CallInstruction, c Condition) bool {
	v := operand(call.Common(), c.Param)
	if v == nil {
		return false
	}
	if i := w.ownParam(s, v); i >= 0 {
		if is, ok := s.holds.get(param{i, c.Method}); ok && contradicts(is, c.Is) {
			return true
		}
	}
	itself := w.handle.is(v) || w.handle.is(s.resolve(v)) // what carries an open transaction is not nil
	switch c.Method {
	case "":
		return c.Is == isNil && itself && s.open || contradicts(w.value(s, v), c.Is)
	case carriedTx:
		return c.Is == isNil && itself
	}
	return w.know.excludes(s.resolve(v), c)
}

// never reports whether the method of every concrete value that v may be returns something else than the condition asks.
func (k *knower) never(v ssa.Value, c Condition, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return contradicts(k.result(v.X.Type(), c.Method), c.Is)
	case *ssa.ChangeInterface:
		return k.never(v.X, c, depth-1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !k.never(e, c, depth-1) {
				return false
			}
		}
		return len(v.Edges) > 0
	case *ssa.UnOp:
		if next := stepBack(v); next != nil {
			return k.never(next, c, depth-1)
		}
	}
	return false
}

// result returns what a method of a concrete type always returns.
func (k *knower) result(t types.Type, method string) Value {
	obj, _, _ := types.LookupFieldOrMethod(t, true, k.pass.Pkg, method)
	if fn, ok := obj.(*types.Func); ok {
		if sum := k.summary(fn); sum != nil {
			return sum.Result
		}
	}
	return Value{}
}
