package transactions

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"
)

// proves lists the values of which a condition says, where it is true, that they are not nil: the error that errors.As takes apart.
func (w *walk) proves(s *state, cond ssa.Value) []ssa.Value {
	switch v := cond.(type) {
	case *ssa.Call:
		return w.recognised(s, v, 0)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.TypeAssert:
			return asserted(t)
		case *ssa.Call:
			return w.recognised(s, t, v.Index)
		}
	}
	return nil
}

// asserted lists what is not nil where a type assertion holds: what was asserted, and, of an interface type, what came of it.
func asserted(t *ssa.TypeAssert) []ssa.Value {
	list := []ssa.Value{t.X}
	for _, ref := range *t.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 && types.IsInterface(x.Type()) {
			list = append(list, x)
		}
	}
	return list
}

// recognised lists the errors that are not nil where the i-th result of a call is true.
func (w *walk) recognised(s *state, call *ssa.Call, i int) []ssa.Value {
	c := call.Common()
	var list []ssa.Value
	for _, imp := range w.know.meaning(call).implies {
		if imp.Result != i || imp.Value != isTrue {
			continue
		}
		for _, then := range imp.Then {
			if v := operand(c, then.Param); v != nil && then.Method == "" && then.Is.Is == NonNil {
				list = append(list, v)
			}
		}
	}
	fn := callee(c)
	if fn == nil || !c.IsInvoke() && w.know.has(fn) || i != fn.Signature().Results().Len()-1 || !recognises(fn.Name()) {
		return list
	}
	errs := slices.DeleteFunc(slices.Clone(c.Args), func(v ssa.Value) bool { return !isError(v.Type()) })
	if len(errs) == 0 || slices.ContainsFunc(errs[1:], func(target ssa.Value) bool { return w.value(s, target).Is == Nil }) {
		return list
	}
	return append(list, errs[0])
}

// recognises reports whether a function that can't be looked into is true for certain errors only, by its name: errors.Is, errors.As,
// os.IsNotExist.
func recognises(name string) bool {
	for _, good := range []string{"Nil", "OK", "Ok", "Success", "None"} {
		if strings.Contains(name, good) {
			return false
		}
	}
	for _, prefix := range []string{"Is", "As", "Has", "ErrorsIs", "ErrorsAs"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && (rest == "" || !unicode.IsLower(rune(rest[0]))) {
			return true
		}
	}
	return false
}

// refuted reports whether a condition can't be true, since what it would prove not to be nil is nil.
func (w *walk) refuted(s *state, cond ssa.Value) bool {
	return isBool(cond.Type()) && slices.ContainsFunc(w.proves(s, cond), func(v ssa.Value) bool { return w.value(s, v).Is == Nil })
}

// measure notes that a number is not zero, where an order says so: len(errs) > 0.
func (w *walk) measure(s *state, cond *ssa.BinOp, truth bool) {
	x, op, y := cond.X, cond.Op, cond.Y
	if w.value(s, x).Is == Constant {
		x, op, y = y, mirrored[op], x
	}
	if !truth {
		op = negated[op]
	}
	bound := w.value(s, y)
	if op == token.GTR && counts(bound) && bound.Is == Constant || op == token.GEQ && positive(bound) && bound.Is == Constant {
		w.learn(s, s.resolve(x), Value{Is: NonZero})
	}
}

var (
	mirrored = map[token.Token]token.Token{token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ}
	negated  = map[token.Token]token.Token{token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR}
)

// counted notes what a number that is not zero says of what it was taken of: a slice with a length has elements, an error with a code is one.
func (w *walk) counted(s *state, v ssa.Value, is Value) {
	call, ok := v.(*ssa.Call)
	if !ok || !positive(is) {
		return
	}
	if list := measured(call); list != nil {
		w.learn(s, s.resolve(list), Value{Is: Filled})
		return
	}
	fn := callee(&call.Call)
	if fn != nil && fn.Name() == "Code" && len(call.Call.Args) == 1 && isError(call.Call.Args[0].Type()) && !w.know.has(fn) {
		w.learn(s, s.resolve(call.Call.Args[0]), isNonNil)
	}
}

// measured returns the slice of which a call takes the length, nil for any other call.
func measured(call *ssa.Call) ssa.Value {
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok || b.Name() != "len" {
		return nil
	}
	if _, ok := call.Call.Args[0].Type().Underlying().(*types.Slice); !ok {
		return nil
	}
	return call.Call.Args[0]
}

// chosen notes which case of a select was taken: after a receive from ctx.Done(), the context has an error.
func (w *walk) chosen(s *state, v ssa.Value, is Value) {
	x, ok := v.(*ssa.Extract)
	if !ok || x.Index != 0 || is.Is != Constant {
		return
	}
	sel, ok := x.Tuple.(*ssa.Select)
	if !ok {
		return
	}
	i, exact := constant.Int64Val(constant.MakeFromLiteral(is.Text, token.INT, 0))
	if exact && 0 <= i && int(i) < len(sel.States) && sel.States[i].Dir == types.RecvOnly {
		s.received(sel.States[i].Chan)
	}
}
