// Package contexts says, for each function, what it does with a context that it is handed: whether it enqueues in its scope, opens a
// scope under it, hands it to a callback, or returns a child of it.
//
// Where a context comes from is a set of [Root]s, found as the least solution of equations over the package's SSA; what a function does
// with its parameters is a [Fact], so it crosses packages. Literals are seen from where they are used: their parameters are what their
// callers hand them, their captured variables what these hold while they run.
package contexts

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer computes the facts of a package. Its result is a [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "airlockcontexts",
	Doc:        "find where contexts come from, and which functions enqueue in the scope of one that they are handed",
	Run:        run,
	Requires:   []*analysis.Analyzer{ssapass.Analyzer, whose.Analyzer},
	FactTypes:  []analysis.Fact{new(Fact)},
	ResultType: reflect.TypeFor[*Result](),
}

// Result answers the questions of the checks about the package's code.
type Result struct{ engine *engine }

// engine computes the answers for one package.
type engine struct {
	pass     *analysis.Pass
	ssa      *ssapass.SSA
	funcs    []*ssa.Function // all, with the package initialiser
	allCalls []ssa.CallInstruction
	sites    map[ssa.Value]*sites
	invoked  map[string][]ssa.CallInstruction // interface calls, by method name
	solver   solver
	needs    map[*ssa.Function]*needs
	spawns   []*Spawn
	spawned  map[*ssa.Parameter]bool // functions that their function runs later than itself

	// what is computed at most once
	guards        map[*ssa.BasicBlock][]guard
	guardsOf      map[*ssa.Function][]Guard
	set           map[ssa.Value][]setting
	carriers      map[types.Type]bool
	facts         map[*types.Func]*Fact
	methodsByName map[string][]*types.Func
}

func run(pass *analysis.Pass) (any, error) {
	code := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	if code.Pkg == nil {
		return new(Result), nil
	}
	a := newEngine(pass, code)
	a.index()
	a.findSpawns()
	a.solveNeeds()
	a.export()
	return &Result{a}, nil
}

func newEngine(pass *analysis.Pass, code *ssapass.SSA) *engine {
	a := &engine{
		pass:     pass,
		ssa:      code,
		funcs:    code.Funcs,
		sites:    map[ssa.Value]*sites{},
		invoked:  map[string][]ssa.CallInstruction{},
		solver:   solver{nodes: map[question]*node{}},
		needs:    map[*ssa.Function]*needs{},
		spawned:  map[*ssa.Parameter]bool{},
		guards:   map[*ssa.BasicBlock][]guard{},
		guardsOf: map[*ssa.Function][]Guard{},
		carriers: map[types.Type]bool{},
		facts:    map[*types.Func]*Fact{},
	}
	a.funcs = append(a.funcs[:len(a.funcs):len(a.funcs)], code.Pkg.Func("init"))
	return a
}

func (a *engine) carries(t types.Type) bool {
	c, ok := a.carriers[t]
	if !ok {
		c = carries(t)
		a.carriers[t] = c
	}
	return c
}

// fact returns what the fact of a function of another package says; nil if it has none.
func (a *engine) fact(fn *types.Func) *Fact {
	if fn == nil || fn.Pkg() == a.pass.Pkg {
		return nil
	}
	f, ok := a.facts[fn]
	if !ok {
		var imported Fact
		if a.pass.ImportObjectFact(fn, &imported) {
			f = &imported
		}
		a.facts[fn] = f
	}
	return f
}

func (a *engine) factOf(fn *ssa.Function) *Fact { return a.fact(objectOf(fn)) }

// importedFacts returns the functions of other packages that have a fact.
func (a *engine) importedFacts() []*types.Func {
	var fns []*types.Func
	for _, f := range a.pass.AllObjectFacts() {
		if fn, ok := f.Object.(*types.Func); ok && fn.Pkg() != a.pass.Pkg {
			fns = append(fns, fn)
		}
	}
	return fns
}
