// Package effects is what a call may do: which effects it performs, now or later, which tasks it enqueues, and what it calls of that
// which its caller gives it.
//
// Summaries of functions are facts, so they cross packages. A callee's effects are polymorphic in the functions that it is given: a
// helper that calls its argument has the argument's effects at that call only. Calls of interface methods that are implemented in
// packages this one does not import are open ends, which the table of [Bindings] closes when a check asks.
package effects

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer computes the summaries of a package's functions. Its result is a [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "airlockeffects",
	Doc:        "compute what each function may do when called",
	Requires:   []*analysis.Analyzer{ssapass.Analyzer, whose.Analyzer, directive.Analyzer, config.Analyzer},
	Run:        run,
	FactTypes:  []analysis.Fact{new(Summary), new(Package)},
	ResultType: reflect.TypeFor[*Result](),

	RunDespiteErrors: true,
}

// A Result answers what the functions and calls of a package may do, and those of the packages that it imports. It may be used by one
// goroutine at a time.
type Result struct {
	facts *factCache
	code  *engine // the package without its test files, nil for a package that is not looked into
	tests *engine // with them; nil if it has none
	table *Table
	bound map[*Table]*Result
	calls map[ssa.CallInstruction][]Performed
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{facts: newFactCache(pass), bound: map[*Table]*Result{}, calls: map[ssa.CallInstruction][]Performed{}}
	s := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	if s.Pkg == nil {
		return r, nil
	}
	r.code = newEngine(pass, s, r.facts, false)
	r.code.run()
	if len(r.code.funcs) <= len(s.Funcs) { // some are in test files; the initialiser is one more
		r.tests = newEngine(pass, s, r.facts, true)
		r.tests.run()
	}
	r.export(pass, s)
	return r, nil
}

// export writes the facts.
func (r *Result) export(pass *analysis.Pass, s *ssapass.SSA) {
	for _, fn := range s.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil {
			continue
		}
		if sum := r.Function(fn); sum != nil {
			pass.ExportObjectFact(obj, sum)
		}
	}
	r.code.exportInterfaces(pass)
	r.code.exportVariables()
	if p := r.code.freezePackage(); p != nil {
		pass.ExportPackageFact(p)
	}
}

// engineOf returns the engine that knows fn.
func (r *Result) engineOf(fn *ssa.Function) *engine {
	if r.tests != nil && r.code.ssa.InTest(fn.Pos()) {
		return r.tests
	}
	return r.code
}

// Of returns the summary of a function of this package or of one that it imports, nil if it has nothing to say. Open ends stay open.
func (r *Result) Of(fn *types.Func) *Summary {
	fn = fn.Origin()
	if r.code != nil && fn.Pkg() == r.code.types {
		if f := r.code.pkg.Prog.FuncValue(fn); f != nil {
			return r.Function(f)
		}
		return r.code.interfaceSummary(fn)
	}
	return r.facts.summary(fn)
}

// Function returns the summary of a function of this package, a literal too, nil if it has nothing to say.
func (r *Result) Function(fn *ssa.Function) *Summary {
	if r.code == nil {
		return nil
	}
	e := r.engineOf(fn)
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if u := e.units[fn]; u != nil {
		return e.freeze(u)
	}
	return nil
}
