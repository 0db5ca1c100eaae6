package noescape

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

const rulePolicy = "policy"

// policy reports policies, observers, propagators and capture hooks that enqueue: the runtime asks them while it decides about effects.
func (c *check) policy() {
	if !c.runtime {
		return
	}
	for _, fn := range c.ssa.Funcs {
		if obj, ok := fn.Object().(*types.Func); ok {
			if hook := hookMethod(obj); hook != "" {
				c.forbid(fn, hook)
			}
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				c.forbidHandedOver(instr)
			}
		}
	}
}

// What the messages call a hook.
const (
	hookPolicy     = "a policy"
	hookObserver   = "an observer"
	hookPropagator = "a propagator"
	hookCapture    = "a capture hook"
)

// hookMethod returns what fn, a method, is a hook of; "" if it is none. Method and signature tell: whatever has them can be given to the
// runtime.
func hookMethod(fn *types.Func) string {
	sig := fn.Signature()
	if sig.Recv() == nil || sig.Params().Len() < 2 || !isContext(sig.Params().At(0).Type()) {
		return ""
	}
	second := sig.Params().At(1).Type()
	_, function := second.Underlying().(*types.Signature)
	switch fn.Name() {
	case "OnEnqueue", "Allows", "OnDispatch":
		if airlockapi.TypeName(second) == "Intent" {
			return hookPolicy
		}
	case "OnEscape":
		if hasMethod(sig.Recv().Type(), fn.Pkg(), "OnEnqueue") {
			return hookPolicy
		}
	case "Inject", "Extract":
		if function {
			return hookPropagator
		}
	}
	return ""
}

func hasMethod(t types.Type, pkg *types.Package, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	fn, ok := obj.(*types.Func)
	return ok && hookMethod(fn) == hookPolicy
}

// forbidHandedOver looks into the functions that an instruction gives to the runtime as hooks.
func (c *check) forbidHandedOver(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if addr, ok := instr.Addr.(*ssa.FieldAddr); ok && airlockapi.TypeName(addr.X.Type()) == "Observer" {
			c.forbidValue(instr.Val, hookObserver)
		}
	case *ssa.Call:
		if airlockapi.Name(callee(&instr.Call)) == "WithCapture" {
			c.forbidValue(instr.Call.Args[0], hookCapture)
		}
	}
}

func (c *check) forbidValue(v ssa.Value, hook string) {
	for _, t := range c.effects.Targets(v) {
		if t.Func != nil {
			c.forbid(t.Func, hook)
		}
	}
}

// forbid reports the calls in fn, and in the literals that stand in it, that enqueue.
func (c *check) forbid(fn *ssa.Function, hook string) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			q, enqueues := c.enqueuesAt(call)
			expr := c.call(call.Common().Pos())
			if !enqueues || expr == nil {
				continue
			}
			chain := append([]string{c.functionName(fn)}, c.enqueueChain(call, q)...)
			c.report.Add(finding.Finding{Rule: rulePolicy, Range: calleeRange(expr), Message: policyMessage(hook, chain)})
		}
	}
	for _, lit := range fn.AnonFuncs {
		c.forbid(lit, hook)
	}
}

// enqueuesAt returns what a call enqueues, by itself or through what it calls.
func (c *check) enqueuesAt(call ssa.CallInstruction) (effects.Enqueued, bool) {
	switch airlockapi.Name(callee(call.Common())) {
	case "Enqueue", "EnqueueFunc", "Task.Enqueue", "Intent.Enqueue":
		return effects.Enqueued{}, true
	}
	for _, t := range c.effects.Runs(call) {
		var s *effects.Summary
		switch {
		case t.Func != nil:
			s = c.effects.Function(t.Func)
		case t.Object != nil:
			s = c.effects.Of(t.Object)
		}
		if s != nil && len(s.Enqueues) > 0 {
			return s.Enqueues[0], true
		}
	}
	return effects.Enqueued{}, false
}

// enqueueChain returns the way from a call to an enqueue.
func (c *check) enqueueChain(call ssa.CallInstruction, q effects.Enqueued) []string {
	chain := c.effects.EnqueueChain(q)
	if fn := callee(call.Common()); fn != nil && airlockapi.Name(fn) == "" {
		chain = append([]string{c.display(fn)}, chain...)
	}
	return chain
}

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}
