// Package transactions says while which calls of a package a database transaction is open.
//
// A transaction is a value: open from a call that begins it, where that call succeeded, to a call that ends it; or a function: the
// one that a helper runs in a transaction. Which calls begin, end and run transactions is known from the catalog and the
// configuration, and found out for own functions: what a wrapper returns, ends or calls is a fact of it, however it is named.
//
// Paths are told apart by what they know of errors, flags and counters. What is done on a path that rolls back or returns an error
// does not stand.
package transactions

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer finds out what functions do with transactions. Its result is a [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "airlocktransactions",
	Doc:        "find out which functions begin, end and run database transactions",
	Run:        run,
	Requires:   []*analysis.Analyzer{ssapass.Analyzer, effects.Analyzer, config.Analyzer, whose.Analyzer},
	FactTypes:  []analysis.Fact{new(Summary), new(Package)},
	ResultType: reflect.TypeFor[*Result](),

	RunDespiteErrors: true,
}

// Result is what is known of the transactions of one package.
type Result struct {
	know  *knower
	funcs []*ssa.Function // declared, not in test files
}

func run(pass *analysis.Pass) (any, error) {
	code := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	k := &knower{
		pass:    pass,
		catalog: catalog.Default(),
		config:  pass.ResultOf[config.Analyzer].(*config.Config),
		effects: pass.ResultOf[effects.Analyzer].(*effects.Result),
		ssa:     code,
		own:     map[*types.Func]*Summary{},
		family:  map[*ssa.Function][]ssa.CallInstruction{},

		like:     map[types.Type]bool{},
		imported: map[*types.Func]*Summary{},
		lives:    map[*ssa.Function]*liveness{},
		methods:  map[*types.Func][]*types.Func{},
		byName:   map[string][]*types.Func{},
		errs:     map[types.Type]bool{},
	}
	k.reset()
	r := &Result{know: k}
	if code.Pkg == nil {
		return r, nil
	}
	k.funcs = code.Funcs
	k.infer(code.Funcs)
	for _, fn := range code.Funcs {
		obj := object(fn)
		if s := k.own[obj]; s != nil && fn.Parent() == nil && !s.empty() {
			pass.ExportObjectFact(obj, s)
		}
	}
	if p := k.contribution(); p != nil {
		pass.ExportPackageFact(p)
	}
	for _, fn := range code.Funcs {
		if !code.InTest(fn.Pos()) && len(fn.Blocks) > 0 && fn.Parent() == nil {
			r.funcs = append(r.funcs, fn)
		}
	}
	if init := code.Pkg.Func("init"); init != nil {
		r.funcs = append(r.funcs, init) // the literals of package variables stand in it
	}
	return r, nil
}

// reset drops what was worked out from what was known so far.
func (k *knower) reset() {
	k.meanings = map[ssa.CallInstruction]meaning{}
	k.performed = map[ssa.Instruction]effect.Set{}
	k.ledger = newLedger()
}

// Of returns the summary of an own or imported function, or nil if there is nothing to say.
func (r *Result) Of(fn *types.Func) *Summary { return r.know.summary(fn) }
