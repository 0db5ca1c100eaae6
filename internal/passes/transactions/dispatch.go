package transactions

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// maxDerived bounds how far a context is followed back to the one that it derives from.
const maxDerived = 16

// dispatching reports whether a call is of the runtime, and dispatches a scope's intents unless its context has a scope: then they are
// captured. That context is nil where it is not in sight.
func dispatching(call ssa.CallInstruction) (ctx ssa.Value, ok bool) {
	c := call.Common()
	switch airlockapi.Name(callee(c)) {
	case "Run", "InTx":
		return operand(c, 0), true
	case "Airlock.Run", "Airlock.InTx", "Registry.Run":
		return operand(c, 1), true
	case "Scope.Flush":
		return begunIn(operand(c, 0)), true
	}
	return nil, false
}

func dispatch(does bool) effect.Set {
	if does {
		return dispatches
	}
	return 0
}

// flushesIn reports whether a call is of an own function that dispatches, being given what it is.
func (k *knower) flushesIn(call ssa.CallInstruction) bool {
	fn := callee(call.Common())
	if fn == nil {
		return false
	}
	s := k.summary(fn)
	if s == nil {
		return false
	}
	for _, i := range s.Flushes {
		if v := operand(call.Common(), max(i, 0)); i < 0 || v == nil || !scoped(v, maxDerived) {
			return true
		}
	}
	return false
}

// flushes finds the contexts in which the function dispatches, itself or through others.
func (k *knower) flushes(fn *ssa.Function, s *Summary) bool {
	changed := false
	for _, call := range k.callsOf(fn) {
		if ctx, ok := dispatching(call); ok {
			changed = s.flush(ctx) || changed
			continue
		}
		callee := callee(call.Common())
		if callee == nil || airlockapi.Name(callee) != "" {
			continue
		}
		if other := k.summary(callee); other != nil {
			for _, i := range other.Flushes {
				var ctx ssa.Value
				if i >= 0 {
					ctx = operand(call.Common(), i)
				}
				changed = s.flush(ctx) || changed
			}
		}
	}
	return changed
}

// flush notes that the function dispatches in a context.
func (s *Summary) flush(ctx ssa.Value) bool {
	i := -1
	if ctx != nil {
		if scoped(ctx, maxDerived) {
			return false
		}
		i = derivedFrom(ctx, maxDerived)
	}
	if slices.Contains(s.Flushes, i) {
		return false
	}
	s.Flushes = append(s.Flushes, i)
	slices.Sort(s.Flushes)
	return true
}

// derivedFrom returns the parameter of the declared function that a context is, or derives from; -1 for none.
func derivedFrom(ctx ssa.Value, depth int) int {
	ctx = origin(ctx)
	if i := paramIndex(ctx); i >= 0 || depth == 0 {
		return i
	}
	call, ok := ctx.(*ssa.Call)
	if x, isExtract := ctx.(*ssa.Extract); isExtract && x.Index == 0 {
		call, ok = x.Tuple.(*ssa.Call)
	}
	if !ok || airlockapi.Name(callee(call.Common())) == "Detach" {
		return -1
	}
	for i := range operands(call.Common()) {
		if v := operand(call.Common(), i); isContext(v.Type()) {
			return derivedFrom(v, depth-1)
		}
	}
	return -1
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
	alloc, ok := ssapass.Variable(load.X).(*ssa.Alloc)
	if !ok {
		return false
	}
	all := ssapass.Stores(alloc)
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
	for _, call := range callsWithin(fn.Parent()) {
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
