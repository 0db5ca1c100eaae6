package transactions

import (
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

// Bindings supplies the table of interface methods that run functions in a transaction. Its result is a [Table]. Run by a driver that sees
// one package at a time, it takes the table from the config; the standalone driver, which sees all, supplies the result of [NewTable] in its
// place.
var Bindings = &analysis.Analyzer{
	Name:     "airlocktransactionbindings",
	Doc:      "say which interface methods run functions in a transaction",
	Requires: []*analysis.Analyzer{config.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		return configuredTable(pass.ResultOf[config.Analyzer].(*config.Config)), nil
	},
	ResultType: reflect.TypeFor[*Table](),

	RunDespiteErrors: true,
}

// A Package is what a package contributes to the table: a fact of own packages.
type Package struct {
	Types      []Implementer
	Interfaces []Interface // those of whose methods functions of the package are handed over
}

// AFact marks Package as a fact of packages.
func (*Package) AFact() {}

func (p *Package) String() string {
	return fmt.Sprintf("%d types, %d interfaces", len(p.Types), len(p.Interfaces))
}

// An Implementer is a concrete type with methods that take functions.
type Implementer struct {
	Methods []signature.Hash // of all methods
	Takers  []Taker
}

// A Taker is a method that takes functions.
type Taker struct {
	Name string // as in an interface
	Func string // its full name
	Runs []Run  // those that it runs in a transaction
}

// An Interface is an own interface by its methods.
type Interface struct {
	Methods []signature.Hash
	Asked   []string // full names of the methods that are called with functions
}

// A Table says, of the methods of own interfaces, which arguments their implementations run in a transaction. The nil Table knows none.
type Table struct {
	runs   map[string][]Run   // a method is a key if it has an implementation
	takers map[string][]Taker // the implementations; nil for a table from the config
	asked  func(method string)
}

// A Binding says which parameters an implementation of an interface method runs in a transaction, as the config does: counted without the
// receiver.
type Binding struct {
	Method, To string
	Params     []int
}

// View returns the same table, that calls asked with each method it is asked for.
func (t *Table) View(asked func(method string)) *Table { return &Table{t.runs, t.takers, asked} }

// NewTable computes the table from what all own packages contribute.
func NewTable(packages []*Package) *Table {
	t := &Table{runs: map[string][]Run{}, takers: map[string][]Taker{}}
	for _, p := range packages {
		for _, i := range p.Interfaces {
			for _, q := range packages {
				for _, impl := range q.Types {
					t.bind(i, impl)
				}
			}
		}
	}
	return t
}

func (t *Table) bind(i Interface, impl Implementer) {
	for _, m := range i.Methods {
		if !slices.Contains(impl.Methods, m) {
			return
		}
	}
	for _, method := range i.Asked {
		for _, taker := range impl.Takers {
			if taker.Name != effects.MethodName(method) {
				continue
			}
			if !slices.ContainsFunc(t.takers[method], func(o Taker) bool { return o.Func == taker.Func }) {
				t.takers[method] = append(t.takers[method], taker)
			}
			runs := t.runs[method]
			for _, r := range taker.Runs {
				runs = appendRun(runs, r)
			}
			t.runs[method] = runs
		}
	}
}

// configuredTable reads the table from the config.
func configuredTable(c *config.Config) *Table {
	t := &Table{runs: map[string][]Run{}}
	for _, b := range c.Bindings {
		if b.Transaction == nil {
			continue
		}
		method := strings.TrimSpace(b.Method.Text)
		runs := t.runs[method]
		for _, param := range b.Transaction {
			runs = appendRun(runs, Run{Param: param + 1})
		}
		t.runs[method] = runs
	}
	return t
}

// Bindings lists what the table says that names alone do not: the implementations of methods that run functions in a transaction, or whose
// name says so.
func (t *Table) Bindings() []Binding {
	var all []Binding
	for _, method := range t.Methods() {
		bound := t.bound(method)
		if namedForTransactions(method) || slices.ContainsFunc(bound, func(b Binding) bool { return len(b.Params) > 0 }) {
			all = append(all, bound...)
		}
	}
	return all
}

// bound returns what each implementation of a method runs in a transaction.
func (t *Table) bound(method string) []Binding {
	var all []Binding
	for _, taker := range t.takers[method] {
		b := Binding{Method: method, To: taker.Func}
		for _, r := range taker.Runs {
			if i := r.Param - 1; t.within(r, nil) && !slices.Contains(b.Params, i) {
				b.Params = append(b.Params, i)
			}
		}
		slices.Sort(b.Params)
		all = append(all, b)
	}
	return all
}

// within reports whether what a Run says holds: for one that goes through an interface method, whether some implementation runs the argument
// in a transaction. Where none is known, the method's name decides. Methods that ask each other, round in a circle, are seen once.
func (t *Table) within(r Run, seen []string) bool {
	if r.Via == "" {
		return true
	}
	if slices.Contains(seen, r.Via) {
		return false
	}
	runs, known := t.of(r.Via)
	for _, other := range runs {
		if other.Param == r.ViaArg && t.within(other, append(seen, r.Via)) {
			return true
		}
	}
	return !known && r.Named
}

// of returns what the implementations of a method run in a transaction, and whether there is any implementation.
func (t *Table) of(method string) ([]Run, bool) {
	if t == nil {
		return nil, false
	}
	if t.asked != nil {
		t.asked(method)
	}
	runs, ok := t.runs[method]
	return runs, ok
}

// Whole reports whether the table was computed from the whole program: what it does not know, there is not.
func (t *Table) Whole() bool { return t != nil && t.takers != nil }

// knows reports whether the table tells what implementations of a method there are.
func (t *Table) knows(method string) bool {
	_, ok := t.of(method)
	return ok || t.Whole()
}

// Methods lists the methods of which the table says something else than the nil Table, sorted.
func (t *Table) Methods() []string {
	var all []string
	if t != nil {
		for m, runs := range t.runs {
			if len(runs) > 0 || namedForTransactions(m) {
				all = append(all, m)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Answer writes what the table says of a method: equal text is an equal answer.
func (t *Table) Answer(method string) string {
	runs, ok := t.of(method)
	lines := []string{fmt.Sprint(ok)}
	for _, r := range runs {
		lines = append(lines, fmt.Sprintf("%d %s %s %d", r.Param, r.Field, r.Via, r.ViaArg))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// contribution returns what the package contributes to the table, or nil.
func (k *knower) contribution() *Package {
	if k.class(k.pass.Pkg) != whose.Own {
		return nil
	}
	p := &Package{Types: k.takers(), Interfaces: k.asked()}
	if len(p.Types)+len(p.Interfaces) == 0 {
		return nil
	}
	return p
}

func (k *knower) takers() []Implementer {
	var all []Implementer
	scope := k.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || strings.HasSuffix(k.pass.Fset.Position(tn.Pos()).Filename, "_test.go") {
			continue
		}
		if impl := k.implementer(tn.Type()); len(impl.Takers) > 0 {
			all = append(all, impl)
		}
	}
	return all
}

func (k *knower) implementer(t types.Type) Implementer {
	var impl Implementer
	for sel := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		fn := sel.Obj().(*types.Func)
		impl.Methods = append(impl.Methods, k.signatures.Method(fn))
		if !takesFunction(fn.Signature()) {
			continue
		}
		taker := Taker{Name: fn.Name(), Func: effects.FullName(fn)}
		if s := k.summary(fn); s != nil {
			taker.Runs = s.Runs
		}
		impl.Takers = append(impl.Takers, taker)
	}
	return impl
}

func takesFunction(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if _, ok := p.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// asked lists the own interfaces that functions of this package hand functions to.
func (k *knower) asked() []Interface {
	found := map[string]*Interface{}
	for _, fn := range k.funcs {
		if fn.Parent() != nil {
			continue
		}
		for _, call := range k.callsOf(fn) {
			k.asks(call.Common(), found)
		}
	}
	var all []Interface
	for _, name := range slices.Sorted(maps.Keys(found)) {
		slices.Sort(found[name].Asked)
		all = append(all, *found[name])
	}
	return all
}

func (k *knower) asks(c *ssa.CallCommon, found map[string]*Interface) {
	if !c.IsInvoke() || k.class(c.Method.Pkg()) != whose.Own || !takesFunction(c.Method.Signature()) {
		return
	}
	t := c.Method.Signature().Recv().Type()
	if _, ok := types.Unalias(t).(*types.Named); !ok {
		return
	}
	name := types.TypeString(t, nil)
	i := found[name]
	if i == nil {
		i = &Interface{Methods: k.signatures.Interface(t)}
		found[name] = i
	}
	if method := c.Method.FullName(); !slices.Contains(i.Asked, method) {
		i.Asked = append(i.Asked, method)
	}
}
