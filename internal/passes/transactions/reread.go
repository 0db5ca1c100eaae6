package transactions

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// errMethod is the end of the path of what a method Err returns, as if it were a field.
const errMethod = ".Err()"

// field returns the field at an address, on this path. Those of package variables are anybody's.
func (s *state) field(addr ssa.Value) (spot, bool) {
	at, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return spot{}, false
	}
	of := spotOf(s.resolve(at.X))
	if _, ok := of.root.(*ssa.Global); ok {
		return spot{}, false
	}
	return spot{of.root, of.path + "." + fieldName(at.X.Type(), at.Field)}, true
}

// reread lets an error that is read from a field be what was read there before, unless that may have changed, and reports whether it is.
func (w *walk) reread(s *state, load *ssa.UnOp) bool {
	if !isError(load.Type()) {
		return false
	}
	at, ok := s.field(load.X)
	if !ok {
		return false
	}
	if before, ok := s.fields.get(at); ok {
		s.alias(load, before)
		return true
	}
	s.define(load)
	s.fields.set(at, load)
	return true
}

// errOf returns what a call asks for an error: rows in rows.Err(), ctx in context.Cause(ctx).
func (s *state) errOf(call ssa.CallInstruction) (spot, bool) {
	c := call.Common()
	fn := callee(c)
	if fn == nil || operands(c) != 1 || c.Signature().Results().Len() != 1 || errorIndex(c.Signature()) < 0 {
		return spot{}, false
	}
	method := fn.Signature().Recv() != nil && (fn.Name() == "Err" || fn.Name() == "Error")
	if !method && fn.FullName() != "context.Cause" {
		return spot{}, false
	}
	of := spotOf(s.resolve(operand(c, 0)))
	return spot{of.root, of.path + errMethod}, true
}

// askedBefore reports whether a call is answered as the one before: rows.Err() twice. A context may have ended since it had no error.
func (w *walk) askedBefore(s *state, call *ssa.Call) bool {
	if w.know.performs(call) != 0 {
		return false
	}
	at, ok := s.errOf(call)
	if !ok {
		return false
	}
	before, ok := s.fields.get(at)
	if !ok || isContext(operand(call.Common(), 0).Type()) && w.value(s, before).Is != NonNil {
		return false
	}
	s.alias(call, before)
	return true
}

// ask notes that a call asks for an error, if it does.
func (s *state) ask(call *ssa.Call) {
	if at, ok := s.errOf(call); ok {
		s.fields.set(at, call)
	}
}

// received notes what a receive from a channel says: of ctx.Done(), that the context has an error. The call stands for it.
func (s *state) received(ch ssa.Value) {
	done, ok := origin(s.resolve(ch)).(*ssa.Call)
	if !ok || operands(&done.Call) != 1 || !isContext(operand(&done.Call, 0).Type()) || callee(&done.Call).Name() != "Done" {
		return
	}
	of := spotOf(s.resolve(operand(&done.Call, 0)))
	s.fields.set(spot{of.root, of.path + errMethod}, done)
	s.facts.set(done, isNonNil)
}

// overwrite notes a store that is not to a local variable. Which pointers point to the same is not known: fields of one name are one.
func (w *walk) overwrite(s *state, instr *ssa.Store) {
	at, isField := s.field(instr.Addr)
	switch {
	case isField:
		name := at.path[strings.LastIndex(at.path, "."):]
		s.fields.removeIf(func(other spot, _ ssa.Value) bool { return hasStep(other.path, name) })
	case len(s.fields) > 0 && holdsErrors(instr.Val.Type()):
		s.fields.removeIf(func(other spot, _ ssa.Value) bool { return !strings.HasSuffix(other.path, errMethod) })
	}
	if isField && isError(instr.Val.Type()) {
		s.fields.set(at, s.resolve(instr.Val))
	}
}

// hasStep reports whether a path goes through a field.
func hasStep(path, field string) bool {
	return strings.HasSuffix(path, field) || strings.Contains(path, field+".") || strings.Contains(path, field+"*")
}

// holdsErrors reports whether a value of a type may be or hold an error.
func holdsErrors(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array, *types.Interface:
		return true
	}
	return false
}

// changed forgets the fields that a call may have written.
func (w *walk) changed(s *state, call ssa.CallInstruction) {
	if len(s.fields) == 0 {
		return
	}
	if _, ok := s.errOf(call); ok {
		return
	}
	s.fields.removeIf(func(at spot, _ ssa.Value) bool { return w.mayChange(s, call, at) })
}

// mayChange reports whether a call may write a field: it is given what the field belongs to, and nothing shows that it leaves it alone.
func (w *walk) mayChange(s *state, call ssa.CallInstruction, at spot) bool {
	asked := strings.HasSuffix(at.path, errMethod)
	if asked && isContext(at.root.Type()) {
		return false
	}
	field := at.path[strings.LastIndex(at.path, ".")+1:]
	c := call.Common()
	given := false
	for i := range operands(c) {
		v := s.resolve(operand(c, i))
		if lit := functionOf(origin(v)); lit != nil && lit.Parent() != nil && writes(lit, field, nil) {
			return true
		}
		of := spotOf(v)
		given = given || of.root == at.root && of != at && strings.HasPrefix(at.path, of.path)
	}
	fn := c.StaticCallee()
	return given && (asked || fn == nil || writes(fn, field, nil))
}

// writes reports whether a function may write a field of that name: one of which the body is not in sight may.
func writes(fn *ssa.Function, field string, seen []*ssa.Function) bool {
	if len(fn.Blocks) == 0 {
		return true
	}
	if slices.Contains(seen, fn) {
		return false
	}
	seen = append(seen, fn)
	return slices.ContainsFunc(instructions(fn), func(instr ssa.Instruction) bool {
		switch instr := instr.(type) {
		case *ssa.Store:
			return writesTo(instr, field)
		case ssa.CallInstruction:
			c := instr.Common()
			given := slices.ContainsFunc(c.Args, func(v ssa.Value) bool { return pointsTo(v.Type(), field) })
			if lit := literal(c); lit != nil && within(lit, fn) || !given {
				return false
			}
			callee := c.StaticCallee()
			return callee == nil || writes(callee, field, seen)
		}
		return false
	})
}

// writesTo reports whether a store is to a field of that name, or to a whole struct through a pointer.
func writesTo(store *ssa.Store, field string) bool {
	if at, ok := store.Addr.(*ssa.FieldAddr); ok {
		return fieldName(at.X.Type(), at.Field) == field
	}
	_, local := ssapass.Variable(store.Addr).(*ssa.Alloc)
	return !local && holdsErrors(store.Val.Type())
}

// pointsTo reports whether a type is a pointer to a struct that has a field of that name, or an interface that may hold one.
func pointsTo(t types.Type, field string) bool {
	if types.IsInterface(t) {
		return !isError(t) && !isContext(t)
	}
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	st, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Name() == field {
			return true
		}
	}
	return false
}
