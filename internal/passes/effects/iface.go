package effects

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// invoke finds what a call of an interface method calls, in this order: what a directive, the catalog or the config says of the
// method; the concrete types that flow to the call; and where others may, the implementations in sight, and an open end.
func (e *engine) invoke(s *callsite, recv ssa.Value, w *wanted, k edgeKey) {
	if isError(w.on) || isContext(w.on) {
		return
	}
	if v := e.verdict(w.fn); v.unit != nil || v.runtime != "" || v.callbacks == later || e.settled(w.fn) {
		k.recv, k.shifted = recv, true
		e.callObject(s, w.fn, k)
		e.graph.loosen(s)
		return
	}
	if isStub(w.fn) {
		k.callee, k.recv, k.shifted = e.stub(w.fn), recv, true
		e.addEdge(s, k)
		e.graph.loosen(s)
		return
	}
	if !e.ownInterface(w) {
		e.graph.loosen(s)
		made := e.graph.madeHere(recv, nil)
		if len(made) == 0 && isDoer(w.fn) {
			k.callee, k.shifted = e.doer(w.fn), true
			e.addEdge(s, k)
		}
		for _, x := range made {
			e.callConcrete(s, e.graph.atom(atomKey{kind: concrete, value: x}, x.Type()), w, k)
		}
		return
	}
	s.dynamic = true
	e.graph.watch(e.graph.of(recv), func(a *atom) { e.callAtom(s, a, w, k) })
}

// isDoer reports whether an interface method is (*http.Client).Do by another name: libraries declare many such interfaces, and hand
// the client out again.
func isDoer(fn *types.Func) bool {
	sig := fn.Signature()
	return fn.Name() == "Do" && sig.Params().Len() == 1 && sig.Results().Len() == 2 &&
		typeName(sig.Params().At(0).Type()) == "*net/http.Request" &&
		typeName(sig.Results().At(0).Type()) == "*net/http.Response" && isError(sig.Results().At(1).Type())
}

// doer returns the unit of such a method.
func (e *engine) doer(fn *types.Func) *unit {
	u := e.imported[fn]
	if u == nil {
		u = e.known(fn, catalog.Entry{Class: catalog.Effect, Effect: effect.Command(effect.HTTP), Decides: catalog.ByRequest})
		e.imported[fn] = u
	}
	return u
}

// isStub reports whether an interface method is that of a client which protoc-gen-go-grpc generated: it takes call options. Whatever
// implements the interface, who calls it asks another process.
func isStub(fn *types.Func) bool {
	params := fn.Signature().Params()
	if !fn.Signature().Variadic() || params.Len() < 2 || !isContext(params.At(0).Type()) {
		return false
	}
	options, ok := params.At(params.Len() - 1).Type().(*types.Slice)
	return ok && typeName(options.Elem()) == "google.golang.org/grpc.CallOption"
}

// stub returns the unit of such a method: its name, or its client's, says whether it is a query.
func (e *engine) stub(fn *types.Func) *unit {
	u := e.imported[fn]
	if u == nil {
		u = e.known(fn, catalog.Entry{Class: catalog.Effect, Effect: effect.Of(effect.RPC, catalog.ProcedureCommands(cmp.Or(catalog.NameOf(fn).Member, fn.Name())))})
		e.imported[fn] = u
	}
	return u
}

// madeHere returns the concrete values that an interface may hold, as far as its own function, with the literals in it, makes them.
func (x *index) madeHere(v ssa.Value, seen []ssa.Value) []ssa.Value {
	if slices.Contains(seen, v) || len(seen) > maxTrace {
		return nil
	}
	seen = append(seen, v)
	from := func(vs ...ssa.Value) (all []ssa.Value) {
		for _, v := range vs {
			all = append(all, x.madeHere(v, seen)...)
		}
		return all
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return []ssa.Value{v.X}
	case *ssa.ChangeInterface:
		return from(v.X)
	case *ssa.TypeAssert:
		return from(v.X)
	case *ssa.Phi:
		return from(v.Edges...)
	case *ssa.UnOp:
		switch a := v.X.(type) {
		case *ssa.Alloc:
			return from(x.written[a]...)
		case *ssa.FreeVar:
			var all []ssa.Value
			for _, outer := range x.captured(a) {
				all = append(all, from(x.written[outer]...)...)
			}
			return all
		}
	}
	return nil
}

// settled reports whether the catalog says that the interface method performs nothing.
func (e *engine) settled(fn *types.Func) bool {
	entry, ok := e.catalog.Func(fn)
	return ok && entry.Class != catalog.Effect
}

// byDefault adds calls of the implementations in sight of an own interface, and an open end for those that are not.
func (e *engine) byDefault(s *callsite, w *wanted, k edgeKey) {
	e.graph.loosen(s)
	if !e.ownInterface(w) {
		return
	}
	o := opened{w.name(), k.guard, max(s.async, k.async)}
	if _, again := s.open[o]; again {
		return
	}
	if s.open == nil {
		s.open = map[opened]bool{}
	}
	s.open[o] = e.implementedElsewhere(w)
	if s.open[o] {
		e.openOn[o.method] = types.Unalias(w.on)
	}
	k.recv, k.shifted, k.made = nil, true, nil
	for _, obj := range e.methods.implementing(e, w) {
		e.callObject(s, obj, k)
	}
}

// implementedElsewhere reports whether an implementation of the method that acts may stand in a package that imports this one. A program
// is not imported, and unexported methods are implemented here. A method that returns something but no error, and takes no context,
// has no way to say that it failed: it is taken for one that only tells, lest each call of a getter be an open end.
func (e *engine) implementedElsewhere(w *wanted) bool {
	if e.isMain() || !w.fn.Exported() {
		return false
	}
	sig := w.fn.Signature()
	for p := range sig.Params().Variables() {
		if isContext(p.Type()) {
			return true
		}
	}
	for r := range sig.Results().Variables() {
		if isError(r.Type()) {
			return true
		}
	}
	return sig.Results().Len() == 0
}

func (e *engine) ownInterface(w *wanted) bool {
	if n, ok := types.Unalias(w.on).(*types.Named); ok {
		return e.own(n.Obj().Pkg())
	}
	return e.own(w.fn.Pkg())
}

// A methodIndex finds the methods in sight that implement an interface's.
type methodIndex struct {
	own     []*types.Package // in sight
	others  []*types.Package // that are imported directly
	answers map[string][]*types.Func
}

func (m *methodIndex) implementing(e *engine, w *wanted) []*types.Func {
	key := w.name()
	if found, ok := m.answers[key]; ok {
		return found
	}
	iface, ok := w.on.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	m.fill(e)
	seen := map[*types.Func]bool{}
	for _, pkg := range m.own {
		for _, t := range ssapass.Implementers(pkg, w.fn.Name()) {
			if obj := implementation(t, iface, w.fn); obj != nil && e.counts(t) {
				seen[obj] = true
			}
		}
	}
	for _, pkg := range m.others {
		for _, t := range ssapass.Implementers(pkg, w.fn.Name()) {
			if obj := implementation(t, iface, w.fn); e.performs(obj) {
				seen[obj] = true
			}
		}
	}
	if len(seen) == 0 {
		all := namesakes(w.fn)
		if i := slices.IndexFunc(all, e.performs); i >= 0 {
			seen[all[i]] = true
		}
	}
	var found []*types.Func
	for obj := range seen {
		found = append(found, obj)
	}
	slices.SortFunc(found, func(a, b *types.Func) int { return cmp.Compare(FullName(a), FullName(b)) })
	m.answers[key] = found
	return found
}

// implementation returns the concrete method that is called where a value of type t, or a pointer to one, is in the interface.
func implementation(t types.Type, iface *types.Interface, method *types.Func) *types.Func {
	obj := methodOf(t, method)
	if obj == nil || isInterfaceMethod(obj) || !types.Identical(obj.Signature(), method.Signature()) {
		return nil
	}
	if !types.Implements(t, iface) && !types.Implements(types.NewPointer(t), iface) {
		return nil
	}
	return obj.Origin()
}

// performs reports whether the catalog says that fn, which may be nil, performs an effect.
func (e *engine) performs(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	entry, ok := e.catalog.Func(fn)
	return ok && entry.Class == catalog.Effect
}

// namesakes returns the methods of other modules for which an interface's method can only stand: they have the same name and signature,
// in which a type of their own package occurs. What implements the whole interface, a client wrapped in something of one's own, need
// not be in sight; and the client may itself be known by an interface.
func namesakes(method *types.Func) []*types.Func {
	var found []*types.Func
	for _, pkg := range packagesIn(method.Signature()) {
		if pkg == method.Pkg() {
			continue
		}
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() {
				continue
			}
			obj := methodOf(tn.Type(), method)
			if obj != nil && obj.Pkg() == pkg && types.Identical(obj.Signature(), method.Signature()) {
				found = append(found, obj.Origin())
			}
		}
	}
	return found
}

// packagesIn returns the packages of the types that are parameters or results of sig, as they are, pointed to or in a slice.
func packagesIn(sig *types.Signature) []*types.Package {
	var pkgs []*types.Package
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			if named := namedIn(v.Type()); named != nil && named.Obj().Pkg() != nil && !slices.Contains(pkgs, named.Obj().Pkg()) {
				pkgs = append(pkgs, named.Obj().Pkg())
			}
		}
	}
	return pkgs
}

func namedIn(t types.Type) *types.Named {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return t
	case *types.Pointer:
		return namedIn(t.Elem())
	case *types.Slice:
		return namedIn(t.Elem())
	}
	return nil
}

func (m *methodIndex) fill(e *engine) {
	if m.answers != nil {
		return
	}
	m.answers = map[string][]*types.Func{}
	for _, pkg := range e.facts.packages() {
		switch {
		case e.own(pkg):
			m.own = append(m.own, pkg)
		case slices.Contains(e.types.Imports(), pkg):
			m.others = append(m.others, pkg)
		}
	}
}

// counts reports whether a type is not of a test file, or those count.
func (e *engine) counts(t *types.Named) bool {
	return e.tests || t.Obj().Pkg() != e.types || !e.ssa.InTest(t.Obj().Pos())
}
