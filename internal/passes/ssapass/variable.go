package ssapass

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A variable that a literal captures lives in memory: it is an Alloc in the function that declares it, and a FreeVar in the literals.

// IsVariable reports whether addr is the address of a whole variable.
func IsVariable(addr ssa.Value) bool {
	switch addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return true
	}
	return false
}

// Variable returns the variable itself, for a capture of it by a literal.
func Variable(addr ssa.Value) ssa.Value {
	for {
		free, ok := addr.(*ssa.FreeVar)
		if !ok {
			return addr
		}
		made := Closure(free.Parent())
		if made == nil {
			return addr
		}
		addr = made.Bindings[slices.Index(free.Parent().FreeVars, free)]
	}
}

// Closure returns the instruction that makes the literal fn a closure, of which there is at most one; nil if it captures nothing.
func Closure(fn *ssa.Function) *ssa.MakeClosure {
	if refs := fn.Referrers(); refs != nil {
		for _, ref := range *refs {
			if made, ok := ref.(*ssa.MakeClosure); ok {
				return made
			}
		}
	}
	return nil
}

// Captures returns the variable and every capture of it.
func Captures(addr ssa.Value) []ssa.Value {
	all := []ssa.Value{Variable(addr)}
	for i := 0; i < len(all); i++ {
		refs := all[i].Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			made, ok := ref.(*ssa.MakeClosure)
			if !ok {
				continue
			}
			for j, b := range made.Bindings {
				if b == all[i] {
					all = append(all, made.Fn.(*ssa.Function).FreeVars[j])
				}
			}
		}
	}
	return all
}

// Stores returns every store to the variable, field or element, those of the literals that capture it included.
func Stores(addr ssa.Value) []*ssa.Store {
	var out []*ssa.Store
	for _, a := range Captures(addr) {
		if a.Referrers() == nil {
			continue
		}
		for _, ref := range *a.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == a {
				out = append(out, s)
			}
		}
	}
	return out
}

// Elements returns what is stored in the slice that a variadic call builds, in order.
func Elements(v ssa.Value) []ssa.Value {
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := s.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var found []ssa.Value
	for _, ref := range *array.Referrers() {
		if at, ok := ref.(*ssa.IndexAddr); ok {
			for _, store := range Stores(at) {
				found = append(found, store.Val)
			}
		}
	}
	return found
}
