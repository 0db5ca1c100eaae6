package ssapass

import "golang.org/x/tools/go/ssa"

// CallsIn returns the calls in fn, a function of the package or its initialiser, without those in its literals. They are found once for
// all passes.
func (s *SSA) CallsIn(fn *ssa.Function) []ssa.CallInstruction {
	s.once.Do(func() {
		s.calls = make(map[*ssa.Function][]ssa.CallInstruction, len(s.Funcs)+1)
		for _, fn := range s.Funcs {
			s.calls[fn] = callsIn(fn)
		}
		if s.Pkg != nil {
			init := s.Pkg.Func("init")
			s.calls[init] = callsIn(init)
		}
	})
	return s.calls[fn]
}

func callsIn(fn *ssa.Function) []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				calls = append(calls, call)
			}
		}
	}
	return calls
}
