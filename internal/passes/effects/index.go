package effects

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// An index holds what one walk over the functions finds of where values are put: the flow graph is then built backwards, from the
// calls whose targets are asked for.
type index struct {
	carries  carrier
	closures map[*ssa.Function][]*ssa.MakeClosure
	returns  map[*ssa.Function][]*ssa.Return
	used     map[*ssa.Function]bool              // functions used as values
	written  map[ssa.Value][]ssa.Value           // contents of a variable, map, slice or channel
	fields   map[*types.Var][]ssa.Value          // contents of a field, whatever the struct
	based    map[fieldOf][]ssa.Value             // contents of a field of one variable or parameter
	whole    map[*ssa.Alloc][]ssa.Value          // structs copied into a variable as a whole
	texts    map[any][]ssa.Value                 // the strings in an unexported field or package variable
	callers  map[*ssa.Function][]*ssa.CallCommon // the calls that name a function of this package
	sends    []send
	receives []receive
}

// A fieldOf is a field, by the names on the way to it, of the struct in (or pointed to by) a variable or parameter.
type fieldOf struct {
	base ssa.Value
	path string
}

func newIndex(bodies []*ssapass.Body) *index {
	x := &index{
		carries:  carrier{},
		closures: map[*ssa.Function][]*ssa.MakeClosure{},
		returns:  map[*ssa.Function][]*ssa.Return{},
		used:     map[*ssa.Function]bool{},
		written:  map[ssa.Value][]ssa.Value{},
		fields:   map[*types.Var][]ssa.Value{},
		based:    map[fieldOf][]ssa.Value{},
		whole:    map[*ssa.Alloc][]ssa.Value{},
		texts:    map[any][]ssa.Value{},
		callers:  map[*ssa.Function][]*ssa.CallCommon{},
	}
	for _, b := range bodies {
		for _, c := range b.Closures {
			fn := c.Fn.(*ssa.Function)
			x.closures[fn] = append(x.closures[fn], c)
		}
	}
	for _, b := range bodies {
		x.add(b)
	}
	return x
}

func (x *index) add(b *ssapass.Body) {
	for _, fn := range b.Uses {
		x.used[fn] = true
	}
	for _, call := range b.Calls {
		if fn := call.Common().StaticCallee(); fn != nil {
			x.callers[fn] = append(x.callers[fn], call.Common())
		}
	}
	for _, move := range b.Moves {
		x.addChannels(move)
		x.addMove(move)
	}
}

func (x *index) addMove(instr ssa.Instruction) {
	switch i := instr.(type) {
	case *ssa.Return:
		x.returns[i.Parent()] = append(x.returns[i.Parent()], i)
	case *ssa.Store:
		x.store(i.Addr, i.Val)
	case *ssa.MapUpdate:
		if x.carries.is(i.Value.Type()) {
			x.fill(i.Map, i.Value, nil)
		}
	case *ssa.Send:
		if x.carries.is(i.X.Type()) {
			x.fill(i.Chan, i.X, nil)
		}
	case *ssa.Select:
		for _, s := range i.States {
			if s.Dir == types.SendOnly && x.carries.is(s.Send.Type()) {
				x.fill(s.Chan, s.Send, nil)
			}
		}
	}
}

func (x *index) store(addr, val ssa.Value) {
	if isString(val.Type()) {
		if place := textPlace(addr); place != nil {
			x.texts[place] = append(x.texts[place], val)
		}
		return
	}
	if !x.carries.is(val.Type()) && airlockapi.TypeName(val.Type()) != "Task" {
		if a, ok := addr.(*ssa.Alloc); ok && isStructLike(val.Type()) {
			x.whole[a] = append(x.whole[a], val)
		}
		return
	}
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		f := ssapass.Field(a.X.Type(), a.Field)
		x.fields[f] = append(x.fields[f], val)
		if base, path, ok := x.root(a); ok {
			k := fieldOf{base, path}
			x.based[k] = append(x.based[k], val)
		}
	case *ssa.IndexAddr:
		x.fill(a.X, val, nil)
	case *ssa.FreeVar:
		for _, outer := range x.captured(a) {
			x.store(outer, val)
		}
	default:
		x.written[addr] = append(x.written[addr], val)
	}
}

// fill puts val into the map, slice, array or channel that container is: where it came from sees it too.
func (x *index) fill(container, val ssa.Value, seen []*ssa.Phi) {
	switch c := container.(type) {
	case *ssa.UnOp:
		x.store(c.X, val)
	case *ssa.ChangeType:
		x.fill(c.X, val, seen)
	case *ssa.Slice:
		x.fill(c.X, val, seen)
	case *ssa.FieldAddr, *ssa.FreeVar:
		x.store(c, val)
	case *ssa.Phi:
		for _, p := range seen {
			if p == c {
				return
			}
		}
		for _, e := range c.Edges {
			x.fill(e, val, append(seen, c))
		}
	default:
		x.written[container] = append(x.written[container], val)
	}
}

// captured returns what a literal's free variable was bound to.
func (x *index) captured(v *ssa.FreeVar) []ssa.Value {
	i := 0
	for i < len(v.Parent().FreeVars) && v.Parent().FreeVars[i] != v {
		i++
	}
	var outer []ssa.Value
	for _, c := range x.closures[v.Parent()] {
		if i < len(c.Bindings) {
			outer = append(outer, c.Bindings[i])
		}
	}
	return outer
}

// root finds the variable or parameter that v, a struct, a pointer to one, or the address of a field, belongs to, and the names of
// the fields on the way. It follows what is certain only: a variable that is assigned once.
func (x *index) root(v ssa.Value) (base ssa.Value, path string, ok bool) {
	for range 24 {
		switch u := v.(type) {
		case *ssa.Parameter:
			return u, path, true
		case *ssa.FieldAddr:
			path = join(ssapass.Field(u.X.Type(), u.Field).Name(), path)
			v = u.X
		case *ssa.Field:
			path = join(ssapass.Field(u.X.Type(), u.Field).Name(), path)
			v = u.X
		case *ssa.ChangeType:
			v = u.X
		case *ssa.UnOp:
			if u.Op == token.ARROW {
				return u, path, true
			}
			if u.Op != token.MUL {
				return nil, "", false
			}
			v = u.X
		case *ssa.Extract:
			if receivedValue(u) {
				return u, path, true
			}
			return nil, "", false
		case *ssa.FreeVar:
			outer := x.captured(u)
			if len(outer) != 1 {
				return nil, "", false
			}
			v = outer[0]
		case *ssa.Alloc:
			single := x.only(u)
			if single == nil {
				return u, path, true
			}
			v = single
		default:
			return nil, "", false
		}
	}
	return nil, "", false
}

// only returns the one value that a variable is ever assigned, if its fields are not assigned one by one.
func (x *index) only(a *ssa.Alloc) ssa.Value {
	var val ssa.Value
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != a || val != nil {
				return nil
			}
			val = ref.Val
		case *ssa.FieldAddr:
			if assigned(ref) {
				return nil
			}
		case *ssa.MakeClosure:
			if assignedInside(a, ref) {
				return nil
			}
		}
	}
	return val
}

// escapes reports whether others than the function itself may assign to the fields of a variable.
func escapes(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			if escapes(ref) {
				return true
			}
		case *ssa.Store:
			if ref.Val == v {
				return true
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

func assigned(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				return true
			}
		case *ssa.FieldAddr:
			if assigned(ref) {
				return true
			}
		case *ssa.MakeClosure:
			if assignedInside(addr, ref) {
				return true
			}
		}
	}
	return false
}

func assignedInside(v ssa.Value, c *ssa.MakeClosure) bool {
	for i, b := range c.Bindings {
		if b == v && assigned(c.Fn.(*ssa.Function).FreeVars[i]) {
			return true
		}
	}
	return false
}

func join(first, rest string) string {
	if rest == "" {
		return first
	}
	if first == "" {
		return rest
	}
	return first + "." + rest
}

func isStructLike(t types.Type) bool { return ssapass.Struct(t) != nil }

// fieldAt follows the names of path through structs from t on, and returns the last field.
func fieldAt(t types.Type, path string) *types.Var {
	var f *types.Var
	for name := range strings.SplitSeq(path, ".") {
		s := ssapass.Struct(t)
		if s == nil {
			return nil
		}
		if f = fieldNamed(s, name); f == nil {
			return nil
		}
		t = f.Type()
	}
	return f.Origin()
}

func fieldNamed(s *types.Struct, name string) *types.Var {
	for f := range s.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// A carrier remembers which types can carry something to call: functions, interfaces, and what holds them.
type carrier map[types.Type]bool

func (c carrier) is(t types.Type) bool {
	known, ok := c[t]
	if !ok {
		c[t] = false // for types that contain themselves
		known = c.compute(t)
		c[t] = known
	}
	return known
}

func (c carrier) compute(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		return !isError(t) && !isContext(t)
	case *types.Pointer:
		return c.is(u.Elem())
	case *types.Slice:
		return c.is(u.Elem())
	case *types.Array:
		return c.is(u.Elem())
	case *types.Chan:
		return c.is(u.Elem())
	case *types.Map:
		return c.is(u.Elem())
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}
