package contexts

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// This file follows groups that are fields of structs.

// fieldOf returns the struct, or the pointer to one, of which v is a field, or the address of one.
func fieldOf(v ssa.Value) (holder ssa.Value, field int) {
	switch v := v.(type) {
	case *ssa.Field:
		return v.X, v.Field
	case *ssa.FieldAddr:
		return v.X, v.Field
	}
	return nil, 0
}

// member returns the group in a field of a struct: what was put there, where that is in plain view; the struct itself, if a call returned
// it; otherwise the field, v.
func (a *engine) member(holder ssa.Value, field int, v ssa.Value) ssa.Value {
	switch built := a.holder(holder).(type) {
	case *ssa.Alloc:
		if s := onlyStore(built, field); s != nil {
			return a.groupOf(s.Val)
		}
	case *ssa.Call, *ssa.Extract:
		if _, pointer := built.Type().Underlying().(*types.Pointer); !pointer {
			return built
		}
	}
	return v
}

// holder returns the variable in which a struct was built, or the value that it is a copy of.
func (a *engine) holder(v ssa.Value) ssa.Value {
	v = a.base(v)
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = ssapass.Variable(load.X)
	}
	if alloc, ok := v.(*ssa.Alloc); ok {
		if stores := ssapass.Stores(alloc); len(stores) == 1 {
			return a.base(stores[0].Val)
		}
	}
	return v
}

// onlyStore returns the one store to a field of a struct that is built here.
func onlyStore(alloc *ssa.Alloc, field int) *ssa.Store {
	var only *ssa.Store
	for _, ref := range *alloc.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok || addr.Field != field {
			continue
		}
		for _, s := range ownStores(addr) {
			if only != nil {
				return nil
			}
			only = s
		}
	}
	return only
}

// translated returns the group of the callee as its caller sees it: a field of what it was handed. Channels in fields that can't be
// followed are sent on for many reasons.
func (a *engine) translated(group ssa.Value, callee *ssa.Function, c *ssa.CallCommon) ssa.Value {
	holder, field := fieldOf(group)
	if holder == nil {
		return group
	}
	p, ok := a.holder(holder).(*ssa.Parameter)
	if !ok || p.Parent() != callee {
		return group
	}
	found := group
	if arg := argument(c, callee.Signature, paramIndex(p)); arg != nil {
		found = a.member(arg, field, group)
	}
	if found == group && !isGroup(ssapass.Field(holder.Type(), field).Type()) {
		return nil
	}
	return found
}

// takesMember reports whether one of fn's parameters is a struct that may have a group.
func takesMember(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return hasGroup(p.Type()) })
}

// hasGroup reports whether t is a struct with a field that may be a group, or a pointer to one.
func hasGroup(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if isChan(f.Type()) || isGroup(f.Type()) {
			return true
		}
	}
	return false
}
