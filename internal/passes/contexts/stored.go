package contexts

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// This file finds the functions that the package puts into fields: as they are, in a map or a slice, directly or through a function that
// is handed them, as a constructor is.

// holdingField returns the field that the function value v was read from: itself, or an element of the map or slice in it.
func holdingField(v ssa.Value) *types.Var {
	for range 8 { // longer ways than this are loops
		switch x := v.(type) {
		case *ssa.Field:
			return ssapass.Field(x.X.Type(), x.Field)
		case *ssa.FieldAddr:
			return ssapass.Field(x.X.Type(), x.Field)
		case *ssa.UnOp:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.Lookup:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Next:
			v = x.Iter
		case *ssa.Range:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return nil
		}
	}
	return nil
}

// storedIn returns the functions that the package stores in a field.
func (a *engine) storedIn(field *types.Var) []callee {
	if a.stored == nil {
		a.findStored()
	}
	return a.stored[field]
}

func (a *engine) findStored() {
	a.stored = map[*types.Var][]callee{}
	for _, fn := range a.funcs {
		for _, move := range a.ssa.Body(fn).Moves {
			switch move := move.(type) {
			case *ssa.Store:
				if addr, ok := move.Addr.(*ssa.FieldAddr); ok {
					a.store(ssapass.Field(addr.X.Type(), addr.Field), move.Val)
				}
			case *ssa.MapUpdate:
				if field := loadedField(move.Map); field != nil {
					a.store(field, move.Value)
				}
			}
		}
	}
}

// loadedField returns the field that v is.
func loadedField(v ssa.Value) *types.Var {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if addr, ok := load.X.(*ssa.FieldAddr); ok {
			return ssapass.Field(addr.X.Type(), addr.Field)
		}
	}
	return nil
}

// store notes the functions in v, which is put into the field.
func (a *engine) store(field *types.Var, v ssa.Value) {
	switch x := v.(type) {
	case *ssa.MakeMap:
		for _, ref := range *x.Referrers() {
			if update, ok := ref.(*ssa.MapUpdate); ok && update.Map == v {
				a.store(field, update.Value)
			}
		}
		return
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			a.store(field, x.Call.Args[1])
		}
		return
	}
	if called(v.Type()) == nil {
		return
	}
	for _, fn := range a.functions(v, nil) {
		c := a.calleeOf(fn)
		if !slices.Contains(a.stored[field], c) {
			a.stored[field] = append(a.stored[field], c)
		}
	}
}

// functions returns the functions that v may be; for a parameter, what the package hands its function.
func (a *engine) functions(v ssa.Value, asked []*ssa.Parameter) []*ssa.Function {
	var out []*ssa.Function
	for _, t := range targets(v) {
		switch t := t.(type) {
		case *ssa.Function:
			out = append(out, t)
		case *ssa.Parameter:
			if !slices.Contains(asked, t) {
				for _, arg := range a.handedTo(t) {
					out = append(out, a.functions(arg, append(asked, t))...)
				}
			}
		}
	}
	return out
}

// handedTo returns what the calls in the package hand the parameter of a declared function.
func (a *engine) handedTo(p *ssa.Parameter) []ssa.Value {
	if a.direct == nil {
		a.direct = map[*ssa.Function][]ssa.CallInstruction{}
		for _, call := range a.calls {
			if t := a.declared(call.Common()); t != nil && t.callees[0].body != nil {
				a.direct[t.callees[0].body] = append(a.direct[t.callees[0].body], call)
			}
		}
	}
	var out []ssa.Value
	for _, call := range a.direct[p.Parent()] {
		if arg := argument(call.Common(), p.Parent().Signature, paramIndex(p)); arg != nil {
			out = append(out, arg)
		}
	}
	return out
}
