package contexts

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/signature"
	"github.com/airlock-go/airlock/internal/whose"
)

// Bindings supplies the table of interface methods that need a scope. Its result is a [Table]. Run by a driver that sees one package at a
// time, it takes the table from the config; the standalone driver, which sees all, supplies the result of [NewTable] in its place.
var Bindings = &analysis.Analyzer{
	Name:     "airlockscopebindings",
	Doc:      "say which interface methods need the scope of a context",
	Requires: []*analysis.Analyzer{config.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		return configuredTable(pass.ResultOf[config.Analyzer].(*config.Config)), nil
	},
	ResultType: reflect.TypeFor[*Table](),

	RunDespiteErrors: true,
}

// A Package is what a package contributes to the table, and says of its types: a fact of packages.
type Package struct {
	Types      []Implementer
	Interfaces []Interface // those that it declares
	Asked      []string    // full names of the interface methods to which its functions hand contexts
	Known      []string    // names of the types with a method that has a [Fact]
}

// AFact marks Package as a fact of packages.
func (*Package) AFact() {}

func (p *Package) String() string {
	return fmt.Sprintf("%d types, %d interfaces, asks %d, known %v", len(p.Types), len(p.Interfaces), len(p.Asked), p.Known)
}

// An Implementer is a concrete type with methods that need the scope of a context, or may.
type Implementer struct {
	Methods []signature.Hash // of all methods
	Needers []Needer
}

// A Needer is a method that needs the scope of a context, or hands one to an interface method that may.
type Needer struct {
	Name    string // as in an interface
	Func    string // its full name
	Params  []int  // those whose scope it needs
	Through []Passage
}

// A Passage is a parameter that is handed to parameter Arg of an interface method.
type Passage struct {
	Param  int
	Method string
	Arg    int
}

// An Interface is an own interface with methods that take contexts.
type Interface struct {
	Name    string
	Methods []signature.Hash
}

// A Binding says for which parameters an implementation of an interface method needs a scope, as the config does: counted without the receiver.
type Binding struct {
	Method, To string
	Params     []int
}

// A Table says for which parameters the implementations of own interface methods need a scope. The nil Table knows none.
type Table struct {
	bindings map[string][]Binding // by method, sorted by To
	asked    func(method string)
}

// View returns the same table, that calls asked with each method it is asked for.
func (t *Table) View(asked func(method string)) *Table { return &Table{t.bindings, asked} }

// NewTable computes the table from what all own packages contribute.
func NewTable(packages []*Package) *Table {
	needers := map[string][]Needer{} // by the method that they implement
	asked := map[string][]string{}   // by interface
	for _, p := range packages {
		for _, method := range p.Asked {
			if i := interfaceName(method); !slices.Contains(asked[i], method) {
				asked[i] = append(asked[i], method)
			}
		}
	}
	for _, p := range packages {
		for _, i := range p.Interfaces {
			for _, q := range packages {
				for _, impl := range q.Types {
					impl.bind(i, asked[i.Name], needers)
				}
			}
		}
	}
	t := &Table{bindings: map[string][]Binding{}}
	for changed := true; changed; {
		changed = false
		for method, implementations := range needers {
			for _, n := range implementations {
				changed = t.learn(method, n) || changed
			}
		}
	}
	return t
}

// bind adds the methods of impl that implement those of i which are asked for.
func (impl Implementer) bind(i Interface, asked []string, needers map[string][]Needer) {
	if len(asked) == 0 {
		return
	}
	for _, m := range i.Methods {
		if !slices.Contains(impl.Methods, m) {
			return
		}
	}
	for _, method := range asked {
		for _, n := range impl.Needers {
			known := slices.ContainsFunc(needers[method], func(o Needer) bool { return o.Func == n.Func })
			if n.Name == effects.MethodName(method) && !known {
				needers[method] = append(needers[method], n)
			}
		}
	}
}

// learn adds what is known of an implementation of a method by now, and reports whether that is news.
func (t *Table) learn(method string, n Needer) bool {
	params := slices.Clone(n.Params)
	for _, p := range n.Through {
		if _, needs := t.needs(p.Method, p.Arg); needs {
			params = append(params, p.Param)
		}
	}
	if len(params) == 0 {
		return false
	}
	return t.add(Binding{method, n.Func, params})
}

func (t *Table) add(b Binding) bool {
	list := t.bindings[b.Method]
	i, found := slices.BinarySearchFunc(list, b.To, func(o Binding, to string) int { return cmp.Compare(o.To, to) })
	if !found {
		b.Params = sorted(b.Params)
		t.bindings[b.Method] = slices.Insert(list, i, b)
		return true
	}
	all := sorted(append(b.Params, list[i].Params...))
	news := len(all) > len(list[i].Params)
	list[i].Params = all
	return news
}

// configuredTable reads the table from the config.
func configuredTable(c *config.Config) *Table {
	t := &Table{bindings: map[string][]Binding{}}
	for _, b := range c.Bindings {
		if len(b.Requires) > 0 {
			t.add(Binding{strings.TrimSpace(b.Method.Text), strings.TrimSpace(b.To.Text), slices.Clone(b.Requires)})
		}
	}
	return t
}

// needs returns the implementation of a method, the least by name, that needs a scope for its parameter arg.
func (t *Table) needs(method string, arg int) (to string, ok bool) {
	if t == nil {
		return "", false
	}
	if t.asked != nil {
		t.asked(method)
	}
	for _, b := range t.bindings[method] {
		if slices.Contains(b.Params, arg) {
			return b.To, true
		}
	}
	return "", false
}

// Bindings lists what the table says, sorted by method and implementation.
func (t *Table) Bindings() []Binding {
	var all []Binding
	for _, method := range slices.Sorted(maps.Keys(t.bindings)) {
		all = append(all, t.bindings[method]...)
	}
	return all
}

// Methods lists the methods of which the table says something, sorted.
func (t *Table) Methods() []string { return slices.Sorted(maps.Keys(t.bindings)) }

// Answer writes what the table says of a method: equal text is an equal answer.
func (t *Table) Answer(method string) string { return fmt.Sprint(t.bindings[method]) }

// interfaceName is example.com/shop.Notifier for (example.com/shop.Notifier).Notify.
func interfaceName(method string) string {
	return strings.Trim(strings.TrimSuffix(method, "."+effects.MethodName(method)), "()")
}

// contribution returns what the package contributes to the table: nothing, if it is not the user's own.
func (a *engine) contribution() *Package {
	if a.ssa.Class != whose.Own {
		return new(Package)
	}
	return &Package{Types: a.needers(), Interfaces: a.interfaces(), Asked: a.asked()}
}

// needers lists the types of the package with methods, promoted ones included, that need a scope.
func (a *engine) needers() []Implementer {
	needing := map[string]bool{} // names
	for fn, n := range a.needs {
		if len(n.requires)+len(n.through) > 0 {
			needing[fn.Name()] = true
		}
	}
	var all []Implementer
	scope := a.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || a.ssa.InTest(tn.Pos()) || !a.mayHaveMethod(tn.Type(), needing) {
			continue
		}
		if impl := a.implementer(tn.Type()); len(impl.Needers) > 0 {
			all = append(all, impl)
		}
	}
	return all
}

// mayHaveMethod reports whether t declares a method with one of the names, or embeds an own type: that may have any.
func (a *engine) mayHaveMethod(t types.Type, names map[string]bool) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	for m := range named.Methods() {
		if names[m.Name()] {
			return true
		}
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if e := namedOf(f.Type()); f.Embedded() && e != nil && a.ownPackage(e.Obj().Pkg()) {
			return true
		}
	}
	return false
}

func (a *engine) implementer(t types.Type) Implementer {
	var impl Implementer
	methods := methodsOf(t)
	for _, fn := range methods {
		n := Needer{Name: fn.Name()}
		for _, need := range a.needsOf(a.methodCallee(fn)) {
			switch {
			case need.opens || need.Param == Receiver:
			case need.Via == "":
				n.Params = append(n.Params, need.Param)
			default:
				n.Through = append(n.Through, Passage{need.Param, need.Via, need.ViaArg})
			}
		}
		if len(n.Params)+len(n.Through) > 0 {
			n.Func = effects.FullName(fn)
			impl.Needers = append(impl.Needers, n)
		}
	}
	if len(impl.Needers) > 0 {
		for _, fn := range methods {
			impl.Methods = append(impl.Methods, a.signatures.Method(fn))
		}
	}
	return impl
}

// methodsOf returns the methods of t and of pointers to it. A method set, which has the promoted ones too, takes longer than all else.
func methodsOf(t types.Type) []*types.Func {
	if named, ok := types.Unalias(t).(*types.Named); ok && !embeds(named) {
		return slices.Collect(named.Methods())
	}
	var all []*types.Func
	for sel := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		all = append(all, sel.Obj().(*types.Func))
	}
	return all
}

func embeds(named *types.Named) bool {
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Embedded() {
			return true
		}
	}
	return false
}

// interfaces lists the interfaces of the package with methods that take contexts.
func (a *engine) interfaces() []Interface {
	var all []Interface
	scope := a.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		iface, ok := tn.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if a.takesContext(m.Signature()) {
				all = append(all, Interface{a.pass.Pkg.Path() + "." + name, a.signatures.Interface(tn.Type())})
				break
			}
		}
	}
	return all
}

// asked lists the methods of own interfaces to which the package hands contexts.
func (a *engine) asked() []string {
	found := map[string]bool{}
	for c, open := range a.open {
		if open && slices.ContainsFunc(c.Args, func(arg ssa.Value) bool { return a.carries(arg.Type()) }) {
			found[a.fullName(c.Method.Origin())] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Under returns the result where the implementations of interface methods are those of the table.
func (r *Result) Under(t *Table) *Result {
	return &Result{Touches: r.Touches, engine: r.engine, table: t}
}

// decided keeps the uses that are certain, and those that the table makes so.
func (r *Result) decided(uses []Use) []Use {
	kept := uses[:0]
	for _, u := range uses {
		chain, ok := r.table.decide(u.Chain, u.via, u.viaArg)
		if u.Chain = chain; ok {
			kept = append(kept, u)
		}
	}
	return kept
}

func (r *Result) decidedNeeds(needs []Need) []Need {
	var kept []Need
	for _, n := range needs {
		chain, ok := r.table.decide(n.Chain, n.Via, n.ViaArg)
		if n.Chain = chain; ok {
			kept = append(kept, n)
		}
	}
	return kept
}

// decide returns the chain of a need with the implementation that it is bound to; ok is false where the need depends on implementations
// and none has it.
func (t *Table) decide(chain []Step, via string, arg int) (bound []Step, ok bool) {
	if via == "" {
		return chain, true
	}
	to, ok := t.needs(via, arg)
	if !ok {
		return nil, false
	}
	bound = slices.Clone(chain)
	last := &bound[len(bound)-1].Func
	*last = effects.BoundName(*last, to)
	return bound, true
}
