package contexts

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Spawn is a call that has functions run later than itself: in a goroutine, on a timer.
type Spawn struct {
	Call   ssa.CallInstruction
	Uses   []Use // what the functions need of contexts from outside them
	bodies []*ssa.Function
	groups []ssa.Value // the group that starts them, and the results of the call that wait for them
}

// starters are the functions that run their function argument later, by full name, with its index.
var starters = map[string]int{
	"time.AfterFunc": 1, "context.AfterFunc": 1,
	"(*sync.WaitGroup).Go": 0, "(*golang.org/x/sync/errgroup.Group).Go": 0, "(*golang.org/x/sync/errgroup.Group).TryGo": 0,
}

// findSpawns finds all spawns of the package, and the parameters that its functions spawn: the least solution.
func (a *engine) findSpawns() {
	for changed := true; changed; {
		changed = false
		a.spawns = nil
		for _, call := range a.spawners {
			if s := a.spawnOf(call); s != nil {
				a.spawns = append(a.spawns, s)
			}
		}
		for _, s := range a.spawns {
			changed = a.spawnParams(s) || changed
		}
	}
}

// spawnParams marks the parameters that s runs, unless s is waited for, and reports whether there are new ones.
func (a *engine) spawnParams(s *Spawn) bool {
	changed := false
	for _, p := range a.spawnedParams(s) {
		known := a.spawned[p]
		if known && len(a.handles[p]) == 0 {
			continue
		}
		joined, handles := a.joinedParam(s, p)
		if joined {
			continue
		}
		if known {
			handles = slices.DeleteFunc(handles, func(i int) bool { return !slices.Contains(a.handles[p], i) })
		}
		changed = changed || !known || len(handles) < len(a.handles[p])
		a.spawned[p], a.handles[p] = true, handles
	}
	return changed
}

// joinedParam reports whether s, which runs the parameter p, is waited for; otherwise which results of p's function wait for it.
func (a *engine) joinedParam(s *Spawn, p *ssa.Parameter) (joined bool, handles []int) {
	gs := a.groupsOf(s)
	if a.joined(s, gs, nil) {
		return true, nil
	}
	h := a.handoutOf(s, gs)
	if s.Call.Parent() == p.Parent() {
		handles = h.results
	}
	return h.kept, handles
}

// spawnedParams returns the function-valued parameters that s runs: itself, or in a literal.
func (a *engine) spawnedParams(s *Spawn) []*ssa.Parameter {
	var out []*ssa.Parameter
	for _, v := range a.spawnValues(s.Call) {
		for _, t := range targets(v) {
			if p, ok := t.(*ssa.Parameter); ok {
				out = append(out, p)
			}
		}
	}
	for _, body := range s.bodies {
		out = append(out, a.paramsCalledIn(body)...)
	}
	return out
}

// paramsCalledIn returns the parameters of enclosing functions that the literal body calls.
func (a *engine) paramsCalledIn(body *ssa.Function) []*ssa.Parameter {
	var out []*ssa.Parameter
	for outer := body.Parent(); outer != nil; outer = outer.Parent() {
		for _, p := range outer.Params {
			s := a.sites[p]
			if s == nil {
				continue
			}
			for _, call := range s.calls {
				if within(call.Parent(), body) {
					out = append(out, p)
					break
				}
			}
		}
	}
	return out
}

// spawnValues returns the function values that the call runs later.
func (a *engine) spawnValues(call ssa.CallInstruction) []ssa.Value {
	c := call.Common()
	if _, started := call.(*ssa.Go); started {
		return []ssa.Value{c.Value}
	}
	fn := calledFunc(c)
	if fn == nil {
		return nil
	}
	switch fn.Name() {
	case "AfterFunc", "Go", "TryGo":
		if i, ok := starters[fn.FullName()]; ok {
			return []ssa.Value{argument(c, fn.Signature(), i)}
		}
	}
	var out []ssa.Value
	for _, callee := range a.callees(c) {
		for _, i := range a.spawnedArgs(callee) {
			if arg := argument(c, callee.signature(), i); arg != nil {
				out = append(out, arg)
			}
		}
	}
	return out
}

// spawnedArgs returns the parameters that the callee runs later than itself.
func (a *engine) spawnedArgs(c callee) []int {
	var out []int
	if c.body != nil {
		for i, p := range declaredParams(c.body) {
			if a.spawned[p] {
				out = append(out, i)
			}
		}
		return out
	}
	if f := a.fact(c.fn); f != nil {
		for _, cb := range f.Callbacks {
			if cb.Spawned {
				out = append(out, cb.Param)
			}
		}
	}
	return out
}

func (a *engine) spawnOf(call ssa.CallInstruction) *Spawn {
	values := a.spawnValues(call)
	if len(values) == 0 {
		return nil
	}
	s := &Spawn{Call: call}
	for _, v := range values {
		for _, t := range targets(v) {
			if fn, ok := t.(*ssa.Function); ok && len(fn.Blocks) > 0 {
				s.bodies = append(s.bodies, fn)
			}
		}
	}
	if fn := calledFunc(call.Common()); fn != nil && fn.Signature().Recv() != nil && isGroup(fn.Signature().Recv().Type()) {
		s.groups = []ssa.Value{a.groupOf(receiver(call.Common()))}
	}
	for _, callee := range a.callees(call.Common()) {
		s.groups = append(s.groups, resultsOf(call, a.handlesOf(callee))...)
	}
	return s
}

// handlesOf returns the results of the callee that wait for what it runs later.
func (a *engine) handlesOf(c callee) []int {
	var out []int
	if c.body != nil {
		for _, p := range c.body.Params {
			out = append(out, a.handles[p]...)
		}
		return out
	}
	if f := a.fact(c.fn); f != nil {
		for _, cb := range f.Callbacks {
			out = append(out, cb.Handles...)
		}
	}
	return out
}

// usesInside returns what the functions that s runs need of contexts that were made outside them.
func (a *engine) usesInside(s *Spawn) []Use {
	uses := a.outsideUses(a.spawnUses(s.Call), s, nil)
	for _, body := range s.bodies {
		if body.Parent() != nil {
			uses = append(uses, a.outsideUses(a.usesWithin(body), s, body)...)
		}
	}
	return uses
}

// spawnUses returns what the call has done later than itself: what a function that it is handed needs, not what it needs while it runs.
func (a *engine) spawnUses(call ssa.CallInstruction) []Use {
	if _, started := call.(*ssa.Go); started {
		return a.usesOf(call)
	}
	return a.handedUses(call)
}

func (a *engine) usesWithin(body *ssa.Function) []Use {
	var uses []Use
	for _, call := range a.ssa.CallsIn(body) {
		uses = append(uses, a.uses[call]...)
	}
	for _, lit := range body.AnonFuncs {
		if a.runs(lit) {
			uses = append(uses, a.usesWithin(lit)...)
		}
	}
	return uses
}

// outsideUses keeps the uses, and of their contexts the roots, that come from outside body, which s runs: what is scoped there or a
// parameter. A scope opened under a plain parameter is nobody's loss.
func (a *engine) outsideUses(uses []Use, s *Spawn, body *ssa.Function) []Use {
	var out []Use
	for _, u := range uses {
		var roots Roots
		for _, r := range u.Roots {
			if body != nil && within(r.Node.Parent(), body) && !a.handedIn(r, body) {
				continue
			}
			if r.Kind == Scoped && !a.livesOn(s, r) && !a.opens(s, r, nil) || r.Kind == Param && !u.Opens {
				roots = roots.with(r)
			}
		}
		if len(roots) > 0 {
			u.Roots = roots
			out = append(out, u)
		}
	}
	return out
}

// handedIn reports whether r is a parameter of body itself: what an unknown caller hands it came from outside.
func (a *engine) handedIn(r Root, body *ssa.Function) bool {
	p, ok := r.Node.(*ssa.Parameter)
	return ok && p.Parent() == body
}
