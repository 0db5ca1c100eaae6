package effects

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/signature"
	"github.com/airlock-go/airlock/internal/whose"
)

// Bindings supplies the binding table. Its result is a [Table]. Run by a driver that sees one package at a time, it takes the table
// from the config; the standalone driver, which sees all, supplies the result of [NewTable] in its place.
var Bindings = &analysis.Analyzer{
	Name:       "airlockbindings",
	Doc:        "say which implementations the open ends of summaries lead to",
	Requires:   []*analysis.Analyzer{config.Analyzer, Analyzer},
	Run:        func(pass *analysis.Pass) (any, error) { return configuredTable(pass), nil },
	ResultType: reflect.TypeFor[*Table](),

	RunDespiteErrors: true,
}

// A Package is what a package contributes to the binding table. It is a fact of own packages that have something to contribute.
type Package struct {
	Types      []Implementer
	Acts       []Act       // of the methods of Types and the functions in Stored: each once, sorted by Func
	Interfaces []Interface // those with methods that some function of the package leaves open
	Leads      []Lead      // of its functions, sorted by Func
	Places     []string    // fields and variables of function type whose contents some function of the package calls
	Stored     []StoredFunc
}

// AFact marks Package as a fact of packages.
func (*Package) AFact() {}

func (p *Package) String() string {
	return fmt.Sprintf("%d types, %d interfaces, %d functions, %d places", len(p.Types), len(p.Interfaces), len(p.Acts), len(p.Places))
}

// An Interface is an own interface by its methods: enough to tell what implements it.
type Interface struct {
	Methods []signature.Hash
	Name    string   // full name of the type
	Open    []string // full names of the methods that are left open
}

// An Implementer is a concrete type, not of a test file, whose methods do something.
type Implementer struct {
	Methods []signature.Hash // of all methods, of the type or a pointer to it
	Acts    []string         // full names of those that do something: promoted ones may be another package's
}

// An Act is a method or function that does something.
type Act struct {
	Func     string // full name
	Performs []Bound
	Open     []OpenEnd // with plain ways; whether it is conditional counts for nothing. One that is a Lead names itself
}

// A Lead is a function that leads to open ends whatever it is given.
type Lead struct {
	Func string // full name; of a method of which only the receiver's type is known, see atLarge
	Open []OpenEnd
}

// A Bound is an effect behind a bound method, and the way there.
type Bound struct {
	Effect effect.Effect
	Used   bool
	Async  Async
	Way    *Way // plain: each step a call of its own
}

// A Table says which own implementations the open ends of summaries lead to, and what those perform, closed: open ends behind open
// ends are followed. The nil Table binds nothing. One of a whole program must not be changed once it is in use; one that comes from the
// config is for one package, and finds out what it is asked for.
type Table struct {
	Bindings []Binding // of a whole program, sorted by Method and To
	performs map[string][]Performed
	solution *solution
	program  *binder             // what a whole program's table was made of
	joined   *sync.Map           // *Table by what the config adds, see with
	asked    func(method string) // see View
}

// A Binding is one implementation of an interface method. It can be written to the config and read back.
type Binding struct {
	Method   string
	To       string // the implementing method
	Performs []Bound
}

// NewTable computes the closed binding table from the contributions of all own packages, which are the Package facts of [Analyzer].
func NewTable(packages []*Package) *Table {
	b := newBinder()
	for _, p := range packages {
		for i := range p.Acts {
			b.acts[p.Acts[i].Func] = &p.Acts[i]
		}
		b.lead(p)
	}
	for _, p := range packages {
		for _, i := range p.Interfaces {
			for _, q := range packages {
				for j := range q.Types {
					b.bind(i, &q.Types[j])
				}
			}
		}
	}
	b.fill(packages)
	return b.table()
}

// fill binds the places of functions to what is put there, if that is little enough.
func (b *binder) fill(packages []*Package) {
	stored := map[string]map[string]bool{}
	for _, p := range packages {
		for _, s := range p.Stored {
			if stored[s.Place] == nil {
				stored[s.Place] = map[string]bool{}
			}
			stored[s.Place][s.Func] = true
		}
	}
	for _, p := range packages {
		for _, place := range p.Places {
			if len(stored[place]) > maxStored {
				b.full[place] = true
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(stored[place])) {
				b.add(place, name)
			}
		}
	}
}

// BoundName is the name of an interface method in a chain that leads on to its implementation to: both are full names.
func BoundName(method, to string) string {
	if !strings.HasPrefix(to, "(") { // a function, or a literal in one
		to, _, _ = strings.Cut(to, "$")
		to, _, _ = strings.Cut(to, "#") // of an init
		return method + " (bound: " + to + ")"
	}
	return method + " (bound: " + strings.TrimSuffix(to, "."+MethodName(to)) + ")"
}

// MethodName returns what a full name ends with: Do of (*net/http.Client).Do.
func MethodName(full string) string { return full[strings.LastIndexByte(full, '.')+1:] }

// table closes what is bound, and what is behind the functions that lead to open ends.
func (b *binder) table() *Table {
	t := &Table{performs: map[string][]Performed{}, solution: newSolution(b), program: b, joined: new(sync.Map)}
	t.solution.solveAll(b)
	for name := range b.leads {
		t.performs[name] = t.solution.performs(name)
	}
	for _, method := range slices.Sorted(maps.Keys(b.to)) {
		t.performs[method] = t.solution.performs(method)
		for _, a := range b.bound(method) {
			bound := Binding{Method: method, To: a.Func}
			for _, r := range t.solution.act(a).sorted() {
				bound.Performs = append(bound.Performs, Bound{r.effect, r.used, r.async, r.whole()})
			}
			if len(bound.Performs) > 0 {
				t.Bindings = append(t.Bindings, bound)
			}
		}
	}
	return t
}

// with adds what the config says of places that hold too much: a whole program's table is the authority for all else. Another one is told
// the packages in sight.
func (t *Table) with(c *config.Config, facts func() []analysis.PackageFact) *Table {
	if said, ok := t.solution.source.(*configSource); ok {
		said.see(facts())
		return t
	}
	more := slices.DeleteFunc(slices.Clone(c.Bindings), func(b config.Binding) bool { return !t.program.full[spelled(b.Method)] })
	if len(more) == 0 {
		return t
	}
	key := fmt.Sprint(more)
	joined, known := t.joined.Load(key)
	if !known {
		b := t.program.clone()
		for _, said := range more {
			if a := actOf(said); b.acts[a.Func] == nil {
				b.acts[a.Func] = a
			}
			b.add(spelled(said.Method), spelled(said.To))
		}
		joined, _ = t.joined.LoadOrStore(key, b.table())
	}
	return joined.(*Table).View(t.asked)
}

// closing returns what an open end performs, but for the way to it: see [Performed.after].
func (t *Table) closing(method string) []Performed {
	if t == nil {
		return nil
	}
	t.ask(method)
	return t.found(method)
}

func (t *Table) found(method string) []Performed {
	found, known := t.performs[method]
	if !known && t.program == nil {
		found = t.solution.performs(method)
		t.performs[method] = found
	}
	return found
}

// after is p behind an open end, to which a way leads.
func (p Performed) after(async Async, w *Way) Performed {
	p.Async, p.Way = max(async, p.Async), w
	return p
}

// binds reports whether the table has an implementation of the method that performs something.
func (t *Table) binds(method string) bool { return t != nil && len(t.found(method)) > 0 }

// closes reports whether the table has an implementation for each open end that is, or is behind, the one of that name.
func (t *Table) closes(name string) bool { return t != nil && t.closesAll(name, map[string]bool{}) }

func (t *Table) closesAll(name string, seen map[string]bool) bool {
	open, leads := t.solution.leadsTo(name)
	if !leads || seen[name] {
		return leads || t.binds(name)
	}
	seen[name] = true
	return !slices.ContainsFunc(open, func(o OpenEnd) bool { return !t.closesAll(o.Method, seen) })
}

// freezePackage returns what the package contributes to the binding table, nil if nothing.
func (e *engine) freezePackage() *Package {
	if e.ssa.Class != whose.Own {
		return nil
	}
	acts := map[string]Act{}
	p := &Package{Types: e.implementers(acts), Interfaces: e.openInterfaces(), Leads: e.leads(), Places: e.placesAsked(), Stored: e.stored(acts)}
	for _, name := range slices.Sorted(maps.Keys(acts)) {
		p.Acts = append(p.Acts, acts[name])
	}
	if len(p.Types)+len(p.Interfaces)+len(p.Leads)+len(p.Places)+len(p.Stored) == 0 {
		return nil
	}
	return p
}

// leads lists the functions of the package that lead to open ends: in any case, and methods of which only the receiver's type is known.
func (e *engine) leads() []Lead {
	var all []Lead
	for _, fn := range e.funcs {
		u := e.unitOf(fn)
		s := e.freeze(u)
		if s == nil || !e.isLead(u) {
			continue
		}
		for _, name := range []string{u.name, u.name + atLarge} {
			if open := slices.DeleteFunc(slices.Clone(s.Open), func(o OpenEnd) bool { return s.leadsBy(u.obj, o) != name }); len(open) > 0 {
				all = append(all, Lead{name, e.plainEnds(open)})
			}
		}
	}
	slices.SortFunc(all, func(a, b Lead) int { return cmp.Compare(a.Func, b.Func) })
	return all
}

// atLarge follows the name of a method where only the type of its receiver is known.
const atLarge = " at large"

// leadsBy returns the name under which the summary's function, fn, leads to one of its open ends: "" for one that depends on arguments.
func (s *Summary) leadsBy(fn *types.Func, o OpenEnd) string {
	switch {
	case o.If == 0:
		return FullName(fn)
	case s.Calls[o.If-1].Param == 0 && fn.Signature().Recv() != nil:
		return FullName(fn) + atLarge
	}
	return ""
}

// plainEnds returns the same open ends with plain ways.
func (e *engine) plainEnds(open []OpenEnd) []OpenEnd {
	if !slices.ContainsFunc(open, func(o OpenEnd) bool { return !o.Way.plain() }) {
		return open
	}
	open = slices.Clone(open)
	for i := range open {
		open[i].Way = e.plain(open[i].Way)
	}
	return open
}

// isLead reports whether what others know of a function's open ends is that it leads to them: it has a name by which to ask for more.
func (e *engine) isLead(u *unit) bool {
	return u.obj != nil && u.factory == nil && u.part == nil && !isInitialiser(u.obj) && e.own(u.obj.Pkg()) &&
		(u.fn == nil || u.fn.Parent() == nil && !e.ssa.InTest(u.fn.Pos()))
}

// isInitialiser reports whether fn is one of the functions of that name, of which a package may have many.
func isInitialiser(fn *types.Func) bool { return fn.Name() == "init" && fn.Signature().Recv() == nil }

func (e *engine) implementers(acts map[string]Act) []Implementer {
	var all []Implementer
	for _, name := range e.types.Scope().Names() {
		tn, ok := e.types.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || e.ssa.InTest(tn.Pos()) {
			continue
		}
		if t := e.implementer(tn.Type(), acts); len(t.Acts) > 0 {
			all = append(all, t)
		}
	}
	return all
}

func (e *engine) implementer(t types.Type, acts map[string]Act) Implementer {
	var impl Implementer
	set := types.NewMethodSet(types.NewPointer(t))
	for sel := range set.Methods() {
		fn := sel.Obj().(*types.Func)
		impl.Methods = append(impl.Methods, e.signatures.Method(fn))
		act := e.act(fn)
		if len(act.Performs)+len(act.Open) == 0 {
			continue
		}
		impl.Acts = append(impl.Acts, act.Func)
		if !e.toldElsewhere(fn) {
			acts[act.Func] = act
		}
	}
	slices.Sort(impl.Methods)
	slices.Sort(impl.Acts)
	return impl
}

// toldElsewhere reports whether the package that declares a method has it among its own acts.
func (e *engine) toldElsewhere(fn *types.Func) bool {
	if fn.Pkg() == e.types || !e.own(fn.Pkg()) {
		return false
	}
	recv := fn.Signature().Recv().Type()
	if p, ok := types.Unalias(recv).(*types.Pointer); ok {
		recv = p.Elem()
	}
	n, ok := types.Unalias(recv).(*types.Named)
	return ok && n.Obj().Parent() == n.Obj().Pkg().Scope()
}

func (e *engine) act(fn *types.Func) Act {
	a := Act{Func: FullName(fn)}
	s := e.summaryOf(fn)
	if s == nil && fn.Pkg() != e.types {
		if u := e.verdict(fn).unit; u != nil && u.entry != nil && u.entry.Class == catalog.Effect {
			a.Performs = []Bound{{Effect: u.entry.Effect}}
		}
		return a
	}
	if !e.isLead(&unit{obj: fn, fn: e.pkg.Prog.FuncValue(fn)}) {
		fn = nil
	}
	return e.actBy(a, s, fn)
}

// actBy completes a by the summary of what it calls: of fn, if that is a lead.
func (e *engine) actBy(a Act, s *Summary, fn *types.Func) Act {
	if s == nil {
		return a
	}
	for _, p := range s.Performs {
		a.Performs = append(a.Performs, Bound{p.Effect, p.Used, p.Async, e.plain(p.Way)})
	}
	a.Open = s.Open
	if fn != nil {
		a.Open = s.leading(fn)
	}
	a.Open = e.plainEnds(a.Open)
	return a
}

// leading returns the open ends of a lead's summary, those to which it leads under one name as one.
func (s *Summary) leading(fn *types.Func) []OpenEnd {
	var all []OpenEnd
	led := map[string]bool{}
	for _, o := range s.Open {
		name := s.leadsBy(fn, o)
		switch {
		case name == "":
			all = append(all, o)
		case !led[name]:
			led[name] = true
			all = append(all, OpenEnd{Method: name})
		}
	}
	return all
}

// summaryOf returns the summary of a function of this package or of one that it imports.
func (e *engine) summaryOf(fn *types.Func) *Summary {
	fn = fn.Origin()
	if fn.Pkg() != e.types {
		return e.facts.summary(fn)
	}
	if f := e.pkg.Prog.FuncValue(fn); f != nil && e.units[f] != nil {
		return e.freeze(e.units[f])
	}
	return nil
}

// openInterfaces lists the interfaces with methods that functions of this package call openly.
func (e *engine) openInterfaces() []Interface {
	found := map[string]*Interface{}
	for _, s := range e.sites {
		for o, elsewhere := range s.open {
			if !elsewhere {
				continue
			}
			on, ok := e.openOn[o.method].(*types.Named)
			if !ok || on.Obj().Parent() != on.Obj().Pkg().Scope() { // one that a function declares has no name of its own
				continue
			}
			name := on.Obj().Pkg().Path() + "." + on.Obj().Name()
			i := found[name]
			if i == nil {
				i = &Interface{Name: name, Methods: e.signatures.Interface(on)}
				found[name] = i
			}
			if !slices.Contains(i.Open, o.method) {
				i.Open = append(i.Open, o.method)
			}
		}
	}
	var all []Interface
	for _, name := range slices.Sorted(maps.Keys(found)) {
		slices.Sort(found[name].Open)
		all = append(all, *found[name])
	}
	return all
}
