package contexts

import (
	"go/types"

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
	if c.Method.Pkg() == nil || whose.Package(a.pass, c.Method.Pkg()) != whose.Own {
		return nil, false
	}
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	if !ok {
		return nil, false // a type parameter
	}
	for _, fn := range a.methods()[c.Method.Name()] {
		if implements(fn.Signature().Recv().Type(), iface) {
			impls = append(impls, a.methodCallee(fn))
		}
	}
	return impls, false
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

// methods returns the methods of the package, and those of other packages with a fact, by name.
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
	for _, f := range a.importedFacts() {
		add(f)
	}
	a.methodsByName = byName
	return byName
}

// concretes returns the types that the interface value v holds; all is false where it may hold others.
func concretes(v ssa.Value) (ts []types.Type, all bool) {
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
