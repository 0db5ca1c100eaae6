package inscope

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/contexts"
)

// All messages of the check stand here: what happens, where it leads, what to do.

func (c *check) noScopeMessage(r contexts.Root, u contexts.Use) string {
	return fmt.Sprintf("this context carries no scope%s: %s; open one with airlock.Run or airlock.Begin", c.from(r), c.chain(u))
}

func (c *check) wrongMessage(u contexts.Use, o contexts.Opening) string {
	whose := "that " + c.name(o.Call) + " returned"
	if len(o.Scopes) == 0 {
		whose = "that " + c.name(o.Call) + " hands its function"
	}
	return fmt.Sprintf("this enqueues outside the scope opened on line %d: %s; pass the context %s",
		c.pass.Fset.Position(o.Call.Pos()).Line, c.chain(u), whose)
}

func (c *check) detachedMessage(u contexts.Use) string {
	if u.Opens {
		return fmt.Sprintf("this may open a scope below one that is closed by then: %s; pass airlock.Detach(ctx), or wait for it", c.chain(u))
	}
	return fmt.Sprintf("this may enqueue after its scope has closed: %s; start it with airlock.Go, or wait for it on every path", c.chain(u))
}

func (c *check) unknownMessage(u contexts.Use) string {
	return fmt.Sprintf("it can't be seen that this context carries a scope: %s; hand it on as a parameter, or open a scope here", c.chain(u))
}

func (c *check) routeMessage(route string, h handler) string {
	return fmt.Sprintf("nothing on the way of %s opens a scope: %s; use a middleware that does, or mark the handler //airlock:scoped", route, c.chain(h.use()))
}

// from says what made a context.
func (c *check) from(r contexts.Root) string {
	if call, ok := r.Node.(ssa.CallInstruction); ok && calledFunc(call) != nil {
		return " (" + c.name(call) + ")"
	}
	return ""
}

func (c *check) chain(u contexts.Use) string { return contexts.Chain(u.Chain, c.pass.Pkg.Path()) }

// name returns the short name of the function that is called.
func (c *check) name(call ssa.CallInstruction) string {
	if fn := calledFunc(call); fn != nil {
		return contexts.Short(fn.FullName(), c.pass.Pkg.Path())
	}
	return "the call"
}

func calledFunc(call ssa.CallInstruction) *types.Func {
	if call.Common().IsInvoke() {
		return call.Common().Method
	}
	if callee := call.Common().StaticCallee(); callee != nil {
		if fn, ok := callee.Object().(*types.Func); ok {
			return fn.Origin()
		}
	}
	return nil
}

func apiName(call ssa.CallInstruction) string { return airlockapi.Name(calledFunc(call)) }
