package catalog

import (
	"go/types"
	"slices"
)

// A shape is a method of an interface that stands for the same method of whatever implements the interface.
type shape struct {
	name  Name // PATH, INTERFACE.METHOD
	entry Entry
}

// A shapes indexes shapes by the method's name.
type shapes map[string][]shape

func (s shapes) add(in Name, e Entry) bool {
	_, method, _ := cutLast(in.Member, ".")
	if slices.ContainsFunc(s[method], func(o shape) bool { return o.name == in }) {
		return false
	}
	s[method] = append(s[method], shape{in, e})
	return true
}

// implements returns the entry of the first interface among s that fn's receiver implements with fn.
func (c *Catalog) implements(fn *types.Func, s shapes) (Entry, bool) {
	if fn == nil || len(s[fn.Name()]) == 0 || fn.Signature().Recv() == nil {
		return Entry{}, false
	}
	for _, sh := range s[fn.Name()] {
		iface := c.findInterface(fn, sh.name)
		if iface != nil && implementsWith(fn, iface) {
			return sh.entry, true
		}
	}
	return Entry{}, false
}

// findInterface looks for the interface's type where a type that implements it on purpose must know it from: the packages of the
// types in the method's signature, its own package and that package's imports.
func (c *Catalog) findInterface(fn *types.Func, name Name) *types.Named {
	iface, _, _ := cutLast(name.Member, ".")
	for _, pkg := range reachable(fn) {
		if c.canonicalPath(unversioned(pkg.Path())) != name.Path {
			continue
		}
		if obj, ok := pkg.Scope().Lookup(iface).(*types.TypeName); ok {
			if named, ok := types.Unalias(obj.Type()).(*types.Named); ok && types.IsInterface(named) {
				return named
			}
		}
	}
	return nil
}

func reachable(fn *types.Func) []*types.Package {
	var pkgs []*types.Package
	if fn.Pkg() != nil {
		pkgs = append(pkgs, fn.Pkg())
		pkgs = append(pkgs, fn.Pkg().Imports()...)
	}
	sig := fn.Signature()
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			if named := namedType(elem(v.Type())); named != nil && named.Obj().Pkg() != nil {
				pkgs = append(pkgs, named.Obj().Pkg())
			}
		}
	}
	return pkgs
}

// elem strips what a parameter's type has around a named one: slices and pointers.
func elem(t types.Type) types.Type {
	for {
		switch u := types.Unalias(t).(type) {
		case *types.Slice:
			t = u.Elem()
		case *types.Pointer:
			t = u.Elem()
		default:
			return t
		}
	}
}

// implementsWith reports whether the receiver of fn implements iface. Type arguments of a generic interface are inferred from fn's
// own signature.
func implementsWith(fn *types.Func, iface *types.Named) bool {
	if tparams := iface.TypeParams(); tparams.Len() > 0 {
		inst := instantiate(iface, fn)
		if inst == nil {
			return false
		}
		iface = inst
	}
	recv := fn.Signature().Recv().Type()
	if types.IsInterface(recv) {
		return false
	}
	if _, isPtr := types.Unalias(recv).(*types.Pointer); !isPtr {
		recv = types.NewPointer(recv)
	}
	return types.Implements(recv, iface.Underlying().(*types.Interface))
}

// instantiate gives a generic interface the type arguments with which its method of fn's name has fn's signature.
func instantiate(iface *types.Named, fn *types.Func) *types.Named {
	obj, _, _ := types.LookupFieldOrMethod(iface, false, fn.Pkg(), fn.Name())
	method, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	bound := map[*types.TypeParam]types.Type{}
	if !unify(method.Signature(), fn.Signature(), bound) {
		return nil
	}
	args := make([]types.Type, iface.TypeParams().Len())
	for i := range args {
		if args[i] = bound[iface.TypeParams().At(i)]; args[i] == nil {
			return nil
		}
	}
	inst, err := types.Instantiate(nil, iface, args, false)
	if err != nil {
		return nil
	}
	return inst.(*types.Named)
}

// unify binds the type parameters in pattern so that it becomes t, as far as signatures of handlers need it.
func unify(pattern, t types.Type, bound map[*types.TypeParam]types.Type) bool {
	pattern, t = types.Unalias(pattern), types.Unalias(t)
	if p, ok := pattern.(*types.TypeParam); ok {
		if old := bound[p]; old != nil {
			return types.Identical(old, t)
		}
		bound[p] = t
		return true
	}
	switch p := pattern.(type) {
	case *types.Pointer:
		u, ok := t.(*types.Pointer)
		return ok && unify(p.Elem(), u.Elem(), bound)
	case *types.Slice:
		u, ok := t.(*types.Slice)
		return ok && unify(p.Elem(), u.Elem(), bound)
	case *types.Signature:
		u, ok := t.(*types.Signature)
		return ok && unifyTuples(p.Params(), u.Params(), bound) && unifyTuples(p.Results(), u.Results(), bound)
	case *types.Named:
		u, ok := t.(*types.Named)
		return ok && unifyNamed(p, u, bound)
	}
	return types.Identical(pattern, t)
}

func unifyTuples(p, t *types.Tuple, bound map[*types.TypeParam]types.Type) bool {
	if p.Len() != t.Len() {
		return false
	}
	for i := range p.Len() {
		if !unify(p.At(i).Type(), t.At(i).Type(), bound) {
			return false
		}
	}
	return true
}

func unifyNamed(p, t *types.Named, bound map[*types.TypeParam]types.Type) bool {
	if p.Origin() != t.Origin() || p.TypeArgs().Len() != t.TypeArgs().Len() {
		return false
	}
	for i := range p.TypeArgs().Len() {
		if !unify(p.TypeArgs().At(i), t.TypeArgs().At(i), bound) {
			return false
		}
	}
	return true
}
