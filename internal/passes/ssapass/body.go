package ssapass

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A Body is what all passes ask of a function's code, without its literals: found in one walk, in the order of the code.
type Body struct {
	Calls    []ssa.CallInstruction
	Closures []*ssa.MakeClosure
	// Moves are the instructions that put values where others find them, or take them from there: returns, stores, updates of maps,
	// sends, receives and selects.
	Moves []ssa.Instruction
	// Uses are the functions that occur as operands other than what is called.
	Uses []*ssa.Function
}

// Body returns the body of a function of the package.
func (s *SSA) Body(fn *ssa.Function) *Body {
	if b := s.bodies[fn]; b != nil {
		return b
	}
	return Walk(fn, nil) // of an instance, or a wrapper
}

// CallsIn returns the calls in fn, without those in its literals.
func (s *SSA) CallsIn(fn *ssa.Function) []ssa.CallInstruction { return s.Body(fn).Calls }

// Walk returns the body of fn: of the instructions that keep keeps, if it is not nil.
func Walk(fn *ssa.Function, keep func(ssa.Instruction) bool) *Body {
	body := new(Body)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if keep == nil || keep(instr) {
				body.add(instr)
			}
		}
	}
	return body
}

func (b *Body) add(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.Field, *ssa.IndexAddr, *ssa.Index, *ssa.Lookup, *ssa.Extract, *ssa.Slice, *ssa.Convert, *ssa.If,
		*ssa.Jump, *ssa.RunDefers, *ssa.TypeAssert, *ssa.ChangeInterface, *ssa.Range, *ssa.Next:
		return // as most are: no operand of theirs is a function
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			b.Moves = append(b.Moves, instr)
		}
		return
	case ssa.CallInstruction:
		b.Calls = append(b.Calls, instr)
		for _, arg := range instr.Common().Args {
			b.use(arg)
		}
		return
	case *ssa.Store:
		b.Moves = append(b.Moves, instr)
		b.use(instr.Val)
		return
	case *ssa.MakeInterface:
		b.use(instr.X)
		return
	case *ssa.MakeClosure:
		b.Closures = append(b.Closures, instr)
	case *ssa.Return, *ssa.MapUpdate, *ssa.Send, *ssa.Select:
		b.Moves = append(b.Moves, instr)
	}
	var space [8]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		b.use(*op)
	}
}

func (b *Body) use(v ssa.Value) {
	if fn, ok := v.(*ssa.Function); ok {
		b.Uses = append(b.Uses, fn)
	}
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
