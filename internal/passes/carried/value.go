package carried

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// Origins returns the values that v may be: what it is converted from, what the variable holds that it was read from.
func Origins(v ssa.Value) []ssa.Value {
	w := walker{seen: map[ssa.Value]bool{}}
	w.origin(v)
	return w.found
}

// Parts returns the values that v is made of: itself, the values stored in its fields and elements, what functions that returned
// it hold.
func (r *Result) Parts(v ssa.Value) []ssa.Value {
	w := walker{seen: map[ssa.Value]bool{}, parts: r}
	w.origin(v)
	return w.found
}

type walker struct {
	seen  map[ssa.Value]bool
	parts *Result // also what values are made of
	found []ssa.Value
}

func (w *walker) origin(v ssa.Value) {
	if v == nil || w.seen[v] {
		return
	}
	w.seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		w.origin(v.X)
	case *ssa.ChangeInterface:
		w.origin(v.X)
	case *ssa.ChangeType:
		w.origin(v.X)
	case *ssa.TypeAssert:
		w.origin(v.X)
	case *ssa.Slice:
		w.origin(v.X)
	case *ssa.Phi:
		for _, e := range v.Edges {
			w.origin(e)
		}
	case *ssa.Extract:
		w.extract(v)
	case *ssa.UnOp:
		w.load(v)
	case *ssa.Alloc:
		w.found = append(w.found, v)
		w.fields(v)
	case *ssa.MakeClosure:
		w.found = append(w.found, v)
		w.captured(v)
	case *ssa.Call:
		w.found = append(w.found, v)
		w.held(v, 0)
	default:
		w.found = append(w.found, v)
		w.entries(v)
	}
}

// captured follows a literal to what the variables that it captures hold.
func (w *walker) captured(made *ssa.MakeClosure) {
	if w.parts == nil {
		return
	}
	for _, b := range made.Bindings {
		if !ssapass.IsVariable(b) {
			w.origin(b)
			continue
		}
		for _, s := range ssapass.Stores(b) {
			w.origin(s.Val)
		}
	}
}

// entries follows a map to the values that are put into it here.
func (w *walker) entries(v ssa.Value) {
	if _, ok := v.Type().Underlying().(*types.Map); !ok || w.parts == nil || v.Referrers() == nil {
		return
	}
	for _, ref := range *v.Referrers() {
		if put, ok := ref.(*ssa.MapUpdate); ok && put.Map == v {
			w.origin(put.Value)
		}
	}
}

func (w *walker) extract(v *ssa.Extract) {
	switch tuple := v.Tuple.(type) {
	case *ssa.TypeAssert:
		w.origin(tuple.X)
		return
	case *ssa.Call:
		w.held(tuple, v.Index)
	}
	w.found = append(w.found, v)
}

// load follows a variable to what it holds; a struct that is copied from a variable is made of the same parts.
func (w *walker) load(v *ssa.UnOp) {
	if v.Op != token.MUL || !ssapass.IsVariable(v.X) {
		w.found = append(w.found, v)
		return
	}
	stored := ssapass.Stores(v.X)
	for _, s := range stored {
		w.origin(s.Val)
	}
	if alloc, ok := ssapass.Variable(v.X).(*ssa.Alloc); ok {
		w.fields(alloc)
	}
	if len(stored) == 0 {
		w.found = append(w.found, v)
	}
}

// fields follows a struct or an array that is built in memory to what is stored in it.
func (w *walker) fields(alloc *ssa.Alloc) {
	if w.parts == nil {
		return
	}
	for _, ref := range *alloc.Referrers() {
		var addr ssa.Value
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			addr = ref
		case *ssa.IndexAddr:
			addr = ref
		default:
			continue
		}
		for _, s := range ssapass.Stores(addr) {
			w.origin(s.Val)
		}
	}
}

// held follows the result of a call to the arguments that it holds.
func (w *walker) held(call *ssa.Call, result int) {
	if w.parts == nil {
		return
	}
	fn := ssapass.Callee(call.Common())
	if k := w.parts.Of(fn); k != nil {
		for _, h := range k.Held {
			if h.Result == result {
				w.origin(Argument(call.Common(), fn, h.Param))
			}
		}
	}
}

// Elem returns what a pointer of type t points to; t itself if it is none.
func Elem(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
