package noescape

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// scopeFunction says which argument of a function of the runtime is the code that runs in the scope; -1 for Begin.
var scopeFunction = map[string]int{"Run": 1, "Airlock.Run": 2, "InTx": 2, "Airlock.InTx": 3, "Begin": -1, "Airlock.Begin": -1}

// asserted reports scopes whose policy is AssertNoEffects, and in which a command is performed or something enqueued.
func (c *check) asserted() {
	for _, fn := range c.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					c.assertedScope(call)
				}
			}
		}
	}
}

func (c *check) assertedScope(call *ssa.Call) {
	arg, opens := scopeFunction[airlockapi.Name(callee(&call.Call))]
	if !opens || !assertsNoEffects(call.Call.Args) && !assertsLocally(contextArgument(call)) {
		return
	}
	expr := c.call(call.Pos())
	if expr == nil {
		return
	}
	p := assertContract(c.enabled)
	if arg < 0 {
		if first, from := c.openDeed(call, p); from != nil {
			c.judge(first, from, calleeRange(expr), p)
		}
		return
	}
	for _, t := range c.effects.Targets(call.Call.Args[arg]) {
		if t.Func != nil {
			c.judge(c.deedOf(t.Func), []string{c.functionName(t.Func)}, calleeRange(expr), p)
		}
	}
}

// assertsNoEffects reports whether the options, the last argument, certainly make AssertNoEffects one of the scope's policies.
func assertsNoEffects(args []ssa.Value) bool {
	if len(args) == 0 {
		return false
	}
	asserts := false
	for _, option := range ssapass.Elements(args[len(args)-1]) {
		call, ok := option.(*ssa.Call)
		if ok && airlockapi.Name(callee(&call.Call)) == "WithPolicy" {
			asserts = isAssertion(call.Call.Args[0]) // the last WithPolicy wins
		}
	}
	return asserts
}

// assertsLocally reports whether a context was just given AssertNoEffects as its local policy.
func assertsLocally(ctx ssa.Value) bool {
	call, ok := ctx.(*ssa.Call)
	return ok && airlockapi.Name(callee(&call.Call)) == "WithLocalPolicy" && isAssertion(call.Call.Args[1])
}

func isAssertion(policy ssa.Value) bool {
	call, ok := policy.(*ssa.Call)
	if !ok {
		return false
	}
	switch airlockapi.Name(callee(&call.Call)) {
	case "AssertNoEffects":
		return true
	case "Policies":
		for _, p := range ssapass.Elements(call.Call.Args[0]) {
			if isAssertion(p) {
				return true
			}
		}
	}
	return false
}

// openDeed returns what the code between a Begin and the closing of its scope does first that may break the contract, and the
// beginning of the chain to it.
func (c *check) openDeed(begin *ssa.Call, p contract) (deed, []string) {
	var first ssa.CallInstruction
	var done deed
	for call := range whileOpen(begin) {
		d := c.callDeed(call, begin)
		if len(breaches(d.performs, p.refused))+len(d.enqueues) == 0 {
			continue
		}
		if first == nil || call.Pos() < first.Pos() {
			first, done = call, d
		}
	}
	if first == nil {
		return deed{}, nil
	}
	return done, []string{c.functionName(begin.Parent())}
}

// callDeed returns what one call does. What it enqueues in the scope around the one that begin opened is not of that scope.
func (c *check) callDeed(call ssa.CallInstruction, begin *ssa.Call) deed {
	d := deed{performs: c.effects.Call(call)}
	for _, arg := range call.Common().Args {
		if isContext(arg.Type()) && arg == contextArgument(begin) {
			return d
		}
	}
	if q, ok := c.enqueuesAt(call); ok {
		d.enqueues = [][]string{c.enqueueChain(call, q)}
	}
	return d
}

func contextArgument(begin *ssa.Call) ssa.Value {
	for _, arg := range begin.Call.Args {
		if isContext(arg.Type()) {
			return arg
		}
	}
	return nil
}

// whileOpen yields the calls that may run between a Begin and the Flush or Discard of its scope, deferred ones included.
func whileOpen(begin *ssa.Call) func(func(ssa.CallInstruction) bool) {
	return func(yield func(ssa.CallInstruction) bool) {
		seen := map[*ssa.BasicBlock]bool{}
		var walk func(instrs []ssa.Instruction, b *ssa.BasicBlock) bool
		walk = func(instrs []ssa.Instruction, b *ssa.BasicBlock) bool {
			for _, instr := range instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if closes(call, begin) {
					return true
				}
				if !yield(call) {
					return false
				}
			}
			for _, next := range b.Succs {
				if !seen[next] {
					seen[next] = true
					if !walk(next.Instrs, next) {
						return false
					}
				}
			}
			return true
		}
		block := begin.Block()
		for i, instr := range block.Instrs {
			if instr == begin {
				walk(block.Instrs[i+1:], block)
				return
			}
		}
	}
}

// closes reports whether a call, not a deferred one, closes the scope that begin opened.
func closes(call ssa.CallInstruction, begin *ssa.Call) bool {
	if _, ok := call.(*ssa.Call); !ok {
		return false
	}
	switch airlockapi.Name(callee(call.Common())) {
	case "Scope.Flush", "Scope.Discard":
		scope, ok := call.Common().Args[0].(*ssa.Extract)
		return ok && scope.Tuple == begin
	}
	return false
}
