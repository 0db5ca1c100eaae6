// Package noescape checks which effects leave without Enqueue.
//
// An effect is a call that changes something outside the process: mail, a webhook, a message on a queue. It may leave only from an
// effect body, which Enqueue runs once the scope is flushed. The rules:
//
//	direct                a call that performs an effect, outside effect bodies
//	task                  a direct call of a function that is an effect
//	transaction           an effect performed while a database transaction is open
//	query-in-transaction  the same for queries; off by default
//	pure                  a pure function, a domain package, or code under AssertNoEffects that performs or enqueues
//	policy                a policy, observer or capture hook that enqueues
//	allow                 a directive that means nothing or suppresses nothing
//
// # Limitations
//
// A function that another package hands to Enqueue is not seen to be an effect body where it is declared: mark it //airlock:effect.
// The same holds for a method that implements a marked method of an interface which its package does not import.
// What can't be resolved, such as a function from a registry, is silent but in functions marked pure; airlockvet effects -unknown
// lists it.
package noescape

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/passes/transactions"
	"github.com/airlock-go/airlock/internal/rule"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer reports effects that leave without Enqueue.
var Analyzer = &analysis.Analyzer{
	Name:       "noescape",
	Doc:        "report side effects that leave without airlock.Enqueue, above all inside an open database transaction",
	URL:        "https://github.com/airlock-go/airlock/blob/main/docs/rules/noescape-direct.md",
	Requires:   slices.Concat([]*analysis.Analyzer{ssapass.Analyzer, transactions.Analyzer, transactions.Bindings}, effects.Requires, finding.Requires),
	Run:        run,
	ResultType: finding.ResultType,

	RunDespiteErrors: true, // what type errors do not reach is checked
}

// rewrite says which rewrites are offered besides the fixes that change nothing: "enqueue", or none.
var rewrite string

func init() {
	config.AddFlags(&Analyzer.Flags)
	Analyzer.Flags.StringVar(&rewrite, "rewrite", "", "`what` to rewrite on request: enqueue offers to turn direct calls into airlock.Enqueue")
}

// A check is one run over one package.
type check struct {
	pass       *analysis.Pass
	report     *finding.Reporter
	config     *config.Config
	directives *directive.Index
	ssa        *ssapass.SSA
	effects    *effects.Result
	enabled    effect.Set
	runtime    bool                          // whether the package imports the runtime
	decls      map[*types.Func]*ast.FuncDecl // declared functions
	calls      map[token.Pos]*ast.CallExpr   // by left parenthesis
	ordered    []*ast.CallExpr               // the same, in source order
	bodies     *bodies
	texts      map[*token.File][]byte // of files in which fixes are made
}

func run(pass *analysis.Pass) (any, error) {
	c := &check{
		pass:       pass,
		report:     finding.New(pass, "noescape"),
		config:     pass.ResultOf[config.Analyzer].(*config.Config),
		directives: pass.ResultOf[directive.Analyzer].(*directive.Index),
		ssa:        pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA),
		effects:    effects.For(pass),
	}
	if c.config.Err != nil {
		return nil, c.config.Err
	}
	c.malformed()
	if whose.Of(pass) == whose.Own && c.ssa.Pkg != nil {
		c.enabled = c.config.Enabled()
		c.runtime = importsRuntime(pass.Pkg)
		c.index()
		c.bodies = c.findBodies()
		taken := c.inTransactions()
		c.task(taken)
		c.direct(taken)
		c.pure()
		c.policy()
	}
	return c.report.Finish(), nil
}

// inTransactions runs the two transaction rules, and returns the calls where rule transaction wins over direct and task.
func (c *check) inTransactions() map[token.Pos]bool {
	taken := map[token.Pos]bool{}
	c.transactions(taken)
	if !c.config.RuleOn("noescape/" + transactionRule) {
		clear(taken)
	}
	return taken
}

func importsRuntime(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return airlockapi.IsRuntime(p.Path()) })
}

// malformed reports directives that mean nothing.
func (c *check) malformed() {
	for _, p := range c.directives.Problems() {
		c.report.Report(rule.AllowRule, finding.Span(p.Pos, p.End), p.Message)
	}
}

// index finds declarations and calls again by what SSA knows of them.
func (c *check) index() {
	c.decls = map[*types.Func]*ast.FuncDecl{}
	c.calls = map[token.Pos]*ast.CallExpr{}
	for _, file := range c.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if fn, ok := c.pass.TypesInfo.Defs[n.Name].(*types.Func); ok {
					c.decls[fn] = n
				}
			case *ast.CallExpr:
				c.calls[n.Lparen] = n
				c.ordered = append(c.ordered, n)
			}
			return true
		})
	}
}

// call returns the call expression with that left parenthesis, or nil: go/ssa's position of a call.
func (c *check) call(lparen token.Pos) *ast.CallExpr { return c.calls[lparen] }

// calleeRange is where a call is reported: what is called, without its receiver and arguments, so that the line is that of the call in
// a chain over several lines.
func calleeRange(call *ast.CallExpr) analysis.Range {
	if id := calleeIdent(call); id != nil {
		return id
	}
	return call
}
