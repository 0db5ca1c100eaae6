package ssapass

import (
	"go/types"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// calls remembers the calls in functions: every pass asks for them.
type calls struct {
	mu sync.Mutex
	in map[*ssa.Function][]ssa.CallInstruction
}

// CallsIn returns the calls in fn, without those in its literals.
func (s *SSA) CallsIn(fn *ssa.Function) []ssa.CallInstruction {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	found, known := s.calls.in[fn]
	if !known {
		found = callsIn(fn)
		if s.calls.in == nil {
			s.calls.in = make(map[*ssa.Function][]ssa.CallInstruction, len(s.Funcs))
		}
		s.calls.in[fn] = found
	}
	return found
}

func callsIn(fn *ssa.Function) []ssa.CallInstruction {
	var found []ssa.CallInstruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				found = append(found, call)
			}
		}
	}
	return found
}

// Callee returns the declared function or method that the call names, as it is declared; nil if it names none.
func Callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method.Origin()
	}
	if callee := c.StaticCallee(); callee != nil {
		if origin := callee.Origin(); origin != nil {
			callee = origin
		}
		if fn, ok := callee.Object().(*types.Func); ok {
			return fn.Origin()
		}
	}
	return nil
}
