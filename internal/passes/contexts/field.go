package contexts

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A slot is a place in which a function is handed over: a parameter, or a field of one that is a struct or a pointer to one, as
// options are.
type slot struct {
	param *ssa.Parameter
	field string // its name, or empty
}

// fieldHanded is a function in a field of an argument.
type fieldHanded struct {
	handed
	fn *ssa.Function
}

// slotOf returns the parameter's field that v was read from.
func slotOf(v ssa.Value) (slot, bool) {
	switch v := v.(type) {
	case *ssa.Field:
		if p := holding(v.X); p != nil {
			return slot{p, v.X.Type().Underlying().(*types.Struct).Field(v.Field).Name()}, true
		}
	case *ssa.UnOp:
		if addr, ok := v.X.(*ssa.FieldAddr); ok {
			if p := holding(addr.X); p != nil {
				return slot{p, ssapass.Field(addr.X.Type(), addr.Field).Name()}, true
			}
		}
	}
	return slot{}, false
}

// holding returns the parameter that a struct is, or a pointer to one, or what a variable of the function's own holds. Receivers are not
// options: what their fields hold was put there long before.
func holding(v ssa.Value) *ssa.Parameter {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	if ssapass.IsVariable(v) {
		stores := ssapass.Stores(v)
		if len(stores) != 1 {
			return nil
		}
		v = stores[0].Val
	}
	if p, ok := v.(*ssa.Parameter); ok && paramIndex(p) >= 0 {
		return p
	}
	return nil
}

// indexFields finds the functions in the fields of an argument: Options{Done: func(ctx context.Context) {…}}, or options handed on.
func (a *engine) indexFields(call ssa.CallInstruction, i int, arg ssa.Value) {
	switch arg.(type) {
	case *ssa.Alloc, *ssa.UnOp, *ssa.Parameter:
	default:
		return
	}
	if !a.kind(arg.Type()).functional {
		return
	}
	if p := holding(arg); p != nil {
		for _, f := range a.kind(p.Type()).fields {
			s := a.slotSite(slot{p, f.name})
			s.handed = append(s.handed, handed{call, i, f.name})
		}
		return
	}
	built := arg
	if load, ok := arg.(*ssa.UnOp); ok {
		built = load.X
	}
	alloc, ok := built.(*ssa.Alloc)
	if !ok {
		return
	}
	for _, ref := range *alloc.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok || !isSignature(ssapass.Field(addr.X.Type(), addr.Field).Type()) {
			continue
		}
		for _, s := range ssapass.Stores(addr) {
			a.indexField(handed{call, i, ssapass.Field(addr.X.Type(), addr.Field).Name()}, s.Val)
		}
	}
}

// indexField notes that a function value is handed over in a field.
func (a *engine) indexField(h handed, v ssa.Value) {
	for _, t := range targets(v) {
		s := a.siteOf(t)
		s.handed = append(s.handed, h)
		if fn, ok := t.(*ssa.Function); ok {
			a.fields[h.call] = append(a.fields[h.call], fieldHanded{h, fn})
		}
	}
}

func (a *engine) slotSite(p slot) *sites {
	s := a.slots[p]
	if s == nil {
		s = new(sites)
		a.slots[p] = s
	}
	return s
}

// sitesAt returns what is done with the function in p.
func (a *engine) sitesAt(p slot) *sites {
	if p.field == "" {
		return a.sites[p.param]
	}
	return a.slots[p]
}

func isSignature(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}
