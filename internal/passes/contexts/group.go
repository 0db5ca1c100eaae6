package contexts

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A group is what a goroutine can be waited for with: a WaitGroup, an errgroup, a channel that it sends on or closes, a semaphore. Groups are known
// by the value or variable that they are.
type groups map[ssa.Value]bool

func (gs groups) meets(other groups) bool {
	for g := range gs {
		if other[g] {
			return true
		}
	}
	return false
}

// given reports whether one of the groups came from outside the function: as a parameter, in a field, as a global. Whoever owns it waits.
func (gs groups) given() bool {
	for g := range gs {
		switch g.(type) {
		case *ssa.Parameter, *ssa.FieldAddr, *ssa.Field, *ssa.Global, *ssa.FreeVar, *ssa.IndexAddr:
			return true
		}
	}
	return false
}

// groupOf returns the identity of a group: its variable, or the value that is the pointer or channel.
func (a *engine) groupOf(v ssa.Value) ssa.Value {
	v = a.base(v)
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X // the variable or field that holds it
	}
	if holder, field := fieldOf(v); holder != nil {
		return a.member(holder, field, v)
	}
	return ssapass.Variable(v)
}

// An act is what one instruction does to a group: it signals that a goroutine is done, or waits for that.
type act struct {
	group ssa.Value
	waits bool
	sends bool // it signals with a value, that is received once
}

// acts returns what the instruction does to groups, calls of the package's functions included.
func (a *engine) acts(instr ssa.Instruction, seen map[*ssa.Function]bool) []act {
	switch instr := instr.(type) {
	case *ssa.Send:
		return []act{{group: a.groupOf(instr.Chan), sends: true}}
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return []act{{group: a.groupOf(instr.X), waits: true}}
		}
	case ssa.CallInstruction:
		return a.callActs(instr, seen)
	}
	return nil
}

func (a *engine) callActs(call ssa.CallInstruction, seen map[*ssa.Function]bool) []act {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			return []act{{group: a.groupOf(c.Args[0])}}
		}
		return nil
	}
	if fn := calledFunc(c); fn != nil && fn.Signature().Recv() != nil && isGroup(fn.Signature().Recv().Type()) {
		if fn.Name() == "Acquire" && one(c.Args[len(c.Args)-1]) {
			return nil // who takes one of many waits for nobody
		}
		return a.methodActs(receiver(c), fn)
	}
	var out []act
	if !c.IsInvoke() && c.StaticCallee() == nil {
		out = append(out, act{group: a.groupOf(c.Value), waits: true}) // a function that waits
	}
	for _, callee := range a.callees(c) {
		out = append(out, a.calleeActs(c, callee, seen)...)
	}
	if _, started := call.(*ssa.Go); !started && len(a.spawnValues(call)) > 0 {
		return out
	}
	for _, arg := range c.Args { // sync.Once.Do and its like call it now
		if lit := literalOf(arg); lit != nil {
			out = append(out, a.bodyActs(lit, seen)...)
		} else if made, ok := arg.(*ssa.MakeClosure); ok {
			out = append(out, a.boundActs(made)...)
		}
	}
	return out
}

// boundActs returns what a call of a group's method does that is a value: wg.Done.
func (a *engine) boundActs(made *ssa.MakeClosure) []act {
	if fn := objectOf(made.Fn.(*ssa.Function)); fn != nil && fn.Signature().Recv() != nil && isGroup(fn.Signature().Recv().Type()) {
		return a.methodActs(made.Bindings[0], fn)
	}
	return nil
}

func literalOf(v ssa.Value) *ssa.Function {
	if made, ok := v.(*ssa.MakeClosure); ok {
		v = made.Fn
	}
	if fn, ok := v.(*ssa.Function); ok && fn.Parent() != nil {
		return fn
	}
	return nil
}

func (a *engine) methodActs(group ssa.Value, fn *types.Func) []act {
	switch fn.Name() {
	case "Done", "Release":
		return []act{{group: a.groupOf(group)}}
	case "Wait", "Acquire":
		return []act{{group: a.groupOf(group), waits: true}}
	}
	return nil
}

// receiver returns the receiver of a method that is called by its name, or as a value of a variable.
func receiver(c *ssa.CallCommon) ssa.Value {
	if made, ok := c.Value.(*ssa.MakeClosure); ok {
		return made.Bindings[0]
	}
	return c.Args[0]
}

func (a *engine) calleeActs(c *ssa.CallCommon, callee callee, seen map[*ssa.Function]bool) []act {
	sig := callee.signature()
	var out []act
	translate := func(i int, inner act) {
		if arg := argument(c, sig, i); arg != nil {
			inner.group = a.groupOf(arg)
			out = append(out, inner)
		}
	}
	if callee.body == nil {
		if f := a.fact(callee.fn); f != nil {
			for _, i := range f.Signals {
				translate(i, act{})
			}
			for _, i := range f.Waits {
				translate(i, act{waits: true})
			}
		}
		return out
	}
	if callee.body.Parent() == nil && !takesGroup(callee.body) && !takesMember(callee.body) {
		return nil
	}
	for _, inner := range a.bodyActs(callee.body, seen) {
		if p, ok := inner.group.(*ssa.Parameter); ok && p.Parent() == callee.body {
			translate(paramIndex(p), inner)
		} else if g := a.translated(inner.group, callee.body, c); g != nil {
			inner.group = g
			out = append(out, inner)
		}
	}
	return out
}

// bodyActs returns what a call of fn does to groups: its own instructions, and the literals that it calls or defers.
func (a *engine) bodyActs(fn *ssa.Function, seen map[*ssa.Function]bool) []act {
	if seen[fn] {
		return nil
	}
	seen[fn] = true
	defer delete(seen, fn)
	var out []act
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, started := instr.(*ssa.Go); started {
				continue
			}
			out = append(out, a.acts(instr, seen)...)
			if sel, ok := instr.(*ssa.Select); ok {
				out = append(out, a.selectActs(sel)...)
			}
		}
	}
	return out
}

// selectActs returns what the cases of a select may do; which of them did is told by the branch taken.
func (a *engine) selectActs(sel *ssa.Select) []act {
	var out []act
	for _, st := range sel.States {
		received := st.Dir == types.RecvOnly
		out = append(out, act{group: a.groupOf(st.Chan), waits: received, sends: !received})
	}
	return out
}

// actsOf returns the groups that the functions which s runs are done with when they return, and those that they wait for.
func (a *engine) actsOf(s *Spawn) (signals, waits groups) {
	signals, waits = groups{}, groups{}
	for _, act := range a.allActs(s) {
		if act.waits {
			waits[act.group] = true
		} else {
			signals[act.group] = true
		}
	}
	return signals, waits
}

// allActs returns what the functions that s runs do to groups.
func (a *engine) allActs(s *Spawn) []act {
	if _, started := s.Call.(*ssa.Go); started {
		return a.callActs(s.Call, map[*ssa.Function]bool{})
	}
	var all []act
	for _, fn := range s.bodies {
		all = append(all, a.bodyActs(fn, map[*ssa.Function]bool{})...)
	}
	return all
}

// takesGroup reports whether one of fn's parameters may be a group: calls of other functions are not looked into.
func takesGroup(fn *ssa.Function) bool {
	for _, p := range fn.Params {
		if isChan(p.Type()) || isGroup(p.Type()) {
			return true
		}
	}
	return false
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isGroup(t types.Type) bool {
	named := namedOf(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Obj().Name() {
	case "WaitGroup":
		return named.Obj().Pkg().Path() == "sync"
	case "Group":
		return named.Obj().Pkg().Path() == "golang.org/x/sync/errgroup"
	case "Weighted":
		return named.Obj().Pkg().Path() == "golang.org/x/sync/semaphore"
	}
	return false
}
