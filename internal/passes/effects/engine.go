package effects

import (
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/signature"
	"github.com/airlock-go/airlock/internal/whose"
)

// An engine computes what the functions of one package may do, in three steps: collect walks each function once and notes its calls,
// the flow graph says what they call, solve finds the least summaries.
type engine struct {
	pass      *analysis.Pass
	types     *types.Package
	pkg       *ssa.Package
	ssa       *ssapass.SSA
	catalog   *catalog.Catalog
	config    map[catalog.Name]effect.Effect
	directive *directive.Index
	adapter   bool // the config says that the package is one
	facts     *factCache
	tests     bool // whether test files count

	funcs      []*ssa.Function
	graph      *graph
	units      map[*ssa.Function]*unit
	imported   map[*types.Func]*unit
	closures   map[*Returned]*unit
	verdicts   map[*types.Func]verdict
	sites      []*callsite
	methods    methodIndex
	queues     *queues
	handed     *handover
	openOn     map[string]types.Type // the interfaces of open ends, by method
	owners     map[*types.Package]map[*types.Var]string
	unknowns   map[*ssa.Function][]*callsite // by the declared function that they stand in; see Result.Unknowns
	fieldCalls []fieldCall                   // that are to be resolved
	filled     map[*types.Var]*node          // places of functions that other packages call
	tools      map[*token.File]bool          // whether a tool wrote the file: see generated
	plains     map[*Way]*Way                 // see plain
	keys       map[key]*key                  // of entries, interned
	signatures signature.Hasher
}

func newEngine(pass *analysis.Pass, s *ssapass.SSA, facts *factCache, tests bool) *engine {
	settings := pass.ResultOf[config.Analyzer].(*config.Config)
	e := &engine{
		pass: pass, types: pass.Pkg, pkg: s.Pkg, ssa: s,
		catalog:   catalog.Default(),
		directive: pass.ResultOf[directive.Analyzer].(*directive.Index),
		config:    configured(settings),
		adapter:   settings.Role(pass.Pkg.Path()) == config.Adapter,
		facts:     facts,
		tests:     tests,
		units:     map[*ssa.Function]*unit{},
		imported:  map[*types.Func]*unit{},
		closures:  map[*Returned]*unit{},
		verdicts:  map[*types.Func]verdict{},
		handed:    newHandover(),
		openOn:    map[string]types.Type{},
		owners:    map[*types.Package]map[*types.Var]string{},
		filled:    map[*types.Var]*node{},
		plains:    map[*Way]*Way{},
		keys:      map[key]*key{},
	}
	for _, fn := range append([]*ssa.Function{s.Pkg.Func("init")}, s.Funcs...) {
		if tests || !s.InTest(fn.Pos()) {
			e.funcs = append(e.funcs, fn)
		}
	}
	return e
}

func configured(c *config.Config) map[catalog.Name]effect.Effect {
	m := make(map[catalog.Name]effect.Effect, len(c.Effects))
	for _, e := range c.Effects {
		m[e.Func.Name] = e.Effect()
	}
	return m
}

// run computes everything.
func (e *engine) run() {
	bodies := e.bodies()
	e.graph = newGraph(e, newIndex(bodies))
	for i, b := range bodies {
		e.collect(e.unitOf(e.funcs[i]), b)
	}
	e.queues = newQueues(e)
	for _, s := range e.sites {
		e.call(s)
	}
	e.places()
	e.graph.settle()
	e.resolveFields()
	e.resolveRest()
	e.graph.settle()
	e.resolveFields()
	e.handOn()
	e.queues.link()
	newSolver(e).solve()
}

// visible reports whether an instruction of the package initialiser counts: it holds those of test files too.
func (e *engine) visible(instr ssa.Instruction) bool {
	if s, ok := instr.(*ssa.Store); ok {
		if g, ok := s.Addr.(*ssa.Global); ok {
			return !e.ssa.InTest(g.Pos())
		}
	}
	return !e.ssa.InTest(instr.Pos())
}

// bodies returns what there is to see of each function.
func (e *engine) bodies() []*ssapass.Body {
	all := make([]*ssapass.Body, len(e.funcs))
	for i, fn := range e.funcs {
		if !e.tests && fn == e.pkg.Func("init") {
			all[i] = ssapass.Walk(fn, e.visible)
		} else {
			all[i] = e.ssa.Body(fn)
		}
	}
	return all
}

// collect notes the calls of a function.
func (e *engine) collect(u *unit, b *ssapass.Body) {
	for _, call := range b.Calls {
		if _, builtin := call.Common().Value.(*ssa.Builtin); builtin {
			continue
		}
		s := &callsite{call: call, unit: u}
		if _, ok := call.(*ssa.Go); ok {
			s.async = Goroutine
		}
		e.sites = append(e.sites, s)
		e.graph.sites[call] = s
	}
}

// unitOf returns the unit of a function of this package.
func (e *engine) unitOf(fn *ssa.Function) *unit {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	u := e.units[fn]
	if u == nil {
		u = &unit{fn: fn, name: e.nameOf(fn)}
		u.obj, _ = fn.Object().(*types.Func)
		e.units[fn] = u
	}
	return u
}

func (e *engine) nameOf(fn *ssa.Function) string {
	if obj, ok := fn.Object().(*types.Func); ok {
		return FullName(obj)
	}
	if parent := fn.Parent(); parent != nil {
		within := e.nameOf(parent)
		if strings.HasPrefix(parent.Name(), "init#") { // a package may declare several, and their literals are not the same
			within = e.types.Path() + "." + parent.Name()
		}
		return within + fn.Name()[strings.LastIndexByte(fn.Name(), '$'):]
	}
	return e.types.Path() + "." + fn.Name()
}

// importedUnit returns the unit of a function of another package that has a summary.
func (e *engine) importedUnit(fn *types.Func, s *Summary) *unit {
	u := e.imported[fn]
	if u == nil {
		u = &unit{obj: fn, name: FullName(fn), summary: s}
		e.imported[fn] = u
	}
	return u
}

// closureOf returns the unit of a closure that a function of another package returned.
func (e *engine) closureOf(factory *unit, r *Returned) *unit {
	u := e.closures[r]
	if u == nil {
		u = &unit{name: factory.name, summary: r.Func, factory: factory}
		e.closures[r] = u
	}
	return u
}

// calledFromOutside reports whether u may be called from where this package does not see.
func (e *engine) calledFromOutside(u *unit) bool {
	if u.fn == nil || u.fn.Parent() != nil || e.graph.used[u.fn] || u.obj == nil {
		return true
	}
	if u.obj.Signature().Recv() != nil {
		return u.obj.Exported()
	}
	return u.obj.Exported() && !e.isMain()
}

func (e *engine) isMain() bool { return e.types.Name() == "main" }

func (e *engine) own(pkg *types.Package) bool {
	return pkg != nil && whose.Package(e.pass, pkg) == whose.Own
}

// position returns the place of pos, its file relative to the module: the import path within the module, and the file's name.
func (e *engine) position(pos token.Pos) token.Position {
	if !pos.IsValid() {
		return token.Position{}
	}
	p := e.pass.Fset.Position(pos)
	p.Filename = path.Join(e.directory(), path.Base(strings.ReplaceAll(p.Filename, `\`, "/")))
	return p
}

func (e *engine) directory() string {
	pkg := strings.TrimSuffix(e.types.Path(), "_test")
	if m := e.pass.Module; m != nil && m.Path != "" {
		if rest, ok := strings.CutPrefix(pkg, m.Path); ok {
			return strings.TrimPrefix(rest, "/")
		}
	}
	return pkg
}

func formatPosition(p token.Position) string {
	if !p.IsValid() {
		return ""
	}
	return p.Filename + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

func comparePositions(a, b token.Position) int {
	if c := strings.Compare(a.Filename, b.Filename); c != 0 {
		return c
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

// FullName returns the name by which summaries call a function: types.Func.FullName of its origin, without type parameters.
func FullName(fn *types.Func) string {
	name := fn.Origin().FullName()
	if i := strings.IndexByte(name, '['); i >= 0 {
		if j := strings.LastIndexByte(name, ']'); j > i {
			name = name[:i] + name[j+1:]
		}
	}
	return name
}

// WithoutPath leaves the package's name of the import path in a full name: (*sql.DB).Begin.
func WithoutPath(full string) string {
	slash := strings.LastIndexByte(full, '/')
	if slash < 0 {
		return full
	}
	return full[:len(full)-len(strings.TrimLeft(full, "(*"))] + full[slash+1:]
}

// interfaceSummary returns the summary of an interface method of this package: it has one if it is declared an effect.
func (e *engine) interfaceSummary(fn *types.Func) *Summary {
	if m, ok := e.declaredKind(fn); ok && isInterfaceMethod(fn) {
		return &Summary{IsEffect: m}
	}
	return nil
}

// exportInterfaces exports the facts of interface methods.
func (e *engine) exportInterfaces(pass *analysis.Pass) {
	for _, name := range e.types.Scope().Names() {
		tn, ok := e.types.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		iface, ok := tn.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if s := e.interfaceSummary(m); s != nil && m.Pkg() == e.types {
				pass.ExportObjectFact(m, s)
			}
		}
	}
}

// typeNamed finds the named type, or pointer to one, of that full name among this package and those it imports.
func (e *engine) typeNamed(full string) types.Type {
	name, pointer := strings.CutPrefix(full, "*")
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return nil
	}
	pkg := e.facts.packageAt(name[:i])
	if pkg == nil {
		return nil
	}
	tn, ok := pkg.Scope().Lookup(name[i+1:]).(*types.TypeName)
	if !ok {
		return nil
	}
	if pointer {
		return types.NewPointer(tn.Type())
	}
	return tn.Type()
}

// methodNamed returns the method that an atom's value has for the interface method of that full name.
func (e *engine) methodNamed(a *atom, full string) *types.Func {
	if full == "" {
		return nil
	}
	i := strings.LastIndexByte(full, '.')
	pkg := e.types
	if !token.IsExported(full[i+1:]) {
		owner := strings.Trim(full[:i], "(*)")
		if j := strings.LastIndexByte(owner, '.'); j >= 0 && e.facts.packageAt(owner[:j]) != nil {
			pkg = e.facts.packageAt(owner[:j])
		}
	}
	obj, _, _ := types.LookupFieldOrMethod(a.typ, true, pkg, full[i+1:])
	fn, ok := obj.(*types.Func)
	if !ok || isInterfaceMethod(fn) {
		return nil
	}
	return fn
}

// typeName is the inverse of typeNamed; "" for types that have no such name.
func typeName(t types.Type) string {
	star := ""
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		star, t = "*", p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.TypeArgs().Len() > 0 || n.Obj().Parent() != n.Obj().Pkg().Scope() {
		return ""
	}
	return star + n.Obj().Pkg().Path() + "." + n.Obj().Name()
}
