// Package contexts says, for each function, what it does with a context that it is handed: whether it enqueues in its scope, opens a
// scope under it, hands it to a callback, or returns a child of it.
//
// Where a context comes from is a set of [Root]s, found as the least solution of equations over the package's SSA; what a function does
// with its parameters is a [Fact], so it crosses packages. Literals are seen from where they are used: their parameters are what their
// callers hand them, their captured variables what these hold while they run.
package contexts

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/signature"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer computes the facts of a package. Its result is a [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "airlockcontexts",
	Doc:        "find where contexts come from, and which functions enqueue in the scope of one that they are handed",
	Run:        run,
	Requires:   []*analysis.Analyzer{ssapass.Analyzer, whose.Analyzer, directive.Analyzer, effects.Analyzer},
	FactTypes:  []analysis.Fact{new(Fact), new(Touches), new(Package)},
	ResultType: reflect.TypeFor[*Result](),
}

// Result answers the questions of the checks about the package's code.
type Result struct {
	// Touches reports whether the package may have to do with scopes: it imports the runtime, or a package that does.
	Touches bool

	engine *engine
	table  *Table
}

// Touches is a fact of packages that import the runtime, directly or not.
type Touches struct{}

// AFact marks Touches as a fact.
func (*Touches) AFact() {}

func (*Touches) String() string { return "touches airlock" }

func touches(pkg *types.Package, imported func(*types.Package) bool) bool {
	for _, imp := range pkg.Imports() {
		if airlockapi.IsRuntime(imp.Path()) || imported(imp) {
			return true
		}
	}
	return false
}

// engine computes the answers for one package.
type engine struct {
	pass     *analysis.Pass
	result   *Result
	effects  *effects.Result
	ssa      *ssapass.SSA
	funcs    []*ssa.Function                         // all, with the package initialiser
	nexts    map[*ssa.Function][]ssa.CallInstruction // those of methods named Next, in each function
	calls    []ssa.CallInstruction                   // that can have to do with contexts
	spawners []ssa.CallInstruction                   // that start a goroutine, or are handed a function that they could run later
	setters  []ssa.Instruction                       // that may be settings
	wrappers bool                                    // a function that wraps others is called, see wraps
	asking   bool                                    // errors.Is is called
	guarding bool                                    // a call may prove that a context is scoped
	sites    map[ssa.Value]*sites
	callers  map[*ssa.Function][]ssa.CallInstruction
	targets  map[*ssa.Function]*target
	called   map[*ssa.CallCommon][]callee            // of calls that name no declared function
	open     map[*ssa.CallCommon]bool                // the called that run methods of an own interface which the package need not know
	stored   map[*types.Var][]callee                 // in fields, see storedIn
	direct   map[*ssa.Function][]ssa.CallInstruction // calls of declared functions, see handedTo
	slots    map[slot]*sites
	fields   map[ssa.CallInstruction][]fieldHanded
	solver   solver
	needs    map[*ssa.Function]*needs
	uses     map[ssa.CallInstruction][]Use // what calls need of contexts, of those that do
	spawns   []*Spawn
	spawned  map[*ssa.Parameter]bool  // functions that their function runs later than itself
	handles  map[*ssa.Parameter][]int // the results of it that wait for them

	// what is computed at most once
	classes       map[*types.Package]whose.Class
	guards        map[*ssa.BasicBlock][]guard
	guardsOf      map[*ssa.Function][]Guard
	set           map[ssa.Value][]setting
	kinds         map[types.Type]*kind
	takes         map[*types.Signature]taken
	files         map[string]string // by name, as positions spell them
	positions     map[token.Pos]string
	names         map[*types.Func]string
	facts         map[*types.Func]*Fact
	methodsByName map[string][]*types.Func
	implementers  map[implemented][]callee
	signatures    signature.Hasher
}

func run(pass *analysis.Pass) (any, error) {
	code := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	r := &Result{Touches: touches(pass.Pkg, func(p *types.Package) bool { return pass.ImportPackageFact(p, new(Touches)) })}
	if r.Touches {
		pass.ExportPackageFact(new(Touches))
	}
	if code.Pkg == nil || !r.Touches && code.Class != whose.Own {
		return r, nil
	}
	a := newEngine(pass, code, r)
	if r.Touches {
		r.engine = a
		a.funcs = code.WithInit()
		a.index()
		a.findSpawns()
		a.solveNeeds()
		a.export(a.funcs)
		return r, nil
	}
	a.funcs = a.talkative(code.Funcs)
	a.index()
	a.findSpawns()
	a.export(append(a.funcs, a.relay(code.Funcs)...))
	return r, nil
}

// talkative returns the functions that may have something to say although they know of no scopes: they return contexts or take
// functions, as withUser(ctx) and retry(ctx, fn) do. The literals in them follow.
func (a *engine) talkative(funcs []*ssa.Function) []*ssa.Function {
	talks := map[*ssa.Function]bool{}
	for _, fn := range funcs {
		if fn.Parent() == nil {
			talks[fn] = a.mayTalk(fn.Signature)
		}
	}
	return slices.DeleteFunc(slices.Clone(funcs), func(fn *ssa.Function) bool { return !talks[ssapass.Declaration(fn)] })
}

func (a *engine) mayTalk(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if a.carries(v.Type()) {
			return true
		}
	}
	for v := range sig.Params().Variables() {
		if called(v.Type()) != nil {
			return true
		}
	}
	return false
}

func newEngine(pass *analysis.Pass, code *ssapass.SSA, r *Result) *engine {
	a := &engine{
		pass:     pass,
		result:   r,
		effects:  pass.ResultOf[effects.Analyzer].(*effects.Result),
		ssa:      code,
		sites:    map[ssa.Value]*sites{},
		nexts:    map[*ssa.Function][]ssa.CallInstruction{},
		callers:  map[*ssa.Function][]ssa.CallInstruction{},
		targets:  map[*ssa.Function]*target{},
		called:   map[*ssa.CallCommon][]callee{},
		open:     map[*ssa.CallCommon]bool{},
		slots:    map[slot]*sites{},
		fields:   map[ssa.CallInstruction][]fieldHanded{},
		solver:   solver{nodes: map[question]*node{}, values: map[ssa.Value]*node{}},
		needs:    map[*ssa.Function]*needs{},
		uses:     map[ssa.CallInstruction][]Use{},
		spawned:  map[*ssa.Parameter]bool{},
		handles:  map[*ssa.Parameter][]int{},
		guards:   map[*ssa.BasicBlock][]guard{},
		guardsOf: map[*ssa.Function][]Guard{},
		kinds:    map[types.Type]*kind{},
		takes:    map[*types.Signature]taken{},
		facts:    map[*types.Func]*Fact{},

		classes:      map[*types.Package]whose.Class{},
		files:        map[string]string{},
		positions:    map[token.Pos]string{},
		names:        map[*types.Func]string{},
		implementers: map[implemented][]callee{},
	}
	return a
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
