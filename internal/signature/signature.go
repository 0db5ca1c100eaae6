// Package signature writes what a method is in eight bytes: its name, and the types of its parameters and results.
package signature

import (
	"go/types"
	"slices"
)

// A Hash is what a method is, the same in every process. For two methods, equal hashes mean that one implements the other.
type Hash = uint64

// A Hasher finds hashes, those of a type or a method once. Its zero value is ready; it is not for concurrent use.
type Hasher struct {
	named   map[*types.Named]Hash
	methods map[*types.Func]Hash
}

// Method returns the hash of a method, of a type or an interface.
func (h *Hasher) Method(fn *types.Func) Hash {
	if known, ok := h.methods[fn]; ok {
		return known
	}
	if h.methods == nil {
		h.methods = map[*types.Func]Hash{}
	}
	sum := newSum()
	if !fn.Exported() {
		sum = sum.text(fn.Pkg().Path())
	}
	hash := Hash(h.signature(sum.text(fn.Name()), fn.Signature()))
	h.methods[fn] = hash
	return hash
}

// Interface returns the hashes of all methods of an interface, sorted.
func (h *Hasher) Interface(t types.Type) []Hash {
	var all []Hash
	for m := range t.Underlying().(*types.Interface).Methods() {
		all = append(all, h.Method(m))
	}
	slices.Sort(all)
	return all
}

func (h *Hasher) signature(s sum, sig *types.Signature) sum {
	s = h.tuple(s.number('('), sig.Params())
	if sig.Variadic() {
		s = s.number('.')
	}
	return h.tuple(s.number(')'), sig.Results())
}

func (h *Hasher) tuple(s sum, t *types.Tuple) sum {
	for v := range t.Variables() {
		s = h.typ(s.number(','), v.Type())
	}
	return s
}

func (h *Hasher) typ(s sum, t types.Type) sum {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return s.number('b').number(Hash(t.Kind())) // byte is uint8
	case *types.Named:
		return s.number(h.name(t))
	case *types.Pointer:
		return h.typ(s.number('*'), t.Elem())
	case *types.Slice:
		return h.typ(s.number('['), t.Elem())
	case *types.Array:
		return h.typ(s.number(']').number(Hash(t.Len())), t.Elem())
	case *types.Map:
		return h.typ(h.typ(s.number('m'), t.Key()), t.Elem())
	case *types.Chan:
		return h.typ(s.number('c').number(Hash(t.Dir())), t.Elem())
	case *types.Signature:
		return h.signature(s.number('f'), t)
	case *types.Interface:
		if t.Empty() {
			return s.number('i')
		}
	}
	return s.text(types.TypeString(t, nil))
}

func (h *Hasher) name(t *types.Named) Hash {
	if known, ok := h.named[t]; ok {
		return known
	}
	if h.named == nil {
		h.named = map[*types.Named]Hash{}
	}
	s := newSum()
	if pkg := t.Obj().Pkg(); pkg != nil {
		s = s.text(pkg.Path())
	}
	s = s.text(t.Obj().Name())
	for arg := range t.TypeArgs().Types() {
		s = h.typ(s.number('<'), arg)
	}
	h.named[t] = Hash(s)
	return Hash(s)
}

// A sum is the hash of what has been added: FNV-1a.
type sum uint64

func newSum() sum { return 14695981039346656037 }

func (s sum) text(t string) sum {
	for i := range len(t) {
		s = (s ^ sum(t[i])) * 1099511628211
	}
	return s.number(Hash(len(t)))
}

func (s sum) number(n Hash) sum {
	for range 8 {
		s = (s ^ sum(n&0xff)) * 1099511628211
		n >>= 8
	}
	return s
}
