package inscope

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
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
	if len(o.Bodies) > 0 && c.inBody(call, o, map[*ssa.Function]bool{}) {
		return true
	}
	if len(o.Scopes) == 0 {
		return false
	}
	if c.handed(call, o) {
		return false // it may close it first
	}
	for _, instr := range c.runsAt(call, o) {
		if d, deferred := instr.(*ssa.Defer); deferred && c.openForDeferred(o, d) || !deferred && c.openAt(o, instr) {
			return true
		}
	}
	return false
}

// inBody reports whether the call stands in a function that runs inside the scope, or in a literal that is called there.
func (c *check) inBody(call ssa.CallInstruction, o contexts.Opening, seen map[*ssa.Function]bool) bool {
	for fn := call.Parent(); fn != nil && !seen[fn]; fn = fn.Parent() {
		seen[fn] = true
		if slices.Contains(o.Bodies, fn) {
			return true
		}
		for _, site := range c.contexts.LiteralCalls(fn) {
			if c.inBody(site, o, seen) {
				return true
			}
		}
	}
	return false
}

// runsAt returns the instructions of the function that opens the scope during which instr runs: itself, or where the literal around it
// runs, unless that has closed the scope by then.
func (c *check) runsAt(instr ssa.Instruction, o contexts.Opening) []ssa.Instruction {
	inner := instr.Parent()
	if inner == o.Call.Parent() {
		return []ssa.Instruction{instr}
	}
	if inner.Parent() == nil || !c.openOnWay(o, inner.Blocks[0].Instrs, instr) {
		return nil
	}
	var out []ssa.Instruction
	for _, at := range c.contexts.Moments(inner) {
		out = append(out, c.runsAt(at, o)...)
	}
	return out
}

// openAt reports whether the opening always comes before instr, and some path between them doesn't close the scope.
func (c *check) openAt(o contexts.Opening, instr ssa.Instruction) bool {
	return o.Call.Block().Dominates(instr.Block()) && c.openOnWay(o, ssapass.Rest(o.Call), instr)
}

// openOnWay reports whether some path from the first of the instructions, the rest of their block, to instr doesn't close the scope.
func (c *check) openOnWay(o contexts.Opening, rest []ssa.Instruction, instr ssa.Instruction) bool {
	seen := map[*ssa.BasicBlock]bool{}
	var reach func(instrs []ssa.Instruction) bool
	reach = func(instrs []ssa.Instruction) bool {
		for _, x := range instrs {
			if x == instr {
				return true
			}
			if x == ssa.Instruction(o.Call) || c.closes(x, o) {
				return false
			}
		}
		for _, succ := range instrs[len(instrs)-1].Block().Succs {
			if !seen[succ] {
				seen[succ] = true
				if reach(succ.Instrs) {
					return true
				}
			}
		}
		return false
	}
	return reach(rest)
}

// openForDeferred reports whether the scope may be open when the deferred call runs, at a return that the opening always comes before.
// Deferred calls run last in, first out: those that are deferred after it have run by then.
func (c *check) openForDeferred(o contexts.Opening, d *ssa.Defer) bool {
	type state struct {
		block           *ssa.BasicBlock
		waiting, closed bool // d has been deferred; a call that closes the scope has been deferred since
	}
	seen := map[state]bool{}
	var reach func(at state, instrs []ssa.Instruction) bool
	reach = func(at state, instrs []ssa.Instruction) bool {
		for _, x := range instrs {
			switch x := x.(type) {
			case *ssa.Defer:
				at.waiting, at.closed = at.waiting || x == d, x != d && (at.closed || c.closesDeferred(x, o))
			case *ssa.RunDefers:
				return at.waiting && !at.closed && o.Call.Block().Dominates(at.block)
			default:
				if x == ssa.Instruction(o.Call) || c.closes(x, o) {
					return false
				}
			}
		}
		for _, succ := range at.block.Succs {
			next := state{succ, at.waiting, at.closed}
			if !seen[next] {
				seen[next] = true
				if reach(next, succ.Instrs) {
					return true
				}
			}
		}
		return false
	}
	b := o.Call.Block()
	return reach(state{block: b, waiting: d.Block().Dominates(b) && !slices.Contains(ssapass.Rest(o.Call), ssa.Instruction(d))}, ssapass.Rest(o.Call))
}

// closesDeferred reports whether a deferred call closes the scope, or may: its method, a function that is handed it, a literal.
func (c *check) closesDeferred(d *ssa.Defer, o contexts.Opening) bool {
	if c.handed(d, o) {
		return true
	}
	made, ok := d.Call.Value.(*ssa.MakeClosure)
	return ok && c.closesCalled(made, o)
}

// closesCalled reports whether a function closes the scope when it is called, or may.
func (c *check) closesCalled(made *ssa.MakeClosure, o contexts.Opening) bool {
	if slices.ContainsFunc(made.Bindings, func(bound ssa.Value) bool { return c.isScope(bound, o) }) { // a method value
		return true
	}
	for _, b := range made.Fn.(*ssa.Function).Blocks {
		if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return c.closes(instr, o) }) {
			return true
		}
	}
	return false
}

// closes reports whether the instruction closes the scope, or hands it to what may: a function, a struct or a slice, a literal or a method
// value that closes it when it is called.
func (c *check) closes(instr ssa.Instruction, o contexts.Opening) bool {
	switch instr := instr.(type) {
	case *ssa.Call:
		return c.handed(instr, o) || slices.ContainsFunc(c.literals(instr.Parent()), func(lit *ssa.MakeClosure) bool {
			return c.closesCalled(lit, o) && slices.Contains(c.contexts.Moments(lit.Fn.(*ssa.Function)), ssa.Instruction(instr))
		})
	case *ssa.Store:
		return !ssapass.IsVariable(instr.Addr) && c.isScope(instr.Val, o)
	case *ssa.MakeClosure:
		return slices.ContainsFunc(instr.Bindings, func(bound ssa.Value) bool { return c.isScope(bound, o) }) // a method value
	}
	return false
}

// literals returns the literals that a function makes.
func (c *check) literals(fn *ssa.Function) []*ssa.MakeClosure {
	var made []*ssa.MakeClosure
	for _, lit := range fn.AnonFuncs {
		if m := ssapass.Closure(lit); m != nil {
			made = append(made, m)
		}
	}
	return made
}

// handed reports whether the call closes the scope, or hands it to a function that may.
func (c *check) handed(call ssa.CallInstruction, o contexts.Opening) bool {
	for i, arg := range call.Common().Args {
		if !c.isScope(arg, o) {
			continue
		}
		if name := apiName(call); name == "" || i == 0 && (name == "Scope.Flush" || name == "Scope.Discard") {
			return true
		}
	}
	return false
}

// isScope reports whether v is the scope that was opened.
func (c *check) isScope(v ssa.Value, o contexts.Opening) bool {
	return airlockapi.TypeName(v.Type()) == "Scope" && c.contexts.SameScope(v, o.Scopes)
}
