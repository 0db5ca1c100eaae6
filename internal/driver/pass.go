package driver

import (
	"fmt"
	"go/types"
	"maps"
	"os"
	"reflect"
	"runtime/debug"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// An analysed package is one that analyzers run over.
type analysed struct {
	*checked
	unit     *unit
	universe *universe
	facts    *factSet
	closure  []*unit // what the unit imports, directly or not; computed when asked for
	results  map[*analysis.Analyzer]any
	failed   map[*analysis.Analyzer]error
	found    map[*analysis.Analyzer][]analysis.Diagnostic
}

func newAnalysed(un *universe, u *unit, c *checked) *analysed {
	results := map[*analysis.Analyzer]any{}
	maps.Copy(results, un.given)
	return &analysed{
		checked: c, unit: u, universe: un, facts: newFactSet(c.pkg),
		results: results, failed: map[*analysis.Analyzer]error{}, found: map[*analysis.Analyzer][]analysis.Diagnostic{},
	}
}

// run runs the analyzers, which are sorted so that what one requires comes before it. Results that are there already stand.
func (a *analysed) run(analyzers []*analysis.Analyzer) {
	for _, an := range analyzers {
		if _, done := a.results[an]; done {
			continue
		}
		if a.failed[an] == nil {
			a.results[an], a.failed[an] = a.runOne(an)
		}
	}
}

func (a *analysed) runOne(an *analysis.Analyzer) (result any, err error) {
	if len(a.broken) > 0 && !an.RunDespiteErrors {
		return nil, errSkipped
	}
	pass := a.pass(an)
	for _, req := range an.Requires {
		if err := a.failed[req]; err != nil {
			return nil, err
		}
		pass.ResultOf[req] = a.results[req]
	}
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{analyzer: an.Name, value: p, stack: debug.Stack()}
		}
	}()
	if result, err = an.Run(pass); err != nil {
		return nil, err
	}
	if got := reflect.TypeOf(result); got != an.ResultType {
		return nil, fmt.Errorf("internal error: analyzer %s returned a %v, not a %v", an.Name, got, an.ResultType)
	}
	return result, nil
}

// pass returns what the analyzer sees of the package.
func (a *analysed) pass(an *analysis.Analyzer) *analysis.Pass {
	module := &analysis.Module{}
	if a.unit.module != nil {
		module = a.unit.module
	}
	return &analysis.Pass{
		Analyzer:          an,
		Fset:              a.universe.fset,
		Files:             a.files,
		OtherFiles:        a.unit.otherFiles,
		IgnoredFiles:      a.unit.ignoredFiles,
		Pkg:               a.pkg,
		TypesInfo:         a.info,
		TypesSizes:        a.universe.sizes,
		TypeErrors:        a.errors,
		Module:            module,
		ResultOf:          map[*analysis.Analyzer]any{},
		Report:            func(d analysis.Diagnostic) { a.found[an] = append(a.found[an], withURL(an, d)) },
		ReadFile:          os.ReadFile,
		ImportObjectFact:  a.importObjectFact,
		ImportPackageFact: a.importPackageFact,
		ExportObjectFact:  a.exportObjectFact,
		ExportPackageFact: func(fact analysis.Fact) { a.facts.packages[reflect.TypeOf(fact)] = fact },
		AllObjectFacts:    func() []analysis.ObjectFact { return a.allObjectFacts(an) },
		AllPackageFacts:   func() []analysis.PackageFact { return a.allPackageFacts(an) },
	}
}

// withURL resolves the diagnostic's address as x/tools' drivers do.
func withURL(an *analysis.Analyzer, d analysis.Diagnostic) analysis.Diagnostic {
	switch {
	case d.URL != "":
	case d.Category != "" && an.URL != "":
		d.URL = an.URL + "#" + d.Category
	default:
		d.URL = an.URL
	}
	return d
}

func (a *analysed) importObjectFact(obj types.Object, ptr analysis.Fact) bool {
	if obj == nil {
		panic("nil object")
	}
	pkg := obj.Pkg()
	if pkg == a.pkg {
		return a.facts.object(obj, ptr)
	}
	if pkg == nil || !visible(obj) {
		return false
	}
	set := a.universe.facts(pkg)
	return set != nil && set.object(obj, ptr)
}

// visible reports whether other packages see the facts of obj. Every driver hides those of unexported functions, which export data has
// only now and then; ours, which could tell, must not know more.
func visible(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	return !ok || fn.Exported() || fn.Signature().Recv() != nil
}

func (a *analysed) exportObjectFact(obj types.Object, fact analysis.Fact) {
	if obj.Pkg() != a.pkg {
		panic(fmt.Sprintf("package %s exports a fact on %s, an object of another package", a.pkg.Path(), obj))
	}
	a.facts.live[liveKey{obj, reflect.TypeOf(fact)}] = fact
}

func (a *analysed) importPackageFact(pkg *types.Package, ptr analysis.Fact) bool {
	set := a.facts
	if pkg != a.pkg {
		if set = a.universe.facts(pkg); set == nil {
			return false
		}
	}
	return set.own(ptr)
}

func (a *analysed) allPackageFacts(an *analysis.Analyzer) []analysis.PackageFact {
	var facts []analysis.PackageFact
	for typ, fact := range a.facts.packages {
		if ownsFact(an, typ) {
			facts = append(facts, analysis.PackageFact{Package: a.pkg, Fact: fact})
		}
	}
	for _, dep := range a.dependencies() {
		for _, typ := range an.FactTypes {
			k := dep.factsOf().of(typ)
			if k == nil || k.own() == nil {
				continue
			}
			if pkg := a.universe.types(dep); pkg != nil {
				facts = append(facts, analysis.PackageFact{Package: pkg, Fact: k.own()})
			}
		}
	}
	return facts
}

// objectFactsOf returns the facts of dep's objects that can be found again: those that its export data has.
func (a *analysed) objectFactsOf(dep *unit, an *analysis.Analyzer) []analysis.ObjectFact {
	var facts []analysis.ObjectFact
	for _, typ := range an.FactTypes {
		k := dep.factsOf().of(typ)
		if k == nil || len(k.objects()) == 0 {
			continue
		}
		pkg := a.universe.types(dep)
		if pkg == nil {
			return nil
		}
		for _, f := range k.objects() {
			if obj, err := objectpath.Object(pkg, f.Object); f.Object != "" && err == nil && visible(obj) {
				facts = append(facts, analysis.ObjectFact{Object: obj, Fact: f.Fact})
			}
		}
	}
	return facts
}

func (a *analysed) allObjectFacts(an *analysis.Analyzer) []analysis.ObjectFact {
	var facts []analysis.ObjectFact
	for _, dep := range a.dependencies() {
		facts = append(facts, a.objectFactsOf(dep, an)...)
	}
	for k, fact := range a.facts.live {
		if ownsFact(an, k.typ) {
			facts = append(facts, analysis.ObjectFact{Object: k.obj, Fact: fact})
		}
	}
	return facts
}

// dependencies returns what the unit imports, directly or not, that may have facts.
func (a *analysed) dependencies() []*unit {
	if a.closure == nil {
		seen := map[*unit]bool{}
		var visit func(u *unit)
		visit = func(u *unit) {
			for _, dep := range u.imports {
				if !seen[dep] && !dep.std {
					seen[dep] = true
					visit(dep)
					if dep.factsOf() != nil {
						a.closure = append(a.closure, dep)
					}
				}
			}
		}
		visit(a.unit)
	}
	return a.closure
}

func ownsFact(an *analysis.Analyzer, typ reflect.Type) bool {
	return slices.ContainsFunc(an.FactTypes, func(f analysis.Fact) bool { return reflect.TypeOf(f) == typ })
}

// A panicError says that an analyzer panicked: a bug of ours, not of the code that it looked at.
type panicError struct {
	analyzer string
	value    any
	stack    []byte
}

func (e *panicError) Error() string {
	return fmt.Sprintf("internal error: %s panicked: %v (please report this)\n%s", e.analyzer, e.value, e.stack)
}

// sorted returns the analyzers and all that they require, each after what it requires.
func sorted(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var order []*analysis.Analyzer
	seen := map[*analysis.Analyzer]bool{}
	var visit func(an *analysis.Analyzer)
	visit = func(an *analysis.Analyzer) {
		if seen[an] {
			return
		}
		seen[an] = true
		for _, req := range an.Requires {
			visit(req)
		}
		order = append(order, an)
	}
	for _, an := range analyzers {
		visit(an)
	}
	return order
}

// factual returns, of sorted analyzers, those that export facts and what they require.
func factual(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var with []*analysis.Analyzer
	for _, an := range analyzers {
		if len(an.FactTypes) > 0 {
			with = append(with, an)
		}
	}
	return sorted(with)
}
