package effects

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// A verdict says how calls of one function are looked at.
type verdict struct {
	unit      *unit     // what it does, nil for nothing
	callbacks callbacks // whether and when it calls its function arguments, as far as unit does not say
	loose     bool      // its results are not known
	wraps     bool      // its result is a function that calls its argument
	runtime   string    // its name, if it is of the runtime
}

type callbacks uint8

const (
	never  callbacks = iota
	during           // it calls them during the call
	later            // it starts a goroutine or timer that calls them
)

// verdict returns how calls of fn, a function or method, also an interface's, are looked at; ok is false for an interface method of
// which nothing is known.
func (e *engine) verdict(fn *types.Func) verdict {
	fn = fn.Origin()
	v, ok := e.verdicts[fn]
	if !ok {
		v = e.judge(fn)
		e.verdicts[fn] = v
	}
	return v
}

func (e *engine) judge(fn *types.Func) verdict {
	if name := airlockapi.Name(fn); name != "" && fn.Pkg() != e.types {
		return verdict{runtime: name, loose: true}
	}
	if u := e.declared(fn); u != nil {
		return verdict{unit: u, loose: true}
	}
	if entry, ok := e.catalog.Func(fn); ok && fn.Pkg() != nil {
		return e.catalogued(fn, entry)
	}
	if fn.Pkg() == e.types {
		if f := e.pkg.Prog.FuncValue(fn); f != nil && len(f.Blocks) > 0 {
			return verdict{unit: e.unitOf(f)}
		}
		return verdict{loose: true}
	}
	if s := e.facts.summary(fn); s != nil {
		return verdict{unit: e.importedUnit(fn, s), loose: false}
	}
	if e.lookedInto(fn.Pkg()) {
		return verdict{loose: true}
	}
	return verdict{callbacks: during, loose: true}
}

// declared returns the unit of a function whose effect a directive or the config names.
func (e *engine) declared(fn *types.Func) *unit {
	if eff, ok := e.config[catalog.NameOf(fn)]; ok {
		return e.known(fn, catalog.Entry{Class: catalog.Effect, Effect: eff})
	}
	kind, named := e.mark(fn)
	if !named {
		return nil
	}
	return e.known(fn, catalog.Entry{Class: catalog.Effect, Effect: effect.Command(kind)})
}

// mark returns the kind that fn's own directive names.
func (e *engine) mark(fn *types.Func) (effect.Kind, bool) {
	if fn.Pkg() == e.types {
		m, ok := e.declaredKind(fn)
		return m.Kind, ok && m.Named
	}
	if s := e.facts.summary(fn); s != nil && s.IsEffect != nil && !s.IsEffect.Adapter {
		return s.IsEffect.Kind, s.IsEffect.Named
	}
	return 0, false
}

// declaredKind returns what a directive of this package says of fn. Where no kind is given, and none can be seen, it is other.
func (e *engine) declaredKind(fn *types.Func) (*Declared, bool) {
	m, ok := e.directive.Effect(fn)
	if ok && !m.Named && e.bodiless(fn) {
		return &Declared{Kind: effect.Other, Named: true}, true
	}
	return &Declared{Kind: m.Kind, Named: m.Named}, ok
}

// bodiless reports whether there is nothing from which the kind of a function that is declared an effect could be seen: it is a method of
// an interface, written in assembly, or calls nothing.
func (e *engine) bodiless(fn *types.Func) bool {
	f := e.pkg.Prog.FuncValue(fn)
	if f == nil || isInterfaceMethod(fn) {
		return true
	}
	return !slices.ContainsFunc(f.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(i ssa.Instruction) bool {
			_, call := i.(ssa.CallInstruction)
			return call
		})
	})
}

func (e *engine) known(fn *types.Func, entry catalog.Entry) *unit {
	return &unit{obj: fn, name: FullName(fn), entry: &entry}
}

func (e *engine) catalogued(fn *types.Func, entry catalog.Entry) verdict {
	v := verdict{loose: entry.Class != catalog.Wrapping, wraps: entry.Class == catalog.Wrapping}
	if entry.Calls {
		v.callbacks = during
	}
	switch entry.Class {
	case catalog.Deferring:
		v.callbacks = later
	case catalog.Effect, catalog.Channel: // who asks for the channel sends on it
		if e.tells(entry.Effect.Kind()) {
			v.unit = e.known(fn, entry)
		}
		if whose.IsStd(fn.Pkg().Path()) {
			v.callbacks = during
		}
	}
	return v
}

// tells reports whether summaries tell of a kind: third-party ones leave out what is off by default, but for the network, lest every
// library that may read a file or write a log line has one.
func (e *engine) tells(k effect.Kind) bool {
	return e.ssa.Class == whose.Own || k.EnabledByDefault() || k == effect.Net
}

// lookedInto reports whether pkg's functions have summaries if they have something to say.
func (e *engine) lookedInto(pkg *types.Package) bool {
	if pkg == nil {
		return true // error.Error
	}
	switch whose.Package(e.pass, pkg) {
	case whose.Own, whose.Runtime:
		return true
	case whose.ThirdParty:
		return e.ssa.Reaches(pkg)
	}
	return false
}

// call finds what a call calls.
func (e *engine) call(s *callsite) {
	common := s.call.Common()
	if body := ssapass.LoopBody(common); body != nil {
		e.callFunction(s, body, edgeKey{})
	}
	if common.IsInvoke() {
		e.invoke(s, common.Value, &wanted{common.Method, common.Value.Type()}, edgeKey{})
		return
	}
	if fn := common.StaticCallee(); fn != nil {
		e.callFunction(s, fn, edgeKey{})
		return
	}
	if entry, name, ok := e.cataloguedValue(common.Value); ok {
		e.addEdge(s, edgeKey{callee: &unit{name: name, entry: &entry}})
		e.graph.loosen(s)
		return
	}
	e.graph.watch(e.graph.of(common.Value), func(a *atom) { e.callAtom(s, a, nil, edgeKey{}) })
}

// addEdge adds an edge; the catalogued callee is told apart by its name.
func (e *engine) addEdge(s *callsite, k edgeKey) { e.graph.addEdge(s, k) }

// callFunction adds a call of fn, a function whose arguments are as k says.
func (e *engine) callFunction(s *callsite, fn *ssa.Function, k edgeKey) {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		e.callObject(s, obj, k)
		return
	}
	if fn.Pkg == e.pkg && len(fn.Blocks) > 0 {
		k.callee = e.unitOf(fn)
		e.addEdge(s, k)
		return
	}
	e.graph.loosen(s)
}

// callObject adds a call of a declared function or concrete method.
func (e *engine) callObject(s *callsite, fn *types.Func, k edgeKey) {
	v := e.verdict(fn)
	if v.runtime != "" {
		e.callRuntime(s, v.runtime, k)
		return
	}
	if v.unit != nil {
		k.callee = v.unit
		e.addEdge(s, k)
	}
	if v.loose {
		e.graph.loosen(s)
	}
	if v.wraps {
		e.wrap(s)
	}
	if v.callbacks != never && k.through == nil {
		e.callArguments(s, fn, v.callbacks, k)
	}
}

// wrap lets a call's function argument stand for its result.
func (e *engine) wrap(s *callsite) {
	call, ok := s.call.(*ssa.Call)
	if !ok {
		return
	}
	for _, arg := range call.Call.Args {
		if isFunc(arg.Type()) {
			e.graph.edge(e.graph.of(arg), e.graph.result(call, 0))
		}
	}
}

// callArguments adds calls of a call's function arguments, by a function that is not looked into.
func (e *engine) callArguments(s *callsite, fn *types.Func, when callbacks, k edgeKey) {
	back := edgeKey{through: &unit{obj: fn, name: FullName(fn)}, guard: k.guard, async: k.async}
	if u := e.imported[fn]; u != nil {
		back.through = u
	} else {
		e.imported[fn] = back.through
	}
	if when == later {
		back.async = Goroutine
	}
	for _, arg := range s.call.Common().Args {
		if isFunc(arg.Type()) {
			e.graph.watch(e.graph.of(arg), func(a *atom) { e.callAtom(s, a, nil, back) })
		}
	}
}

func isList(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// A wanted is the interface method that is called, and the interface type on which it is.
type wanted struct {
	fn *types.Func
	on types.Type
}

// name returns the method's full name, under the interface on which it is called where that has a name.
func (w *wanted) name() string {
	if n, ok := types.Unalias(w.on).(*types.Named); ok && n.Obj().Pkg() != nil {
		return "(" + n.Obj().Pkg().Path() + "." + n.Obj().Name() + ")." + w.fn.Name()
	}
	return FullName(w.fn)
}

// callAtom adds a call of a, or of its method.
func (e *engine) callAtom(s *callsite, a *atom, method *wanted, k edgeKey) {
	switch a.kind {
	case function:
		k.made = a.made
		e.callFunction(s, a.fn, k)
	case bound:
		k.made = a.made
		if isInterfaceMethod(a.obj) {
			e.invoke(s, a.value, &wanted{a.obj, a.value.Type()}, k)
			return
		}
		k.recv, k.shifted = a.near(s.unit), true
		e.callObject(s, a.obj, k)
	case returned:
		k.made, k.callee = a.made, a.closure
		e.addEdge(s, k)
		e.graph.loosen(s)
	case concrete:
		e.callConcrete(s, a, method, k)
	case symbol:
		e.callSymbol(s, a.sym, method, k)
	case outside:
		e.callOutside(s, a, method, k)
	}
}

func (e *engine) callConcrete(s *callsite, a *atom, method *wanted, k edgeKey) {
	if method == nil { // a function that was in an interface
		if a.value != nil && isFunc(a.value.Type()) {
			e.graph.watch(e.graph.of(a.value), func(a *atom) { e.callAtom(s, a, nil, k) })
		}
		return
	}
	obj := methodOf(a.typ, method.fn)
	if obj == nil {
		return
	}
	if isInterfaceMethod(obj) { // of an embedded interface
		e.byDefault(s, &wanted{obj, obj.Signature().Recv().Type()}, k)
		return
	}
	k.made, k.recv, k.shifted = a.made, a.near(s.unit), true
	e.callObject(s, obj, k)
}

// callSymbol notes that the caller supplies what is called.
func (e *engine) callSymbol(s *callsite, p *sym, method *wanted, k edgeKey) {
	if !s.unit.owns(p) {
		k.via = p
		s.askPlace(p, method, k)
		e.graph.watch(e.graph.actual(p), func(a *atom) { e.callAtom(s, a, method, k) })
		return
	}
	k.guard = s.ask(p, method, k)
	if method != nil {
		e.byDefault(s, method, k)
	} else {
		e.held(s, p, k)
	}
	e.graph.loosen(s)
}

// A fieldCall is a call of what a field of a parameter holds.
type fieldCall struct {
	site  *callsite
	field *types.Var
	key   edgeKey
}

// held notes a call of what the field that p is holds. Users of a library fill its fields, and lists are of hooks for later.
func (e *engine) held(s *callsite, p *sym, k edgeKey) {
	if f := p.field(); f != nil && e.ssa.Class == whose.Own && !isList(f.Type()) {
		e.fieldCalls = append(e.fieldCalls, fieldCall{s, f, k})
	}
}

// resolveFields adds calls of the functions that this package puts into the fields that are called: what a field holds in general counts
// where a caller's argument does not show what it holds there. In a registry it does not. All that is noted is judged at once, so that
// the order does not matter.
func (e *engine) resolveFields() {
	for len(e.fieldCalls) > 0 {
		calls := e.fieldCalls
		e.fieldCalls = nil
		for _, c := range calls {
			e.graph.anyField(c.field)
		}
		e.graph.settle()
		registry := make([]bool, len(calls))
		for i, c := range calls {
			registry[i] = e.graph.anyField(c.field).functions() > maxStored
		}
		for i, c := range calls {
			e.graph.watch(e.graph.anyField(c.field), func(a *atom) {
				switch {
				case a.kind == outside:
					e.leave(c.site, a.name, c.key)
				case a.kind != symbol && !registry[i]:
					e.callAtom(c.site, a, nil, c.key)
				}
			})
		}
		e.graph.settle()
	}
}

func (s *callsite) ask(p *sym, method *wanted, k edgeKey) guard {
	g := guard{sym: p}
	if method != nil {
		g.method = method.name()
	}
	if s.params == nil {
		s.params = map[asked]bool{}
	}
	s.params[asked{g, max(s.async, k.async)}] = true
	return g
}

// askPlace notes a call of something received: to the receiver's part of the function it is a parameter.
func (s *callsite) askPlace(p *sym, method *wanted, k edgeKey) {
	if p.unit.place != nil {
		s.ask(p, method, k)
	}
}

func (e *engine) callOutside(s *callsite, a *atom, method *wanted, k edgeKey) {
	e.graph.loosen(s)
	if method != nil {
		e.byDefault(s, method, k)
		return
	}
	e.leave(s, a.name, k)
	s.unknown = true
	s.received = k.via != nil && k.via.unit.place != nil
}

// leave makes a call of what a place holds an open end, for what other packages put there.
func (e *engine) leave(s *callsite, place string, k edgeKey) {
	if place == "" {
		return
	}
	if s.open == nil {
		s.open = map[opened]bool{}
	}
	s.open[opened{place, k.guard, max(s.async, k.async)}] = true
}

// resolveRest gives the calls whose receiver or function no value of this package reaches what those without any knowledge get.
func (e *engine) resolveRest() {
	for _, s := range e.sites {
		common := s.call.Common()
		if common.IsInvoke() && len(s.edges)+len(s.open) == 0 && s.dynamic && len(e.graph.of(common.Value).order) == 0 {
			e.byDefault(s, &wanted{common.Method, common.Value.Type()}, edgeKey{})
		}
	}
}

// cataloguedValue reports whether v, a function value that is called, is a field or of a type that the catalog knows.
func (e *engine) cataloguedValue(v ssa.Value) (catalog.Entry, string, bool) {
	if load, ok := v.(*ssa.UnOp); ok {
		if g, ok := load.X.(*ssa.Global); ok {
			if eff, ok := e.declaredVariable(g); ok {
				return catalog.Entry{Class: catalog.Effect, Effect: eff}, g.Pkg.Pkg.Path() + "." + g.Name(), true
			}
		}
		if f, ok := load.X.(*ssa.FieldAddr); ok {
			entry, ok := e.catalog.Field(deref(f.X.Type()), ssapass.Field(f.X.Type(), f.Field))
			return entry, entry.Name.String(), ok && entry.Class == catalog.Effect
		}
	}
	if f, ok := v.(*ssa.Field); ok {
		entry, ok := e.catalog.Field(f.X.Type(), ssapass.Field(f.X.Type(), f.Field))
		return entry, entry.Name.String(), ok && entry.Class == catalog.Effect
	}
	entry, ok := e.catalog.Value(v.Type())
	return entry, entry.Name.String(), ok && entry.Class == catalog.Effect
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// declaredVariable returns the effect that a directive or the config gives to a variable of function type, whoever sets it.
func (e *engine) declaredVariable(g *ssa.Global) (effect.Effect, bool) {
	if m, ok := e.markOf(g.Object()); ok {
		if !m.Named {
			m.Kind = effect.Other
		}
		return effect.Command(m.Kind), true
	}
	if len(e.config) == 0 {
		return 0, false
	}
	name, err := catalog.ParseName(g.Pkg.Pkg.Path() + "." + g.Name())
	eff, ok := e.config[name]
	return eff, ok && err == nil
}

// markOf returns the directive on a package variable, of another package, too.
func (e *engine) markOf(v types.Object) (*Declared, bool) {
	if v == nil || v.Pkg() == e.types {
		m, ok := e.directive.Effect(v)
		return &Declared{Kind: m.Kind, Named: m.Named}, ok
	}
	s := new(Summary)
	if !e.own(v.Pkg()) || !e.pass.ImportObjectFact(v, s) {
		return nil, false
	}
	return s.IsEffect, s.IsEffect != nil
}

// exportVariables exports what directives say of package variables.
func (e *engine) exportVariables() {
	for _, name := range e.types.Scope().Names() {
		if v, ok := e.types.Scope().Lookup(name).(*types.Var); ok {
			if m, ok := e.markOf(v); ok {
				e.pass.ExportObjectFact(v, &Summary{IsEffect: m})
			}
		}
	}
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// methodOf returns the method of that name, the one that is called, of t's method set.
func methodOf(t types.Type, method *types.Func) *types.Func {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
	fn, _ := obj.(*types.Func)
	return fn
}
