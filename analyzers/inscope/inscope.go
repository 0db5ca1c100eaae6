// Package inscope checks which enqueues have no reachable scope.
//
// An Enqueue buffers its intent in the scope that its context carries. The rules:
//
//	no-scope       an Enqueue that some path reaches with a context that carries none: Background, TODO, Detach and what derives
//	               from them; reported at the call that first receives it as an argument
//	wrong-context  inside a scope, an Enqueue with the context from which the scope was opened
//	detached       a goroutine or timer that enqueues in a scope which may be closed before it is done
//
// Handlers, gRPC methods and callbacks of frameworks count as scoped: some middleware opens their scope. With the flag -strict each
// needs one on its way that can be seen: a middleware or interceptor that hands on a scoped context, //airlock:scoped, or the setting
// scoped. Contexts from places that can't be followed are then reported too.
//
// # Limitations
//
// Contexts from fields, globals, channels and unknown calls are unknown, and silent but in strict mode.
// A loop that receives, and is not left early, is taken to receive once for each goroutine that was started before it.
package inscope

import (
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// Analyzer reports enqueues that have no scope, or not the one that was meant.
var Analyzer = &analysis.Analyzer{
	Name:       "inscope",
	Doc:        "report calls of airlock.Enqueue that some path reaches without an open scope",
	URL:        "https://github.com/airlock-go/airlock/blob/main/docs/rules/inscope-no-scope.md",
	Requires:   append([]*analysis.Analyzer{contexts.Analyzer, contexts.Bindings}, finding.Requires...),
	Run:        run,
	ResultType: finding.ResultType,
}

// strict asks for a scope in view on the way to handlers and framework callbacks.
var strict bool

func init() {
	config.AddFlags(&Analyzer.Flags)
	Analyzer.Flags.BoolVar(&strict, "strict", false, "ask for a middleware, an interceptor or //airlock:scoped on the way to every handler that enqueues")
}

// A check is one run over one package.
type check struct {
	pass     *analysis.Pass
	report   *finding.Reporter
	contexts *contexts.Result
	config   *config.Config
	uses     []contexts.Use
	calls    finding.Calls
	wrong    map[ssa.CallInstruction]bool // reported by wrong-context
}

func run(pass *analysis.Pass) (any, error) {
	c := &check{
		pass:     pass,
		report:   finding.New(pass, "inscope"),
		contexts: pass.ResultOf[contexts.Analyzer].(*contexts.Result).Under(pass.ResultOf[contexts.Bindings].(*contexts.Table)),
		config:   pass.ResultOf[config.Analyzer].(*config.Config),
		calls:    finding.Calls{Files: pass.Files},
		wrong:    map[ssa.CallInstruction]bool{},
	}
	c.uses = c.contexts.AllUses()
	c.wrongContext()
	c.noScope()
	c.detached()
	if strict {
		c.strict()
	}
	return c.report.Finish(), nil
}

// noScope reports each call through which a context without a scope reaches an Enqueue.
func (c *check) noScope() {
	reported := map[ssa.CallInstruction]bool{}
	for _, u := range c.uses {
		if u.Opens {
			continue
		}
		for _, r := range u.Roots {
			at := entry(r, u)
			if r.Kind != contexts.Scopeless || reported[at] || c.wrong[at] {
				continue
			}
			reported[at] = true
			c.add("no-scope", at, c.noScopeMessage(r, u), u)
		}
	}
}

// detached reports goroutines and timers that need a scope longer than it is sure to be open.
func (c *check) detached() {
	for _, s := range c.contexts.Detached() {
		u := s.Uses[0]
		c.add("detached", s.Call, c.detachedMessage(u), u, c.keepOpen(s)...)
	}
}

// add reports at the function that the call names, the smallest range that says which call it is.
func (c *check) add(rule string, call ssa.CallInstruction, message string, u contexts.Use, fixes ...analysis.SuggestedFix) {
	f := finding.Finding{Rule: rule, Range: c.callee(call), Message: message, Fixes: fixes}
	for _, s := range u.Chain {
		f.Chain = append(f.Chain, finding.Step(s))
	}
	if n := len(u.Chain); n > 0 {
		f.Sink = u.Chain[n-1].Func
	}
	c.report.Add(f)
}

// callee is the function that the call names, or the word go.
func (c *check) callee(call ssa.CallInstruction) analysis.Range {
	if started, ok := call.(*ssa.Go); ok {
		return finding.Span(started.Pos(), started.Pos()+token.Pos(len("go")))
	}
	return c.calls.Callee(ssapass.CallPos(call.Common()))
}
