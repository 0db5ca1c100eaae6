package transactions

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/effect"
)

// dispatching answers for the calls of the runtime: those that dispatch a scope's intents do so here and now, unless the scope's
// context is known to be scoped; then they are captured.
func (k *knower) dispatching(call ssa.CallInstruction) (effect.Set, bool) {
	c := call.Common()
	fn := callee(c)
	name := airlockapi.Name(fn)
	if name == "" {
		return 0, false
	}
	var ctx ssa.Value
	switch name {
	case "Run", "InTx":
		ctx = operand(c, 0)
	case "Airlock.Run", "Airlock.InTx", "Registry.Run":
		ctx = operand(c, 1)
	case "Scope.Flush":
		ctx = begunIn(operand(c, 0))
	default:
		return 0, false
	}
	if ctx != nil && scoped(ctx, 16) {
		return 0, true
	}
	return dispatches, true
}

// begunIn returns the context in which a scope was begun, where its Begin is in sight.
func begunIn(scope ssa.Value) ssa.Value {
	x, ok := origin(scope).(*ssa.Extract)
	if !ok {
		return nil
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return nil
	}
	switch airlockapi.Name(callee(call.Common())) {
	case "Begin":
		return operand(call.Common(), 0)
	case "Airlock.Begin":
		return operand(call.Common(), 1)
	}
	return nil
}

// scoped reports whether a context is known to carry a scope: it comes from Begin, or is what Run and InTx hand to their function,
// or derives from one.
func scoped(ctx ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := origin(ctx).(type) {
	case *ssa.Parameter:
		return handsScope(v)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && derivesScope(call, v.Index, depth)
	case *ssa.Call:
		return derivesScope(v, 0, depth)
	case *ssa.UnOp:
		return v.Op == token.MUL && scopedStores(v, depth)
	}
	return false
}

// scopedStores reports whether all that is stored in the variable is scoped.
func scopedStores(load *ssa.UnOp, depth int) bool {
	alloc, ok := cell(load.X).(*ssa.Alloc)
	if !ok {
		return false
	}
	all := stores(alloc)
	for _, s := range all {
		if !scoped(s.Val, depth-1) {
			return false
		}
	}
	return len(all) > 0
}

func derivesScope(call *ssa.Call, result int, depth int) bool {
	c := call.Common()
	switch airlockapi.Name(callee(c)) {
	case "Begin", "Airlock.Begin":
		return result == 0
	case "Detach":
		return false
	}
	if result != 0 {
		return false
	}
	for i := range operands(c) {
		if v := operand(c, i); isContext(v.Type()) {
			return scoped(v, depth-1)
		}
	}
	return false
}

// handsScope reports whether the parameter is the context that Run or InTx hands to a literal.
func handsScope(p *ssa.Parameter) bool {
	fn := p.Parent()
	if fn.Parent() == nil || len(fn.Params) == 0 || fn.Params[0] != p {
		return false
	}
	for _, call := range callsOf(fn.Parent()) {
		switch airlockapi.Name(callee(call.Common())) {
		case "Run", "InTx", "Airlock.Run", "Airlock.InTx", "Go":
		default:
			continue
		}
		c := call.Common()
		for i := range operands(c) {
			if functionOf(origin(operand(c, i))) == fn {
				return true
			}
		}
	}
	return false
}
