package contexts

import (
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// joined reports whether s is waited for on every path from it to the function's return, or to where the scope of one of the uses is
// closed. Groups that came from outside count as waited for.
func (a *engine) joined(s *Spawn, gs groups, uses []Use) bool {
	e := ending{groups: gs, slots: a.slotsOf(s), sent: a.sentOn(s)}
	if len(gs)+len(e.slots) == 0 {
		return false
	}
	return gs.given() || a.joinedFrom(s.Call, e, uses)
}

// An ending is what tells that a goroutine is done.
type ending struct {
	groups groups
	slots  groups // semaphores, see slotsOf
	sent   groups // those of the groups that get a value from each goroutine, and are not closed
}

// sentOn returns the channels on which the functions that s runs only send.
func (a *engine) sentOn(s *Spawn) groups {
	sent, other := groups{}, groups{}
	for _, act := range a.allActs(s) {
		switch {
		case act.sends:
			sent[act.group] = true
		case !act.waits:
			other[act.group] = true
		}
	}
	maps.DeleteFunc(sent, func(g ssa.Value, _ bool) bool { return other[g] })
	return sent
}

// outlives reports whether s may run longer than a scope of its uses is open: nothing waits for it, and no group of it is handed out of
// a function that leaves the scope open.
func (a *engine) outlives(s *Spawn) bool {
	gs := a.groupsOf(s)
	if a.joined(s, gs, s.Uses) {
		return false
	}
	fn := s.Call.Parent()
	if len(gs) == 0 || fn.Parent() != nil && handedScope(s.Uses, fn, a.sites[fn]) || opensScope(s.Uses, fn) {
		return true
	}
	h := a.handoutOf(s, gs)
	return !h.kept && len(h.results) == 0
}

// opensScope reports whether fn opens a scope of one of the uses.
func opensScope(uses []Use, fn *ssa.Function) bool {
	return slices.ContainsFunc(uses, func(u Use) bool {
		return slices.ContainsFunc(u.Roots, func(r Root) bool { return r.Kind == Scoped && r.Node.Parent() == fn })
	})
}

// groupsOf returns the groups that say when s is done: those that its functions signal, and those that are signalled once somebody has
// waited for these (go func() { wg.Wait(); close(results) }()).
func (a *engine) groupsOf(s *Spawn) groups {
	gs, _ := a.actsOf(s)
	for _, g := range s.groups {
		gs[g] = true
	}
	for changed := true; changed; {
		changed = false
		for _, other := range a.spawns {
			if other == s || other.Call.Parent() != s.Call.Parent() {
				continue
			}
			signals, waits := a.actsOf(other)
			if !waits.meets(gs) {
				continue
			}
			for g := range signals {
				changed = changed || !gs[g]
				gs[g] = true
			}
		}
	}
	return gs
}

// joinedFrom checks the paths from start. Where start stands in a literal and the groups belong to the function around it, the paths
// there count, from where the literal runs; but not beyond the literal that was handed the scope.
func (a *engine) joinedFrom(start ssa.CallInstruction, e ending, uses []Use) bool {
	fn := start.Parent()
	w := &walk{engine: a, ending: e, closers: a.closers(uses, fn), start: start}
	if w.joins(fn) {
		return true
	}
	if fn.Parent() == nil || !e.groups.outside(fn) || !e.slots.outside(fn) || handedScope(uses, fn, a.sites[fn]) {
		return false
	}
	at, later := a.moments(fn)
	if later && len(at) == 0 {
		return true // nobody knows when it runs
	}
	for _, instr := range at {
		call, ok := instr.(ssa.CallInstruction)
		if ok && !a.joinedFrom(call, e, uses) {
			return false
		}
	}
	return true
}

// outside reports whether all groups belong to functions around fn.
func (gs groups) outside(fn *ssa.Function) bool {
	for g := range gs {
		if within(g.Parent(), fn) {
			return false
		}
	}
	return true
}

// handedScope reports whether the context of one of the uses is what fn was handed.
func handedScope(uses []Use, fn *ssa.Function, s *sites) bool {
	for _, u := range uses {
		for _, r := range u.Roots {
			if p, ok := r.Node.(*ssa.Parameter); ok && p.Parent() == fn {
				return true
			}
			if s == nil {
				continue
			}
			for _, h := range s.handed {
				if r.Kind == Scoped && r.Node == Node(h.call) {
					return true
				}
			}
		}
	}
	return false
}

// closers returns the scopes of the uses that fn opened: what closes them ends the time in which to wait.
func (a *engine) closers(uses []Use, fn *ssa.Function) map[ssa.Value]bool {
	scopes := map[ssa.Value]bool{}
	for _, u := range uses {
		for _, r := range u.Roots {
			if call, ok := r.Node.(*ssa.Call); ok && r.Kind == Scoped && call.Parent() == fn {
				for _, v := range scopesOf(call) {
					scopes[v] = true
				}
			}
		}
	}
	return scopes
}

// scopesOf returns the scopes among the results of a call.
func scopesOf(call *ssa.Call) []ssa.Value {
	var out []ssa.Value
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && isScope(e.Type()) {
			out = append(out, e)
		}
	}
	return out
}

// A walk follows all paths of a function with what is left to do on them.
type walk struct {
	ending
	engine  *engine
	closers map[ssa.Value]bool
	start   ssa.CallInstruction
	loops   map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool // by their heads, with their blocks
	headers map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool // of the loops that wait
	many    groups                                       // those of the sent on which several goroutines send
	first   groups                                       // those of the many from which only one value is received
	seen    map[progress]bool
	failed  bool
}

// progress is where a path stands.
type progress struct {
	block   *ssa.BasicBlock
	running bool            // the goroutine has been started and not been waited for
	within  *ssa.BasicBlock // the head of the loop that waits for it
	last    step            // the deferred call that runs first
}

// A step is what an instruction means for a walk.
type step uint8

const (
	nothing step = iota
	join
	closing
)

func (w *walk) joins(fn *ssa.Function) bool {
	w.seen = map[progress]bool{}
	w.loops = loopsOf(fn)
	w.findMany(fn)
	w.headers = w.joiningLoops()
	w.visit(progress{block: fn.Blocks[0]})
	return !w.failed
}

func (w *walk) visit(p progress) {
	if w.seen[p] || w.failed {
		return
	}
	w.seen[p] = true
	if w.headers[p.block] != nil && p.running {
		p.running, p.within = false, p.block
	}
	for _, instr := range p.block.Instrs {
		w.instr(&p, instr)
	}
	for _, succ := range p.block.Succs {
		next := p
		next.block = succ
		if w.selected(p.block, succ) || w.skips(p.block, succ) || w.refused(p.block, succ) {
			next.running = false
		}
		if p.within != nil && !w.headers[p.within][succ] {
			next.running, next.within = w.leavesEarly(p.block, p.within), nil
		}
		w.visit(next)
	}
}

func (w *walk) instr(p *progress, instr ssa.Instruction) {
	if instr == ssa.Instruction(w.start) {
		p.running = true
		if _, deferred := instr.(*ssa.Defer); !deferred {
			return
		}
	}
	switch instr := instr.(type) {
	case *ssa.Defer:
		if s := w.means(instr); s != nothing {
			p.last = s
		}
	case *ssa.RunDefers:
		w.end(p, p.last)
	case *ssa.Return:
		w.end(p, closing)
	case *ssa.Go:
	default:
		if s := w.means(instr); s != nothing {
			w.end(p, s)
		}
	}
}

// end lets the step happen: a goroutine that still runs is joined, or the path has failed.
func (w *walk) end(p *progress, s step) {
	switch s {
	case join:
		p.running = false
	case closing:
		w.failed = w.failed || p.running
	}
}

func (w *walk) means(instr ssa.Instruction) step {
	if call, ok := instr.(ssa.CallInstruction); ok && w.closes(call.Common()) {
		return closing
	}
	for _, act := range w.engine.acts(instr, map[*ssa.Function]bool{}) {
		if act.waits && w.groups[act.group] && !w.first[act.group] {
			return join
		}
	}
	if d, deferred := instr.(*ssa.Defer); deferred && w.closesIn(literalOf(d.Call.Value)) {
		return closing
	}
	if w.fills(instr) && single(instr.(*ssa.Send).Chan, w.engine) {
		return join
	}
	return nothing
}

// closesIn reports whether a literal closes one of the scopes.
func (w *walk) closesIn(lit *ssa.Function) bool {
	if lit == nil || len(w.closers) == 0 {
		return false
	}
	return slices.ContainsFunc(w.engine.ssa.CallsIn(lit), func(call ssa.CallInstruction) bool { return w.closes(call.Common()) })
}

func (w *walk) closes(c *ssa.CallCommon) bool {
	switch apiName(c) {
	case "Scope.Flush", "Scope.Discard":
		return len(c.Args) > 0 && w.closers[w.engine.base(c.Args[0])]
	}
	return false
}

// selected reports whether going from b to succ means that a select received from one of the groups.
func (w *walk) selected(b, succ *ssa.BasicBlock) bool {
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] != succ || b.Succs[0] == b.Succs[1] {
		return false
	}
	eq, ok := cond.Cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL {
		return false
	}
	index, ok := eq.X.(*ssa.Extract)
	if !ok {
		return false
	}
	sel, ok := index.Tuple.(*ssa.Select)
	chosen, isConst := eq.Y.(*ssa.Const)
	if !ok || !isConst || index.Index != 0 || chosen.Value == nil {
		return false
	}
	st := sel.States[chosen.Int64()]
	g := w.engine.groupOf(st.Chan)
	return st.Dir == types.RecvOnly && w.groups[g] && !w.first[g]
}

// refused reports whether going from b to succ means that what was to start the goroutine returned an error instead.
func (w *walk) refused(b, succ *ssa.BasicBlock) bool {
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return false
	}
	test, ok := cond.Cond.(*ssa.BinOp)
	if !ok || test.Op != token.EQL && test.Op != token.NEQ || (test.Op == token.NEQ) != (b.Succs[0] == succ) || !isError(test.X.Type()) {
		return false
	}
	err, ok := test.X.(*ssa.Extract)
	if !ok {
		return false
	}
	call, ok := err.Tuple.(*ssa.Call)
	none, isConst := test.Y.(*ssa.Const)
	return ok && isConst && none.IsNil() && w.start == ssa.CallInstruction(call)
}

// skips reports whether going from b to succ skips a loop that waits, by the test before its first round (for range n).
func (w *walk) skips(b, succ *ssa.BasicBlock) bool {
	for _, head := range b.Succs {
		body := w.headers[head]
		if head == succ || body == nil || body[b] {
			continue
		}
		for _, pred := range succ.Preds {
			if body[pred] {
				return true
			}
		}
	}
	return false
}

// joiningLoops returns the heads of loops that wait in their body and don't start anything: one receive for each goroutine started.
// How often they run is not counted.
func (w *walk) joiningLoops() map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool {
	heads := map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool{}
	for head, body := range w.loops {
		if w.waitsIn(body) && !body[w.start.Block()] {
			heads[head] = body
		}
	}
	return heads
}

func (w *walk) waitsIn(body map[*ssa.BasicBlock]bool) bool {
	for b := range body {
		for _, instr := range b.Instrs {
			if w.means(instr) == join || w.fills(instr) {
				return true
			}
		}
	}
	return false
}

// loopsOf returns the loops of fn by their heads, with their blocks.
func loopsOf(fn *ssa.Function) map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool {
	loops := map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool{}
	for _, head := range fn.Blocks {
		if body := loopBody(head); body != nil {
			loops[head] = body
		}
	}
	return loops
}

// loopBody returns the blocks of the natural loops with that head; nil if it is the head of none.
func loopBody(head *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	var body map[*ssa.BasicBlock]bool
	for _, latch := range head.Preds {
		if !head.Dominates(latch) {
			continue
		}
		if body == nil {
			body = map[*ssa.BasicBlock]bool{head: true}
		}
		work := []*ssa.BasicBlock{latch}
		for len(work) > 0 {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			if !body[b] {
				body[b] = true
				work = append(work, b.Preds...)
			}
		}
	}
	return body
}
