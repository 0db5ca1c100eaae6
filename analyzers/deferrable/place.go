package deferrable

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A place is a variable in memory or a field, from which the same value is read until something is put there.
type place struct {
	addrs []ssa.Value // all that are its address
	bases []ssa.Value // the struct that it is a field of; what is done with that may put something there
	made  ssa.Value   // what makes it another place when it runs again: the next element, the variable of the next turn
	open  bool        // literals put something there
}

// placeOf returns the place that v was read from; ok is false if it was not, or another value is there when the call runs.
func placeOf(v ssa.Value, call ssa.CallInstruction) (p place, ok bool) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return place{}, false
	}
	p = placeAt(load.X)
	return p, leadsFrom(load, call, call, p.renewed)
}

func placeAt(addr ssa.Value) place {
	field, ok := addr.(*ssa.FieldAddr)
	if !ok {
		p := place{addrs: []ssa.Value{addr}, made: addr}
		for _, s := range ssapass.Stores(addr) {
			p.open = p.open || s.Parent() != addr.Parent()
		}
		return p
	}
	var p place
	p.bases, p.made = sameValues(field.X)
	for _, base := range p.bases {
		for _, ref := range *base.Referrers() {
			if other, ok := ref.(*ssa.FieldAddr); ok && other.Field == field.Field {
				p.addrs = append(p.addrs, other)
			}
		}
	}
	return p
}

// sameValues returns the values that are v, as what else is read from a variable that is written once is, and what makes them others.
func sameValues(v ssa.Value) (same []ssa.Value, made ssa.Value) {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		p := placeAt(v)
		return p.addrs, p.made
	case *ssa.UnOp:
		if v.Op == token.MUL && ssapass.IsVariable(v.X) && len(ssapass.Stores(v.X)) == 1 {
			p := placeAt(v.X)
			return p.loads(), p.made
		}
	}
	if v.Referrers() == nil {
		return nil, v
	}
	return []ssa.Value{v}, v
}

// loads returns what is read from the place.
func (p place) loads() []ssa.Value {
	var found []ssa.Value
	for _, addr := range p.addrs {
		if addr.Referrers() == nil {
			continue
		}
		for _, ref := range *addr.Referrers() {
			if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL {
				found = append(found, load)
			}
		}
	}
	return found
}

// renewed reports whether after an instruction another value may be there.
func (p place) renewed(x ssa.Instruction) bool {
	if v, ok := x.(ssa.Value); ok && v == p.made {
		return true
	}
	switch x := x.(type) {
	case *ssa.Store:
		return slices.Contains(p.addrs, x.Addr)
	case *ssa.MakeInterface:
		return slices.Contains(p.addrs, x.X)
	case ssa.CallInstruction:
		return p.open || slices.ContainsFunc(x.Common().Args, func(arg ssa.Value) bool {
			return slices.Contains(p.bases, arg) || slices.Contains(p.addrs, arg)
		})
	}
	return false
}
