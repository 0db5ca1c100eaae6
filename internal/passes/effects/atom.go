package effects

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// An atom is one thing that a value may be, as far as calling it or its methods goes. Atoms are interned: equal ones are identical.
type atom struct {
	atomKey
	typ types.Type // of concrete: the dynamic type
}

type atomKind uint8

const (
	function atomKind = iota // a declared function or a literal
	bound                    // a method value: obj with its receiver
	concrete                 // a value of a concrete type in an interface
	symbol                   // what the caller gives for a parameter
	returned                 // a closure that a function of another package returned
	outside                  // something that this package does not see
)

type atomKey struct {
	kind    atomKind
	fn      *ssa.Function // function
	obj     *types.Func   // bound
	value   ssa.Value     // bound: the receiver; concrete: the value in the interface, if known
	dynamic types.Type    // concrete: the type, where there is no value
	name    string        // outside: the place that others write
	sym     *sym
	closure *unit
	made    *edge // function, bound, returned: the call that made the closure
}

// A sym stands for what callers of a function give for one of its parameters, or for a field of it.
type sym struct {
	unit  *unit // whose parameter it is
	index int
	path  string
}

// field returns the field of a parameter that s stands for, nil if it stands for a parameter, or is not known.
func (s *sym) field() *types.Var {
	if s.path == "" {
		return nil
	}
	if s.unit.fn != nil {
		return fieldAt(s.unit.fn.Params[s.index].Type(), s.path)
	}
	if s.unit.obj == nil {
		return nil
	}
	params, i := s.unit.obj.Signature().Params(), s.index
	if recv := s.unit.obj.Signature().Recv(); recv != nil {
		if i--; i < 0 {
			return fieldAt(recv.Type(), s.path)
		}
	}
	if i >= params.Len() {
		return nil
	}
	return fieldAt(params.At(i).Type(), s.path)
}

// holdsFunc reports whether s stands for a field of function type.
func (s *sym) holdsFunc() bool {
	f := s.field()
	return f != nil && isFunc(f.Type())
}

func (g *graph) atom(k atomKey, t types.Type) *atom {
	if a := g.atoms[k]; a != nil {
		return a
	}
	a := &atom{atomKey: k, typ: t}
	g.atoms[k] = a
	return a
}

func (g *graph) sym(s sym) *sym {
	if p := g.syms[s]; p != nil {
		return p
	}
	p := &s
	g.syms[s] = p
	return p
}

func (g *graph) symbol(s *sym) *atom { return g.atom(atomKey{kind: symbol, sym: s}, nil) }

func (g *graph) outside(place string) *atom { return g.atom(atomKey{kind: outside, name: place}, nil) }

// concreteType is the atom of a value whose dynamic type is known, but not where it comes from.
func (g *graph) concreteType(t types.Type) *atom {
	if known, ok := g.types.At(t).(types.Type); ok {
		t = known
	} else {
		g.types.Set(t, t)
	}
	return g.atom(atomKey{kind: concrete, dynamic: t}, t)
}

// near returns the receiver that a brings along, where it is a variable of the caller's declaration, or of the call that made it: only
// there it is known by more than its type.
func (a *atom) near(caller *unit) ssa.Value {
	if a.value == nil || caller.fn == nil || a.value.Parent() == nil {
		return nil
	}
	if outermost(a.value.Parent()) == outermost(caller.fn) || a.made != nil && within(a.value.Parent(), a.made.callee.fn) {
		return a.value
	}
	return nil
}
