package contexts

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// implementations returns the methods that an interface call may run: those of the concrete types that flow to it inside the function;
// closed says that no others do. Otherwise, for an interface of the user's own, all methods known here that implement it.
func (a *engine) implementations(c *ssa.CallCommon) (impls []callee, closed bool) {
	concrete, all := concretes(c.Value)
	if all {
		for _, t := range concrete {
			if fn := methodOf(t, c.Method); fn != nil {
				impls = append(impls, a.methodCallee(fn))
			}
		}
		return impls, true
	}
	if !a.own(c.Method) {
		return nil, false
	}
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	if !ok {
		return nil, false // a type parameter
	}
	key := implemented{iface, c.Method}
	impls, known := a.implementers[key]
	if !known {
		impls = a.implementing(key)
		a.implementers[key] = impls
	}
	return impls, false
}

// implemented is a method of an interface.
type implemented struct {
	iface  *types.Interface
	method *types.Func
}

// implementing returns the methods known here that implement one of an interface, in the order of their names.
func (a *engine) implementing(m implemented) []callee {
	var impls []callee
	for _, fn := range a.methods()[m.method.Name()] {
		known := fn.Pkg() == a.pass.Pkg || a.fact(fn) != nil
		if known && a.signatures.Method(fn) == a.signatures.Method(m.method) && implements(fn.Signature().Recv().Type(), m.iface) {
			impls = append(impls, a.methodCallee(fn))
		}
	}
	slices.SortFunc(impls, func(x, y callee) int { return cmp.Compare(x.fn.FullName(), y.fn.FullName()) })
	return impls
}

func (a *engine) own(fn *types.Func) bool { return a.ownPackage(fn.Pkg()) }

func (a *engine) ownPackage(pkg *types.Package) bool {
	return pkg != nil && a.class(pkg) == whose.Own
}

// bindable reports whether the interface method has a name by which its implementations can be asked for.
func (a *engine) bindable(method *types.Func) bool {
	_, named := types.Unalias(method.Signature().Recv().Type()).(*types.Named)
	return named && a.own(method)
}

func implements(recv types.Type, iface *types.Interface) bool {
	if types.Implements(recv, iface) {
		return true
	}
	_, pointer := types.Unalias(recv).(*types.Pointer)
	return !pointer && types.Implements(types.NewPointer(recv), iface)
}

func methodOf(t types.Type, method *types.Func) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
	fn, _ := obj.(*types.Func)
	return fn
}

func (a *engine) methodCallee(fn *types.Func) callee {
	fn = fn.Origin()
	if body := a.ssa.Pkg.Prog.FuncValue(fn); body != nil && fn.Pkg() == a.pass.Pkg {
		return a.calleeOf(body)
	}
	return callee{fn: fn}
}

// methods returns the methods of the package, and those of the types of other packages that have one with a fact, by name.
func (a *engine) methods() map[string][]*types.Func {
	if a.methodsByName != nil {
		return a.methodsByName
	}
	byName := map[string][]*types.Func{}
	add := func(fn *types.Func) {
		if recv := fn.Signature().Recv(); recv != nil && !types.IsInterface(recv.Type()) {
			byName[fn.Name()] = append(byName[fn.Name()], fn)
		}
	}
	for _, fn := range a.funcs {
		if obj, ok := fn.Object().(*types.Func); ok {
			add(obj)
		}
	}
	for _, named := range a.importedTypes() {
		for m := range named.Methods() {
			add(m)
		}
	}
	a.methodsByName = byName
	return byName
}

// importedTypes returns the types of other packages that have a method with a fact.
func (a *engine) importedTypes() []*types.Named {
	var all []*types.Named
	for _, f := range a.pass.AllPackageFacts() {
		p, ok := f.Fact.(*Package)
		if !ok || f.Package == a.pass.Pkg {
			continue
		}
		for _, name := range p.Known {
			if tn, ok := f.Package.Scope().Lookup(name).(*types.TypeName); ok {
				if named, ok := types.Unalias(tn.Type()).(*types.Named); ok {
					all = append(all, named)
				}
			}
		}
	}
	return all
}

// concretes returns the types that the interface value v holds; all is false where it may hold others.
func concretes(v ssa.Value) (ts []types.Type, all bool) {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.Call, *ssa.Extract, *ssa.Field, *ssa.TypeAssert:
		return nil, false // as most are
	case *ssa.UnOp:
		if !ssapass.IsVariable(v.X) {
			return nil, false
		}
	}
	f := flow{seen: map[ssa.Value]bool{}, all: true}
	f.trace(v)
	return f.types, f.all && len(f.types) > 0
}

type flow struct {
	seen  map[ssa.Value]bool
	types []types.Type
	all   bool
}

func (f *flow) trace(v ssa.Value) {
	if f.seen[v] {
		return
	}
	f.seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		f.types = append(f.types, v.X.Type())
	case *ssa.ChangeInterface:
		f.trace(v.X)
	case *ssa.Phi:
		for _, e := range v.Edges {
			f.trace(e)
		}
	case *ssa.Const:
	case *ssa.UnOp:
		if !ssapass.IsVariable(v.X) {
			f.all = false
			return
		}
		for _, s := range ssapass.Stores(v.X) {
			f.trace(s.Val)
		}
	default:
		f.all = false
	}
}
