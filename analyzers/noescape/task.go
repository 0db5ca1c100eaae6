package noescape

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/whose"
)

const ruleTask = "task"

// task reports direct calls of functions that are effects, outside effect bodies. The rule is lexical, like direct.
func (c *check) task(taken map[token.Pos]bool) {
	for _, call := range c.ordered {
		if !c.ssa.InTest(call.Pos()) {
			c.taskCall(call, taken)
		}
	}
}

func (c *check) taskCall(call *ast.CallExpr, taken map[token.Pos]bool) {
	obj := c.callee(call)
	why := c.whyEffect(obj)
	if why == "" || c.bodies.contain(call.Lparen) {
		return
	}
	if taken[call.Lparen] || c.kindOff(obj) {
		c.report.Allowed(ruleTask, call.Lparen)
		return
	}
	caller := c.declarationName(call.Lparen)
	c.report.Add(finding.Finding{
		Rule:    ruleTask,
		Range:   calleeRange(call),
		Message: taskMessage(c.display(obj), why, []string{caller, c.display(obj)}),
		Sink:    fullName(obj),
		Chain:   []finding.Step{{Func: fullName(obj), Pos: c.effects.Position(call.Lparen)}},
		Fixes:   c.rewriteTask(call, obj),
	})
}

// callee returns the function, method or variable that is called, by its origin; nil for anything else.
func (c *check) callee(call *ast.CallExpr) types.Object {
	switch obj := typeutil.Callee(c.pass.TypesInfo, call).(type) {
	case *types.Func:
		return obj.Origin()
	case *types.Var:
		return obj
	}
	return nil
}

// whyEffect says what makes a function an effect to those who call it; "" for one that is none.
func (c *check) whyEffect(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	if _, declared := c.directives.Effect(obj); declared {
		return whyMarked
	}
	if c.bodies.handed[obj] {
		return whyTask
	}
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() == c.pass.Pkg || whose.IsStd(fn.Pkg().Path()) || airlockapi.IsRuntime(fn.Pkg().Path()) {
		return ""
	}
	d := c.declared(fn)
	switch {
	case d != nil && d.Task:
		return whyTask
	case d != nil && !d.Adapter:
		return whyMarked
	case d != nil, c.config.Role(fn.Pkg().Path()) == config.Adapter:
		return c.whyAdapter(fn)
	}
	return ""
}

// whyAdapter says that a function of an adapter package is an effect: if it is exported and performs an enabled command.
func (c *check) whyAdapter(fn *types.Func) string {
	if !fn.Exported() {
		return ""
	}
	for _, p := range c.effects.Of(fn).Performs {
		if c.enabled.Has(p.Effect) {
			return whyAdapter
		}
	}
	return ""
}

// declared returns what the declaration of a function of any package says of it.
func (c *check) declared(fn *types.Func) *effects.Declared {
	if fn.Pkg() == c.pass.Pkg {
		if m, ok := c.directives.Effect(fn); ok {
			return &effects.Declared{Kind: m.Kind, Named: m.Named}
		}
		return nil
	}
	if s := c.effects.Of(fn); s != nil {
		return s.IsEffect
	}
	return nil
}

// kindOff reports whether an effect is marked with a kind that is off.
func (c *check) kindOff(obj types.Object) bool {
	if m, ok := c.directives.Effect(obj); ok {
		return m.Named && !c.enabled.Has(effect.Command(m.Kind))
	}
	if fn, ok := obj.(*types.Func); ok {
		if d := c.declared(fn); d != nil && !d.Adapter {
			return d.Named && !c.enabled.Has(effect.Command(d.Kind))
		}
	}
	return false
}
