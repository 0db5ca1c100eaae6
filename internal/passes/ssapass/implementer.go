package ssapass

import (
	"go/types"
	"runtime"
	"sync"
	"weak"
)

// Implementers returns the concrete named types of package level in pkg that have a method of that name, or whose pointers have: their
// own, or of a field that they embed. Only those may implement an interface with such a method. They are in the order of their names.
func Implementers(pkg *types.Package, method string) []*types.Named {
	var all []*types.Named
	for _, name := range methodsOf(pkg)[method] {
		all = append(all, pkg.Scope().Lookup(name).Type().(*types.Named))
	}
	return all
}

// A methodIndex lists the names of a package's types by the names of their methods. It does not lead to the package, which would stay for good.
type methodIndex map[string][]string

// methodIndexes has the index of each package that was asked for, by a weak pointer to it: each of those that import the package asks.
var methodIndexes sync.Map

func methodsOf(pkg *types.Package) methodIndex {
	key := weak.Make(pkg)
	if known, ok := methodIndexes.Load(key); ok {
		return known.(methodIndex)
	}
	index := newMethodIndex(pkg)
	if _, known := methodIndexes.LoadOrStore(key, index); !known {
		runtime.AddCleanup(pkg, func(key weak.Pointer[types.Package]) { methodIndexes.Delete(key) }, key)
	}
	return index
}

func newMethodIndex(pkg *types.Package) methodIndex {
	index := methodIndex{}
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		named, ok := tn.Type().(*types.Named)
		if !ok || types.IsInterface(named) {
			continue
		}
		for sel := range types.NewMethodSet(types.NewPointer(named)).Methods() {
			if m := sel.Obj().(*types.Func); !types.IsInterface(m.Signature().Recv().Type()) {
				index[m.Name()] = append(index[m.Name()], name)
			}
		}
	}
	return index
}
