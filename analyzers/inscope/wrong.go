package inscope

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/contexts"
)

// wrongContext reports, for each scope, the calls that enqueue beside it: with the context under which it was opened, while it is open.
func (c *check) wrongContext() {
	for _, o := range c.contexts.Openings() {
		if o.Under.Has(contexts.Scoped) {
			continue // two scopes in plain view: a choice
		}
		for _, u := range c.uses {
			if u.Opens || u.Call == o.Call {
				continue
			}
			for _, r := range u.Roots.Shared(o.Under) {
				if at := entry(r, u); !c.wrong[at] && c.inside(at, o) {
					c.wrong[at] = true
					c.add("wrong-context", at, c.wrongMessage(u, o), u, c.passScoped(at, o)...)
				}
			}
		}
	}
}

// entry returns the call that first receives the context as an argument.
func entry(r contexts.Root, u contexts.Use) ssa.CallInstruction {
	if r.Into != nil {
		return r.Into
	}
	return u.Call
}

// inside reports whether the call runs while the scope is open.
func (c *check) inside(call ssa.CallInstruction, o contexts.Opening) bool {
	for fn := call.Parent(); fn != nil; fn = fn.Parent() {
		for _, body := range o.Bodies {
			if fn == body {
				return true
			}
		}
	}
	if len(o.Scopes) == 0 {
		return false
	}
	for _, instr := range c.runsAt(call, o.Call.Parent()) {
		if c.openAt(o, instr) {
			return true
		}
	}
	return false
}

// runsAt returns the instructions of fn during which instr runs: itself, or where the literal around it runs.
func (c *check) runsAt(instr ssa.Instruction, fn *ssa.Function) []ssa.Instruction {
	inner := instr.Parent()
	if inner == fn {
		return []ssa.Instruction{instr}
	}
	if inner.Parent() == nil {
		return nil
	}
	var out []ssa.Instruction
	for _, at := range c.contexts.Moments(inner) {
		out = append(out, c.runsAt(at, fn)...)
	}
	return out
}

// openAt reports whether the opening always comes before instr, and some path between them doesn't close the scope.
func (c *check) openAt(o contexts.Opening, instr ssa.Instruction) bool {
	if !o.Call.Block().Dominates(instr.Block()) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	var reach func(instrs []ssa.Instruction, b *ssa.BasicBlock) bool
	reach = func(instrs []ssa.Instruction, b *ssa.BasicBlock) bool {
		for _, x := range instrs {
			if x == instr {
				return true
			}
			if x == ssa.Instruction(o.Call) || c.closes(x, o) {
				return false
			}
		}
		for _, succ := range b.Succs {
			if !seen[succ] {
				seen[succ] = true
				if reach(succ.Instrs, succ) {
					return true
				}
			}
		}
		return false
	}
	b := o.Call.Block()
	return reach(after(o.Call), b)
}

func after(instr ssa.Instruction) []ssa.Instruction {
	for i, x := range instr.Block().Instrs {
		if x == instr {
			return instr.Block().Instrs[i+1:]
		}
	}
	return nil
}

// closes reports whether the instruction closes the scope, or hands it to a function that may.
func (c *check) closes(instr ssa.Instruction, o contexts.Opening) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	for i, arg := range call.Call.Args {
		if airlockapi.TypeName(arg.Type()) != "Scope" || !c.contexts.SameScope(arg, o.Scopes) {
			continue
		}
		if name := apiName(call); name == "" || i == 0 && (name == "Scope.Flush" || name == "Scope.Discard") {
			return true
		}
	}
	return false
}
