package scopes

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// judgeGlobals adds a leak for a scope that an initialiser keeps in a package variable that nothing in the package closes.
// Elsewhere a package variable is a place like any other out of sight.
func (p *program) judgeGlobals(l *Lifetime, seen *sightings) {
	if !initialiser(l.In) || len(seen.globals) == 0 {
		return
	}
	for g := range seen.globals {
		if p.closesGlobal(g) {
			return
		}
	}
	l.Leaks = append(l.Leaks, Exit{Pos: l.Begin.Pos(), How: Never})
}

func initialiser(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#"))
}

// closesGlobal reports whether something in the package may close the scope in a package variable.
func (p *program) closesGlobal(g *ssa.Global) bool {
	for fn := range p.functions {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if p.closesAt(fn, g, instr) {
					return true
				}
			}
		}
	}
	return false
}

func (p *program) closesAt(fn *ssa.Function, g *ssa.Global, instr ssa.Instruction) bool {
	var rands [16]*ssa.Value
	for _, op := range instr.Operands(rands[:0]) {
		if *op != g {
			continue
		}
		switch instr := instr.(type) {
		case *ssa.Store:
			if instr.Val == g {
				return true
			}
		case *ssa.UnOp:
			return p.closesLoaded(fn, instr)
		case *ssa.FieldAddr:
			return p.closesField(fn, instr)
		case *ssa.DebugRef:
		default: // its address goes somewhere
			return true
		}
	}
	return false
}

func (p *program) closesField(fn *ssa.Function, field *ssa.FieldAddr) bool {
	for _, ref := range *field.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if p.closesLoaded(fn, ref) {
				return true
			}
		case *ssa.Store:
			if ref.Val == field {
				return true
			}
		case *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

func (p *program) closesLoaded(fn *ssa.Function, load *ssa.UnOp) bool {
	for fn.Synthetic == rangeFuncYield {
		fn = fn.Parent()
	}
	k := p.walker(fn, origin{instr: load, context: -1})
	for _, e := range k.run(fn, k.f.empty()) {
		if e.w.life == closed || e.w.has(moved) || e.carried >= 0 {
			return true
		}
	}
	return k.lost || k.seen.ended
}
