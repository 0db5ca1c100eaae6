// Package deferrable checks what an intent carries that does not survive until dispatch.
//
// An intent runs after the code that enqueued it: after the commit, after the response, perhaps in another process. The rules:
//
//	captures   an intent that carries a transaction, rows, a request, a response writer, an outer context, a pooled framework context
//	           or a lock, in its argument or in what its function captures; or a variable that is written after the enqueue
//	encoding   a task whose argument can't be encoded, so that no queue can carry it
//
// Arguments are searched by type, through fields, pointers, slices and maps; captured variables and receivers too, but for the contexts
// and locks in their fields, which are a service's own. What an interface holds is followed through the function, and into what
// constructors keep (queries.WithTx(tx)).
//
// # Limitations
//
// A function that is taken from a field, a map or a call is not looked into, nor are the fields of third-party types.
// What is written after the enqueue through another pointer to the same value is not seen, nor what a function writes that is not known for
// it by its name (Read, Scan, Decode, Unmarshal) or its package (sort, slices, maps).
package deferrable

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// Analyzer reports intents that carry what is gone when they are dispatched.
var Analyzer = &analysis.Analyzer{
	Name:       "deferrable",
	Doc:        "report intents that carry what does not survive until they are dispatched, and tasks that no queue can carry",
	URL:        "https://github.com/airlock-go/airlock/blob/main/docs/rules/deferrable-captures.md",
	Requires:   append([]*analysis.Analyzer{carried.Analyzer}, finding.Requires...),
	Run:        run,
	ResultType: finding.ResultType,
}

func init() { config.AddFlags(&Analyzer.Flags) }

// A check is one run over one package.
type check struct {
	pass    *analysis.Pass
	report  *finding.Reporter
	catalog *catalog.Catalog
	carried *carried.Result
	calls   finding.Calls
}

func run(pass *analysis.Pass) (any, error) {
	c := &check{
		pass:    pass,
		report:  finding.New(pass, "deferrable"),
		catalog: catalog.Default(),
		calls:   finding.Calls{Files: pass.Files},
		carried: pass.ResultOf[carried.Analyzer].(*carried.Result),
	}
	for _, call := range c.carried.Calls {
		c.call(call)
	}
	return c.report.Finish(), nil
}

func (c *check) call(call ssa.CallInstruction) {
	fn := ssapass.Callee(call.Common())
	if fn == nil {
		return
	}
	for _, arg := range c.carried.Tasks(call) {
		c.encoding(call, arg)
	}
	if in, ok := carried.IntentOf(call); ok {
		c.captures(call, c.intent(in))
	} else if k := c.carried.Of(fn); k != nil {
		c.captures(call, c.helper(call, fn, k))
	}
}

// helper returns the burdens of the intents that a home-made function makes of what it is handed.
func (c *check) helper(call ssa.CallInstruction, fn *types.Func, k *carried.Keeps) []burden {
	var found []burden
	for _, p := range k.Carried {
		if v := carried.Argument(call.Common(), fn, p); v != nil {
			found = append(found, c.intent(intentOf(call, v))...)
		}
	}
	for _, p := range k.Each {
		if v := carried.Argument(call.Common(), fn, p); v != nil {
			found = append(found, c.elements(v, call)...)
		}
	}
	return found
}

// intentOf is an intent that carries v: its function, or a part of its argument.
func intentOf(call ssa.CallInstruction, v ssa.Value) carried.Intent {
	if _, ok := v.Type().Underlying().(*types.Signature); ok {
		return carried.Intent{Call: call, Func: v}
	}
	return carried.Intent{Call: call, Arg: v}
}

// add reports at the name of the function that is called.
func (c *check) add(rule string, call ssa.CallInstruction, message string) {
	c.report.Report(rule, c.calls.Callee(call.Common().Pos()), message)
}
