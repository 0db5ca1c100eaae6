package transactions

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// applies reports whether what a Run says may hold for a call: no argument contradicts its conditions, and none that is known to open no
// transaction is said to by a name.
func (k *knower) applies(c *ssa.CallCommon, r Run) bool {
	if r.By > 0 && k.opensNone(operand(c, r.By-1)) {
		return false
	}
	return !slices.ContainsFunc(r.If, func(cond Condition) bool {
		v := operand(c, cond.Param)
		return v != nil && k.excludes(v, cond)
	})
}

// opensNone reports whether a function value is known, and neither opens a transaction nor has its arguments run in one.
func (k *knower) opensNone(v ssa.Value) bool {
	if v == nil {
		return false
	}
	fn := functionOf(origin(v))
	if fn == nil {
		return false
	}
	if fn.Parent() != nil {
		return !slices.ContainsFunc(k.callsOf(fn), func(call ssa.CallInstruction) bool {
			m := k.meaning(call)
			return len(m.opens) > 0 || len(m.runs) > 0
		})
	}
	obj := object(fn)
	if obj == nil || !k.has(obj) || types.IsInterface(receiver(obj)) {
		return false
	}
	m := k.configured(obj)
	if s := k.summary(obj); s != nil {
		m.summarised(s)
	}
	return len(m.opens) == 0 && len(m.runs) == 0
}

// receiver returns the type of a method's receiver, or that of no value.
func receiver(fn *types.Func) types.Type {
	if recv := fn.Signature().Recv(); recv != nil {
		return recv.Type()
	}
	return types.Typ[types.Invalid]
}

// calledBy returns which parameter of the function around a call runs what the call is given, plus one, if only its name says that it does so
// in a transaction.
func calledBy(call ssa.CallInstruction, r Run) int {
	c := call.Common()
	if r.By > 0 {
		v := operand(c, r.By-1)
		if v == nil {
			return 0
		}
		return paramIndex(origin(v)) + 1
	}
	if c.IsInvoke() || !r.guessed() {
		return 0
	}
	return paramIndex(origin(c.Value)) + 1
}

// excludes reports whether a condition can't hold of an argument, whatever path leads to it.
func (k *knower) excludes(v ssa.Value, c Condition) bool {
	switch {
	case c.Method == "":
		is := plain(v)
		if is.Is == Unknown {
			is = plain(origin(v))
		}
		return contradicts(is, c.Is)
	case strings.HasPrefix(c.Method, "."):
		return contradicts(option(v, c.Method[1:]), c.Is)
	case c.Method == carriedTx:
		return false
	case c.Method == dynamicType:
		return contradicts(typeOf(v, maxSteps), c.Is)
	}
	return k.never(v, c, 8)
}

// option returns what a field of a struct of options holds that is written out, and that nothing else has had in hand.
func option(v ssa.Value, field string) Value {
	if c, ok := v.(*ssa.Const); ok && c.Value == nil && !nilable(c.Type()) {
		return zeroOf(fieldType(c.Type(), field)) // options{}
	}
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	alloc, ok := v.(*ssa.Alloc)
	if !ok {
		return Value{}
	}
	is := zeroOf(fieldType(alloc.Type(), field))
	calls := 0
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if c, ok := ref.Val.(*ssa.Const); !ok || ref.Addr != alloc || c.Value != nil || ref.Block() != alloc.Block() {
				return Value{}
			}
		case ssa.CallInstruction:
			if calls++; calls > 1 {
				return Value{}
			}
		case *ssa.FieldAddr:
			if fieldName(ref.X.Type(), ref.Field) != field {
				continue
			}
			stored := writtenOnce(ref, alloc.Block())
			if stored == nil {
				return Value{}
			}
			is = plain(stored)
		default:
			return Value{}
		}
	}
	return is
}

// writtenOnce returns what is stored at an address that is used for nothing else, in a block; nil otherwise.
func writtenOnce(at *ssa.FieldAddr, in *ssa.BasicBlock) ssa.Value {
	refs := *at.Referrers()
	if len(refs) != 1 {
		return nil
	}
	store, ok := refs[0].(*ssa.Store)
	if !ok || store.Addr != at || store.Block() != in {
		return nil
	}
	return store.Val
}

// fieldType returns the type of a field of a struct, or of the struct that a pointer points to; nil if there is none.
func fieldType(t types.Type, field string) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if f.Name() == field {
			return f.Type()
		}
	}
	return nil
}

// zeroOf returns what the zero value of a type is.
func zeroOf(t types.Type) Value {
	if t == nil {
		return Value{}
	}
	if nilable(t) {
		return isNil
	}
	b, ok := t.Underlying().(*types.Basic)
	switch {
	case !ok:
		return Value{}
	case b.Info()&types.IsBoolean != 0:
		return isFalse
	case b.Info()&types.IsInteger != 0:
		return isZero
	case b.Info()&types.IsString != 0:
		return Value{Is: Constant, Text: constant.MakeString("").ExactString()}
	}
	return Value{}
}

// optionOf returns the parameter of the walked function that is a struct of options, and the field of it that v was read from. One that
// the function writes itself says nothing of what it was given.
func (w *walk) optionOf(v ssa.Value) (param, bool) {
	switch v := v.(type) {
	case *ssa.Field:
		if i := paramIndex(v.X); i >= 0 && v.Parent() == w.fn {
			return param{i, "." + fieldName(v.X.Type(), v.Field)}, true
		}
	case *ssa.UnOp:
		at, ok := v.X.(*ssa.FieldAddr)
		if !ok || v.Parent() != w.fn || writesTheField(at) {
			return param{}, false
		}
		i, field, ok := fieldOf(spotOf(at))
		return param{i, "." + field}, ok && !strings.ContainsAny(field, ".*")
	}
	return param{}, false
}

// writesTheField reports whether the function around writes the same field of the same struct.
func writesTheField(at *ssa.FieldAddr) bool {
	refs := at.X.Referrers()
	return refs == nil || slices.ContainsFunc(*refs, func(ref ssa.Instruction) bool {
		other, ok := ref.(*ssa.FieldAddr)
		return ok && other.Field == at.Field && slices.ContainsFunc(*other.Referrers(), func(use ssa.Instruction) bool {
			store, ok := use.(*ssa.Store)
			return ok && store.Addr == other
		})
	})
}

// heldAt says what is known of the parameters of a declared function where it makes its calls, on every path to them.
func (k *knower) heldAt(fn *ssa.Function) map[ssa.CallInstruction]few[param, Value] {
	if len(fn.Blocks) < 2 {
		return nil
	}
	w := k.newWalk(fn, noHandle(), nil)
	w.held = map[ssa.CallInstruction]few[param, Value]{}
	w.explore(nil)
	return w.held
}

// hold notes what is known of the parameters at a call.
func (w *walk) hold(s *state, call ssa.CallInstruction) {
	if w.held == nil {
		return
	}
	before, ok := w.held[call]
	if !ok {
		w.held[call] = slices.Clone(s.holds)
		return
	}
	w.held[call] = agree(before, s.holds)
}

// passed lists the conditions of a Run of a call as conditions of the parameters of the function around: those that are handed on.
func passed(call ssa.CallInstruction, r Run) []Condition {
	var list []Condition
	for _, c := range r.If {
		if v := operand(call.Common(), c.Param); v != nil {
			if i := paramIndex(origin(v)); i >= 0 {
				list = append(list, Condition{Param: i, Method: c.Method, Is: c.Is})
			}
		}
	}
	return list
}
