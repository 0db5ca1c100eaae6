package deferrable

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A burden is something that an intent must not carry.
type burden struct {
	name string // the variable or field that it is
	what string // a transaction
}

// burdens returns the burden of that name, if it is one.
func burdens(name, what string) []burden {
	if what == "" {
		return nil
	}
	return []burden{{name, what}}
}

// captures reports a call that makes intents that carry a burden, once.
func (c *check) captures(call ssa.CallInstruction, found []burden) {
	var distinct []burden
	for _, b := range found {
		if !slices.Contains(distinct, b) {
			distinct = append(distinct, b)
		}
	}
	if len(distinct) > 0 {
		c.add("captures", call, capturesMessage(distinct))
	}
}

// intent returns the burdens of an intent.
func (c *check) intent(in carried.Intent) []burden {
	var found []burden
	if in.Arg != nil {
		found = append(found, c.value(in.Arg, "its argument", asData)...)
		found = append(found, c.written(in.Arg, in.Call)...)
	}
	for _, v := range carried.Origins(in.Func) {
		found = append(found, c.carrier(v, in.Call)...)
	}
	return found
}

// elements returns the burdens of the intents that a call makes for each element of a slice or map.
func (c *check) elements(all ssa.Value, call ssa.CallInstruction) []burden {
	each := ssapass.Elements(all)
	if len(each) == 0 {
		return c.value(all, "its argument", asData)
	}
	var found []burden
	for _, v := range each {
		found = append(found, c.intent(intentOf(call, v))...)
	}
	return found
}

// carrier returns the burdens of the function value that runs at dispatch: what a literal captures, the receiver of a method value.
func (c *check) carrier(v ssa.Value, call ssa.CallInstruction) []burden {
	made, ok := v.(*ssa.MakeClosure)
	if !ok {
		return c.value(v, "its function", asData)
	}
	lit := made.Fn.(*ssa.Function)
	var found []burden
	for i, b := range made.Bindings {
		name := lit.FreeVars[i].Name()
		if lit.Parent() == nil { // a method value
			found = append(found, c.value(b, "its receiver", asReceiver)...)
			if _, local := b.(*ssa.Alloc); local && changedAfter(b, call) {
				found = append(found, burden{"its receiver", writtenLater})
			}
			continue
		}
		found = append(found, c.variable(b, name)...)
		if writtenAfter(b, lit.FreeVars[i], call) {
			found = append(found, burden{name, writtenLater})
		}
	}
	return found
}

// variable returns the burdens of a captured variable: of its type and of the values that it holds.
func (c *check) variable(addr ssa.Value, name string) []burden {
	var values []ssa.Value
	for _, s := range ssapass.Stores(addr) {
		values = append(values, s.Val)
	}
	if what, ok := c.fate(values...); ok {
		return burdens(name, what)
	}
	if found := c.typed(carried.Elem(addr.Type()), name, asVariable, values...); len(found) > 0 {
		return found
	}
	if found := c.held(values, name, asVariable); len(found) > 0 {
		return found
	}
	var found []burden
	for _, v := range values {
		found = append(found, c.parts(v, name)...)
	}
	if alloc, ok := ssapass.Variable(addr).(*ssa.Alloc); ok {
		found = append(found, c.parts(alloc, name)...)
	}
	return found
}

// value returns the burdens of a value: of its type, else of what it is made of.
func (c *check) value(v ssa.Value, name string, as role) []burden {
	if what, ok := c.fate(v); ok {
		return burdens(name, what)
	}
	if found := c.typed(v.Type(), name, as, v); len(found) > 0 {
		return found
	}
	if found := c.held([]ssa.Value{v}, name, as); len(found) > 0 {
		return found
	}
	return c.parts(v, name)
}

// held returns the burdens of the types of what the interfaces among values hold.
func (c *check) held(values []ssa.Value, name string, as role) []burden {
	var found []burden
	for _, v := range values {
		if !types.IsInterface(v.Type()) {
			continue
		}
		for _, o := range carried.Origins(v) {
			if !types.IsInterface(o.Type()) {
				found = append(found, c.typed(o.Type(), name, as, o)...)
			}
		}
	}
	return found
}

// parts returns the burdens among the values that v is made of: what an interface holds, what was stored in a field that is one, a
// transaction that has the type of a database handle, the body of a request.
func (c *check) parts(v ssa.Value, name string) []burden {
	var found []burden
	for _, part := range c.carried.Parts(v) {
		if ssapass.IsNil(part) {
			continue
		}
		if what, ok := c.fate(part); ok {
			found = append(found, burdens(name, what)...)
			continue
		}
		if what, ok := c.made(part); ok {
			found = append(found, burden{name, what})
			continue
		}
		if what, ok := c.catalog.Captured(part.Type()); ok && !isStmt(part.Type()) {
			found = append(found, burden{name, what})
		} else if isContext(part.Type()) {
			found = append(found, burden{name, outerContext})
		}
	}
	return found
}

const (
	outerContext = "an outer context"
	writtenLater = "a variable that is written after this"
)

// made says what a value is by where it comes from, where its type does not tell.
func (c *check) made(v ssa.Value) (what string, ok bool) {
	switch v := v.(type) {
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return c.result(call, v.Index)
		}
	case *ssa.Call:
		return c.result(v, 0)
	case *ssa.Parameter:
		if c.handedTx(v) {
			return "a transaction", true
		}
	case *ssa.UnOp:
		if isBody(v) {
			return requestBody, true
		}
	}
	return "", false
}

// role is how an intent carries a value.
type role uint8

const (
	asData     role = iota // as its argument: all of it is data
	asVariable             // in a variable that its function captures
	asReceiver             // as the receiver of its function
)

// typed returns the burden that a value of type t is or has in a field; at most one, the first. What the fields of values, which is what
// there is of that type, are known to hold is left to parts.
func (c *check) typed(t types.Type, name string, as role, values ...ssa.Value) []burden {
	s := search{check: c, as: as, seen: map[types.Type]bool{}}
	if !s.find(t, name, 0) {
		return nil
	}
	if s.known = c.known(values); len(s.known) > 0 {
		s.seen = map[types.Type]bool{}
		if !s.find(t, name, 0) {
			return nil
		}
	}
	return []burden{s.found}
}

// known returns the types of the contexts and requests in values, where it is known of all of the type what becomes of them.
func (c *check) known(values []ssa.Value) []types.Type {
	var known, unknown []types.Type
	for _, v := range values {
		for _, part := range c.carried.Parts(v) {
			t := part.Type()
			if ssapass.IsNil(part) || !isContext(t) && !isNamed(carried.Elem(t), "net/http", "Request") {
				continue
			}
			if _, ok := c.fate(part); ok {
				known = append(known, t)
			} else {
				unknown = append(unknown, t)
			}
		}
	}
	return slices.DeleteFunc(known, func(t types.Type) bool { return among(unknown, t) })
}

func among(list []types.Type, t types.Type) bool {
	return slices.ContainsFunc(list, func(other types.Type) bool { return types.Identical(other, t) })
}

// A search walks a type.
type search struct {
	check *check
	as    role
	known []types.Type // not judged by their types
	seen  map[types.Type]bool
	found burden
}

func (s *search) find(t types.Type, name string, depth int) bool {
	t = types.Unalias(t)
	if s.seen[t] {
		return false
	}
	s.seen[t] = true
	if among(s.known, t) {
		return false
	}
	if what, ok := s.burden(t, depth); ok {
		s.found = burden{name, what}
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return s.find(u.Elem(), name, depth+s.through(u))
	case *types.Slice:
		return s.find(u.Elem(), name, depth)
	case *types.Array:
		return s.find(u.Elem(), name, depth)
	case *types.Chan:
		return s.find(u.Elem(), name, depth)
	case *types.Map:
		return s.find(u.Key(), name, depth) || s.find(u.Elem(), name, depth)
	case *types.Struct:
		return s.fields(t, u, name, depth)
	}
	return false
}

// through counts pointers to structs, which are shared: what is behind them isn't the intent's own.
func (s *search) through(p *types.Pointer) int {
	if _, ok := p.Elem().Underlying().(*types.Struct); ok {
		return 1
	}
	return 0
}

// burden says what a value of type t is, if it is a burden there. Contexts and locks in the fields of a service, or behind a pointer,
// are the service's own.
func (s *search) burden(t types.Type, depth int) (what string, ok bool) {
	nested := depth > 0
	if isContext(t) {
		return outerContext, s.as == asData || !nested
	}
	what, ok = s.check.catalog.Captured(t)
	switch {
	case !ok, isStmt(t):
		return "", false
	case what == "a lock" && nested:
		_, pointer := t.(*types.Pointer)
		return what, pointer && s.as == asData
	case what == "a pooled connection" && nested:
		return what, s.as == asData
	}
	return what, true
}

// maxDepth bounds how deep the fields of a service are searched: what it reaches farther down is shared by the whole program.
const maxDepth = 3

// fields walks the fields of the user's own structs; those of other packages' types are their own business.
func (s *search) fields(t types.Type, st *types.Struct, name string, depth int) bool {
	if named, ok := t.(*types.Named); ok && !s.check.own(named.Obj().Pkg()) {
		return false
	}
	if s.as != asData {
		if depth++; depth > maxDepth {
			return false
		}
	}
	for f := range st.Fields() {
		if s.find(f.Type(), name+"."+f.Name(), depth) {
			return true
		}
	}
	return false
}
