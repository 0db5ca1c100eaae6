package effects

import (
	"cmp"
	"fmt"
	"go/types"
	"hash/fnv"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
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
	Methods []uint64 // method signatures, as signatureHash has them
	Name    string   // full name of the type
	Open    []string // full names of the methods that are left open
}

// An Implementer is a concrete type, not of a test file, whose methods do something.
type Implementer struct {
	Methods []uint64 // signatures of all methods, of the type or a pointer to it
	Acts    []string // full names of those that do something: promoted ones may be another package's
}

// An Act is a method or function that does something.
type Act struct {
	Func     string // full name
	Performs []Bound
	Open     []OpenEnd // with plain ways; whether it is conditional counts for nothing
}

// A Bound is an effect behind a bound method, and the way there.
type Bound struct {
	Effect effect.Effect
	Used   bool
	Async  Async
	Way    *Way // plain: each step a call of its own
}

// A Table says which own implementations the open ends of summaries lead to, and what those perform, closed: open ends behind open
// ends are followed. The nil Table binds nothing. It must not be changed once it is in use.
type Table struct {
	Bindings []Binding // sorted by Method and To
	byMethod map[string][]int
	performs map[string][]Performed // by method, but for the way to it
	full     map[string]bool        // places that hold too much to say what a call of one calls
	asked    func(method string)    // see View
}

// A Binding is one implementation of an interface method. It can be written to the config and read back.
type Binding struct {
	Method   string
	To       string // the implementing method
	Performs []Bound
}

// NewTable computes the closed binding table from the contributions of all own packages, which are the Package facts of [Analyzer].
func NewTable(packages []*Package) *Table {
	b := &binder{acts: map[string]*Act{}, to: map[string][]string{}, full: map[string]bool{}}
	for _, p := range packages {
		for i := range p.Acts {
			b.acts[p.Acts[i].Func] = &p.Acts[i]
		}
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

// A binder finds what implements what, and closes it.
type binder struct {
	acts map[string]*Act     // by full name
	to   map[string][]string // interface method: implementing methods
	full map[string]bool
}

func (b *binder) bind(i Interface, t *Implementer) {
	for _, m := range i.Methods {
		if _, ok := slices.BinarySearch(t.Methods, m); !ok {
			return
		}
	}
	for _, open := range i.Open {
		for _, act := range t.Acts {
			if MethodName(act) == MethodName(open) {
				b.add(open, act)
			}
		}
	}
}

func (b *binder) add(open, to string) {
	if b.acts[to] != nil && !slices.Contains(b.to[open], to) {
		b.to[open] = append(b.to[open], to)
	}
}

// table closes the acts: a least fixed point over what the open ends behind them lead to, the shortest chain for each effect.
func (b *binder) table() *Table {
	closed := b.closed()
	t := &Table{full: b.full}
	for _, method := range slices.Sorted(maps.Keys(b.to)) {
		slices.Sort(b.to[method])
		for _, to := range b.to[method] {
			bound := Binding{Method: method, To: to}
			for _, e := range slices.Sorted(maps.Keys(closed[to].best)) {
				bound.Performs = append(bound.Performs, closed[to].best[e])
			}
			if len(bound.Performs) > 0 {
				t.Bindings = append(t.Bindings, bound)
			}
		}
	}
	return t.indexed()
}

// A closedAct is what an act performs, open ends closed as far as is known by now.
type closedAct struct {
	best    map[effect.Effect]Bound
	changed int // when best last did
	seen    int // when it last took over what others perform
}

func (b *binder) closed() map[string]*closedAct {
	closed := map[string]*closedAct{}
	names := slices.Sorted(maps.Keys(b.acts))
	for _, n := range names {
		closed[n] = &closedAct{best: map[effect.Effect]Bound{}, changed: 1}
		for _, p := range b.acts[n].Performs {
			closed[n].improve(p)
		}
	}
	now := 1
	for last := 0; last < now; {
		last = now
		for _, n := range names {
			a, since := closed[n], closed[n].seen
			a.seen = now
			for _, o := range b.acts[n].Open {
				for _, to := range b.to[o.Method] {
					if closed[to].changed > since && a.take(o, to, closed[to]) {
						now++
						a.changed = now
					}
				}
			}
		}
	}
	return closed
}

// take takes over what to performs, behind an open end, where that is better.
func (a *closedAct) take(o OpenEnd, to string, other *closedAct) bool {
	better := false
	for _, p := range other.best {
		async, dist := max(o.Async, p.Async), o.Way.dist()+1+p.Way.dist()
		if q, ok := a.best[p.Effect]; ok && cmp.Or(cmp.Compare(async, q.Async), cmp.Compare(dist, q.Way.dist())) > 0 {
			continue // most are
		}
		p.Async = async
		p.Way = o.Way.then(&Hop{Callee: BoundName(o.Method, to), Pos: o.Way.Pos}).join(p.Way)
		better = a.improve(p) || better
	}
	return better
}

// improve keeps the better of two ways to an effect: sooner, then shorter, then the least by name.
func (a *closedAct) improve(p Bound) bool {
	q, ok := a.best[p.Effect]
	if ok && cmp.Or(cmp.Compare(p.Async, q.Async), p.Way.compare(q.Way)) >= 0 {
		return false
	}
	a.best[p.Effect] = p
	return true
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

func (t *Table) indexed() *Table {
	t.byMethod, t.performs = map[string][]int{}, map[string][]Performed{}
	for i, b := range t.Bindings {
		t.byMethod[b.Method] = append(t.byMethod[b.Method], i)
		for _, p := range b.Performs {
			t.performs[b.Method] = append(t.performs[b.Method], Performed{Effect: p.Effect, Used: p.Used, Async: p.Async, Via: b.Method, To: b.To, Beyond: p.Way})
		}
	}
	return t
}

// with adds what the config says of places that hold too much: t is the authority for all else.
func (t *Table) with(configured *Table) *Table {
	if t == nil || configured == nil || len(t.full) == 0 {
		return t
	}
	joined := *t
	joined.Bindings = slices.Clone(t.Bindings)
	for _, b := range configured.Bindings {
		if t.full[b.Method] {
			joined.Bindings = append(joined.Bindings, b)
		}
	}
	return joined.indexed()
}

// closing returns what an open end performs, but for the way to it: see [Performed.after].
func (t *Table) closing(method string) []Performed {
	if t == nil {
		return nil
	}
	t.ask(method)
	return t.performs[method]
}

// after is p behind an open end, to which a way leads.
func (p Performed) after(async Async, w *Way) Performed {
	p.Async, p.Way = max(async, p.Async), w
	return p
}

// binds reports whether the table has an implementation of the method.
func (t *Table) binds(method string) bool { return t != nil && len(t.byMethod[method]) > 0 }

// freezePackage returns what the package contributes to the binding table, nil if nothing.
func (e *engine) freezePackage() *Package {
	if e.ssa.Class != whose.Own {
		return nil
	}
	acts := map[string]Act{}
	p := &Package{Types: e.implementers(acts), Interfaces: e.openInterfaces(), Places: e.placesAsked(), Stored: e.stored(acts)}
	for _, name := range slices.Sorted(maps.Keys(acts)) {
		p.Acts = append(p.Acts, acts[name])
	}
	if len(p.Types)+len(p.Interfaces)+len(p.Places)+len(p.Stored) == 0 {
		return nil
	}
	return p
}

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
		impl.Methods = append(impl.Methods, signatureHash(fn))
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
	return e.actBy(a, s)
}

// actBy completes a by the summary of what it calls.
func (e *engine) actBy(a Act, s *Summary) Act {
	if s == nil {
		return a
	}
	for _, p := range s.Performs {
		a.Performs = append(a.Performs, Bound{p.Effect, p.Used, p.Async, e.plain(p.Way)})
	}
	a.Open = s.Open
	if slices.ContainsFunc(s.Open, func(o OpenEnd) bool { return !o.Way.plain() }) {
		a.Open = slices.Clone(s.Open)
		for i := range a.Open {
			a.Open[i].Way = e.plain(a.Open[i].Way)
		}
	}
	return a
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
			if !ok {
				continue
			}
			name := on.Obj().Pkg().Path() + "." + on.Obj().Name()
			i := found[name]
			if i == nil {
				i = &Interface{Name: name, Methods: interfaceHashes(on)}
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

func interfaceHashes(t types.Type) []uint64 {
	var all []uint64
	for m := range t.Underlying().(*types.Interface).Methods() {
		all = append(all, signatureHash(m))
	}
	slices.Sort(all)
	return all
}

func interfaceMethods(t types.Type) []string {
	var all []string
	for m := range t.Underlying().(*types.Interface).Methods() {
		all = append(all, signatureOf(m))
	}
	slices.Sort(all)
	return all
}

// signatureOf writes a method so that equal text means that one implements the other.
func signatureOf(fn *types.Func) string {
	name := fn.Name()
	if !fn.Exported() {
		name = fn.Pkg().Path() + "." + name
	}
	sig := fn.Signature()
	anonymous := types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic())
	return name + strings.TrimPrefix(types.TypeString(anonymous, nil), "func")
}

// signatureHash is signatureOf in eight bytes: types have many methods, and what they are called is of no use.
func signatureHash(fn *types.Func) uint64 {
	h := fnv.New64a()
	io.WriteString(h, signatureOf(fn))
	return h.Sum64()
}

func unnamed(t *types.Tuple) *types.Tuple {
	vars := make([]*types.Var, t.Len())
	for i := range vars {
		vars[i] = types.NewParam(0, nil, "", t.At(i).Type())
	}
	return types.NewTuple(vars...)
}

// configuredTable reads the table from the config.
func configuredTable(pass *analysis.Pass) *Table {
	c := pass.ResultOf[config.Analyzer].(*config.Config)
	if len(c.Bindings) == 0 {
		return nil
	}
	t := new(Table)
	for _, b := range c.Bindings {
		bound := Binding{Method: spelled(b.Method), To: spelled(b.To)}
		for _, p := range b.Performs {
			if parsed, err := ParseBound(p); err == nil {
				bound.Performs = append(bound.Performs, parsed)
			}
		}
		t.Bindings = append(t.Bindings, bound)
	}
	slices.SortFunc(t.Bindings, func(a, b Binding) int { return cmp.Or(cmp.Compare(a.Method, b.Method), cmp.Compare(a.To, b.To)) })
	return t.indexed()
}

func spelled(f config.Func) string { return strings.TrimSpace(f.Text) }

// String writes a bound effect as the config has it: "mail", "http query goroutine used: a → b → c".
func (b Bound) String() string {
	text := b.Effect.String() + suffix(b.Async.String())
	if b.Used {
		text += " used"
	}
	if b.Way != nil {
		text += ": " + strings.Join(b.Way.names(), " → ")
	}
	return text
}

// ParseBound reads what String wrote.
func ParseBound(text string) (Bound, error) {
	head, chain, _ := strings.Cut(text, ": ")
	words := strings.Fields(head)
	if len(words) == 0 {
		return Bound{}, fmt.Errorf("no kind of effect")
	}
	kind, err := effect.ParseKind(words[0])
	if err != nil {
		return Bound{}, err
	}
	b := Bound{Effect: effect.Command(kind)}
	for _, w := range words[1:] {
		switch w {
		case "query":
			b.Effect = effect.Query(kind)
		case "goroutine":
			b.Async = Goroutine
		case "queued":
			b.Async = Queued
		case "used":
			b.Used = true
		default:
			return Bound{}, fmt.Errorf("unknown word %q", w)
		}
	}
	if chain != "" {
		for name := range strings.SplitSeq(chain, " → ") {
			b.Way = b.Way.then(&Hop{Callee: name})
		}
	}
	return b, nil
}
