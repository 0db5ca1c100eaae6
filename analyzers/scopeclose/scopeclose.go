// Package scopeclose checks that every opened scope is closed, and closed rightly, on every path.
//
// A scope from Begin, or from a function that hands one out, has to be flushed where its work succeeded and discarded everywhere
// else. The idiom is that of a database transaction:
//
//	ctx, scope := airlock.Begin(ctx)
//	defer scope.Discard()
//	…
//	return scope.Flush(ctx)
//
// Rules: unclosed, unflushed, flush-error, closed, dropped-context, loop.
//
// # Limitations
//
// A scope that goes out of sight is taken to be closed there: one stored in a field of something that was not made in the function,
// sent on a channel, handed to a function value, to a method of an interface or to a package that knows nothing of scopes. Two
// scopes in one struct are not told apart once the struct is handed to another function; one in a struct is not seen to end what is
// nested in it. A function value in a package variable hands out nothing. A cleanup function that closes under a condition is taken
// to know why. Where a function has thousands of different paths in which what was decided earlier matters, nothing is said of its
// scopes.
package scopeclose

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/scopes"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// Analyzer is the check.
var Analyzer = &analysis.Analyzer{
	Name:       "scopeclose",
	Doc:        "check that every scope is flushed or discarded, and rightly, on every path",
	URL:        "https://github.com/airlock-go/airlock/blob/main/docs/rules/scopeclose-unclosed.md",
	Run:        run,
	Requires:   append(slices.Clone(finding.Requires), scopes.Analyzer, contexts.Analyzer, contexts.Bindings, ssapass.Analyzer),
	ResultType: finding.ResultType,
}

func init() { config.AddFlags(&Analyzer.Flags) }

// A check is one run over one package.
type check struct {
	*finding.Reporter
	pass     *analysis.Pass
	ssa      *ssapass.SSA
	contexts *contexts.Result
	code     *code
	several  map[*ssa.Function]int // how many scopes live in a function
	lost     map[token.Pos]bool    // returns of which it was said that effects are lost there
}

func run(pass *analysis.Pass) (any, error) {
	c := &check{
		Reporter: finding.New(pass, "scopeclose"), pass: pass,
		ssa:      pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA),
		contexts: pass.ResultOf[contexts.Analyzer].(*contexts.Result).Under(pass.ResultOf[contexts.Bindings].(*contexts.Table)),
		code:     newCode(pass),
		several:  map[*ssa.Function]int{},
		lost:     map[token.Pos]bool{},
	}
	lifetimes := pass.ResultOf[scopes.Analyzer].(*scopes.Lifetimes)
	for _, l := range lifetimes.List {
		c.several[l.In]++
	}
	for _, l := range lifetimes.List {
		c.lifetime(l)
	}
	for _, use := range lifetimes.Misuse {
		c.Report("closed", c.code.call(use), closedUse(use))
	}
	if c.ssa.Pkg != nil && importsRuntime(pass.Pkg) {
		c.droppedErrors()
	}
	return c.Finish(), nil
}

func (c *check) lifetime(l *scopes.Lifetime) {
	if len(l.Leaks) > 0 && len(l.Loops) == 0 && !c.expected(l) { // the rule loop says what is wrong with deferred calls in loops
		c.Report("unclosed", c.code.call(l.Begin), c.unclosed(l), c.fixes(l)...)
	}
	if l.Unused {
		c.Report("dropped-context", c.code.call(l.Begin), droppedContext)
	}
	for _, pos := range l.Losses {
		c.loses(l, pos, nil)
	}
	for _, d := range l.Doubts {
		if i := slices.IndexFunc(d.Calls, c.contexts.Enqueues); i >= 0 {
			c.loses(l, d.Pos, d.Calls[i])
		}
	}
	for _, use := range l.Misuse {
		c.Report("closed", c.code.call(use), closedUse(use))
	}
	for _, d := range l.Loops {
		c.Report("loop", c.code.call(d), loopDefer)
	}
}

// loses reports a return at which effects are lost, once.
func (c *check) loses(l *scopes.Lifetime, ret token.Pos, call ssa.CallInstruction) {
	if !c.lost[ret] {
		c.lost[ret] = true
		c.Report("unflushed", c.code.statement(ret), c.unflushed(l, call))
	}
}

// expected reports whether a call in a test is one that is to fail: nobody looks at more than its error.
func (c *check) expected(l *scopes.Lifetime) bool { return l.Probe && c.ssa.InTest(l.Begin.Pos()) }

// droppedErrors reports calls whose error says whether effects have left, and which nobody looks at.
func (c *check) droppedErrors() {
	for _, fn := range c.ssa.WithInit() {
		for _, call := range c.ssa.CallsIn(fn) {
			c.droppedError(call)
		}
	}
}

func (c *check) droppedError(call ssa.CallInstruction) {
	name := errorMatters(call)
	if name == "" {
		return
	}
	switch instr := call.(type) {
	case *ssa.Defer:
		c.Report("flush-error", c.code.call(call), deferredError(name))
	case *ssa.Go:
		c.Report("flush-error", c.code.call(call), goError(name))
	case *ssa.Call:
		switch {
		case unread(instr) && !c.code.blank(instr):
			c.Report("flush-error", c.code.call(call), droppedError(name))
		case tooLate(instr):
			c.Report("flush-error", c.code.call(call), lateError(name))
		}
	}
}

func unread(v *ssa.Call) bool {
	for _, ref := range *v.Referrers() {
		if _, debug := ref.(*ssa.DebugRef); !debug {
			return false
		}
	}
	return true
}
