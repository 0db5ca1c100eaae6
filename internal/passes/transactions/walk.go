package transactions

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// The limits of a walk. Beyond them it stops telling paths apart by what they know, which can only report more.
const (
	maxStates   = 48   // that know different things, a block
	maxNodes    = 6000 // a function
	maxInlining = 4    // literals within literals
)

// A walk follows the paths through a function while one transaction is watched, and sees which calls are made while it is open and
// whether what they did stands: a path that rolls back, or returns an error, takes it back.
type walk struct {
	know    *knower
	fn      *ssa.Function
	live    *liveness
	handle  *handle
	opener  ssa.CallInstruction // the call that opens the transaction; nil: it is open from the start
	ask     question            // what is asked of one call
	commits bool                // the transaction is committed whatever error fn returns
	undo    []Undo              // the flags on which it is rolled back, that fn returns
	nodes   map[string]*node
	order   []*node
	seen    map[where]int // states
	keys    keyWriter
	returns []returned
	asked   []*ssa.Call                               // whose errors are being judged, outermost first
	ruled   effect.Set                                // what some callee would perform with other arguments
	held    map[ssa.CallInstruction]few[param, Value] // see heldAt; nil unless it is asked for
}

// A where is an instruction.
type where struct {
	block *ssa.BasicBlock
	next  int
}

// A node is a stretch of a path without a branch.
type node struct {
	start  *state // nil once it has been followed
	events []event
	next   []*node
	stands bool // a path from here keeps what is done
}

// An event is something that matters on a path.
type event struct {
	kind  eventKind
	instr ssa.Instruction
	set   effect.Set // of happens: what the call performs
	open  bool       // of happens: the transaction is open
	holds few[param, Value]
}

type eventKind uint8

const (
	happens  eventKind = iota // a call or send that matters
	keeps                     // the transaction is committed, or the function returns without an error
	discards                  // it is rolled back, or an error is returned
	opens                     // it has been opened
)

// A returned is what holds when the function returns.
type returned struct {
	instr   *ssa.Return
	open    bool
	passed  bool   // the call of which something is asked has been made
	how     ending // and so the transaction has ended, if something is asked
	err     Value
	results []Value
	holds   few[param, Value]
}

// run explores every path.
func (k *knower) run(fn *ssa.Function, h *handle, opener ssa.CallInstruction, given map[ssa.Value]Value) *walk {
	w := k.newWalk(fn, h, opener)
	w.explore(given)
	return w
}

func (k *knower) newWalk(fn *ssa.Function, h *handle, opener ssa.CallInstruction) *walk {
	return &walk{
		know: k, fn: fn, live: k.liveness(fn), handle: h, opener: opener,
		nodes: map[string]*node{}, seen: map[where]int{}, keys: keyWriter{ids: map[any]uint64{}},
	}
}

// explore follows every path, on which what is given of some values holds.
func (w *walk) explore(given map[ssa.Value]Value) {
	start := newState(w.fn, w.opener == nil)
	for v, is := range given {
		start.facts.set(v, is)
	}
	w.node(start)
	for i := 0; i < len(w.order); i++ {
		w.expand(w.order[i])
	}
	w.settle()
}

// node returns the node of a state.
func (w *walk) node(s *state) *node {
	key := s.key(&w.keys)
	if n, ok := w.nodes[string(key)]; ok {
		return n
	}
	at := where{s.top().block, s.top().next}
	if w.seen[at]++; w.seen[at] > maxStates || len(w.order) > maxNodes {
		s.forget()
		key = s.key(&w.keys)
		if n, ok := w.nodes[string(key)]; ok {
			return n
		}
	}
	n := &node{start: s, events: s.events}
	w.nodes[string(key)] = n
	w.order = append(w.order, n)
	return n
}

// expand runs the node's instructions up to a branch.
func (w *walk) expand(n *node) {
	s := n.start
	n.start, s.events = nil, nil
	for {
		f := s.top()
		if f.next >= len(f.block.Instrs) {
			return
		}
		instr := f.block.Instrs[f.next]
		f.next++
		next, events, done := w.step(s, instr)
		n.events = append(n.events, events...)
		if done {
			for _, t := range next {
				n.next = append(n.next, w.node(t))
			}
			return
		}
	}
}

// step runs one instruction. Where the path ends or branches, it is done and next are the states to go on with.
func (w *walk) step(s *state, instr ssa.Instruction) (next []*state, events []event, done bool) {
	switch instr := instr.(type) {
	case *ssa.If:
		return w.branch(s, instr), nil, true
	case *ssa.Jump:
		s.enter(instr.Block(), instr.Block().Succs[0], w.live)
		return []*state{s}, nil, true
	case *ssa.Return:
		return w.endFrame(s, instr)
	case *ssa.Panic:
		return nil, []event{{kind: discards, instr: instr}}, true
	case *ssa.Defer:
		if f := s.top(); !slices.Contains(f.defers, instr) {
			f.defers = append(f.defers, instr)
		}
	case *ssa.RunDefers:
		return w.runDefers(s)
	case *ssa.Call:
		if w.askedBefore(s, instr) {
			return nil, nil, false
		}
		s.define(instr)
		s.ask(instr)
		return w.call(s, instr)
	case *ssa.Go:
		set := w.started(s, instr)
		if set != 0 && s.open && w.waits(instr) {
			return nil, nil, false
		}
		return nil, w.happening(s, instr, set), false
	case *ssa.Send:
		return nil, w.happening(s, instr, w.know.sends(instr)), false
	case *ssa.Select:
		s.define(instr)
		return nil, w.happening(s, instr, w.know.sends(instr)), false
	case *ssa.Store:
		w.store(s, instr)
	case *ssa.Phi: // took its value on entry
	case ssa.Value:
		w.compute(s, instr)
	}
	return nil, nil, false
}

func (w *walk) branch(s *state, instr *ssa.If) []*state {
	from := instr.Block()
	if is := w.value(s, instr.Cond); is == isTrue || is == isFalse {
		to := from.Succs[0]
		if is == isFalse {
			to = from.Succs[1]
		}
		w.refine(s, instr.Cond, is == isTrue)
		s.enter(from, to, w.live)
		return []*state{s}
	}
	no := s.clone()
	w.refine(s, instr.Cond, true)
	w.refine(no, instr.Cond, false)
	s.enter(from, from.Succs[0], w.live)
	no.enter(from, from.Succs[1], w.live)
	return []*state{s, no}
}

// store notes what a variable in memory holds now.
func (w *walk) store(s *state, instr *ssa.Store) {
	c := s.address(instr.Addr)
	if c == nil {
		w.overwrite(s, instr)
		return
	}
	s.fields.removeIf(func(at spot, _ ssa.Value) bool { return at.root == c })
	s.cells.set(c, s.resolve(instr.Val))
}

// address returns the local variable at addr, on this path.
func (s *state) address(addr ssa.Value) ssa.Value {
	a, ok := ssapass.Variable(s.resolve(addr)).(*ssa.Alloc)
	if !ok {
		return nil
	}
	return a
}

// compute notes what a value is, where it is not a call.
func (w *walk) compute(s *state, v ssa.Value) {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			is := w.value(s, v.X)
			s.define(v)
			if is == isTrue || is == isFalse {
				s.facts.set(v, other(is))
			}
			return
		}
		if v.Op == token.ARROW {
			s.received(v.X)
		}
		if v.Op != token.MUL {
			break
		}
		c := s.address(v.X)
		if c == nil {
			if w.reread(s, v) {
				return
			}
			break
		}
		if content, ok := s.cells.get(c); ok {
			s.alias(v, content)
			return
		}
		s.define(v)
		s.cells.set(c, v)
		return
	case *ssa.Extract:
		s.define(v)
		w.answerWith(s, v)
		if t, ok := v.Tuple.(*ssa.Call); ok && v.Index == errorIndex(t.Call.Signature()) {
			if is, ok := s.fails.get(t); ok {
				s.facts.set(v, is)
			}
		}
		return
	case *ssa.BinOp:
		is := w.binary(s, v) // before v is forgotten: in a loop it may be computed from itself
		s.define(v)
		if is.Is != Unknown && w.live.tracks(v) {
			s.facts.set(v, is)
		}
		return
	case *ssa.TypeAssert:
		if !v.CommaOk {
			w.learn(s, s.resolve(v.X), isNonNil) // or it panics
		}
	case *ssa.Alloc:
		s.cells.remove(v)
	}
	s.define(v)
}

// endFrame ends the innermost frame.
func (w *walk) endFrame(s *state, instr *ssa.Return) ([]*state, []event, bool) {
	f := *s.top()
	if f.call == nil {
		return nil, w.leave(s, instr), true
	}
	results := make([]Value, len(instr.Results))
	for i, r := range instr.Results {
		results[i] = w.value(s, r)
	}
	s.frames = s.frames[:len(s.frames)-1]
	call, ok := f.call.(*ssa.Call)
	if !ok {
		return []*state{s}, nil, true
	}
	if i := errorIndex(call.Call.Signature()); i >= 0 && results[i].Is != Unknown {
		if len(results) == 1 {
			s.facts.set(call, results[0])
		} else {
			s.fails.set(call, results[i])
		}
	} else if len(results) == 1 && results[0].Is != Unknown {
		s.facts.set(call, results[0])
	}
	return []*state{s}, nil, true
}

// leave records what holds when the function returns. Where it is not known whether it returns an error, both are: other results may
// tell which.
func (w *walk) leave(s *state, instr *ssa.Return) []event {
	i := errorIndex(w.fn.Signature)
	var err Value
	switch {
	case i < 0:
		w.recordFlag(s, instr)
	default:
		err = w.value(s, instr.Results[i])
		w.recordError(s, instr, i, err)
	}
	undone := w.undone(s, instr) && (!w.commits || i < 0 || err.Is == Nil)
	if err.Is == NonNil && !w.commits || undone {
		return []event{{kind: discards, instr: instr}}
	}
	return []event{{kind: keeps, instr: instr}}
}

func (w *walk) recordError(s *state, instr *ssa.Return, i int, err Value) {
	if err.Is == NonNil || err.Is == Nil {
		w.record(s, instr, err)
		return
	}
	for _, is := range []Value{isNil, isNonNil} {
		t := s.clone()
		w.learn(t, t.resolve(instr.Results[i]), is)
		w.record(t, instr, is)
	}
}

// recordFlag records what holds when a function returns that has no error. Where its last result is a flag of which nothing is known, it
// is both.
func (w *walk) recordFlag(s *state, instr *ssa.Return) {
	last := len(instr.Results) - 1
	if last < 0 || !isBool(instr.Results[last].Type()) || w.value(s, instr.Results[last]).Is != Unknown {
		w.record(s, instr, Value{})
		return
	}
	for _, truth := range []bool{true, false} {
		t := s.clone()
		w.refine(t, instr.Results[last], truth)
		w.record(t, instr, Value{})
	}
}

func (w *walk) record(s *state, instr *ssa.Return, err Value) {
	r := returned{instr: instr, open: s.open, passed: s.passed, how: s.how, holds: s.holds, err: err}
	for _, v := range instr.Results {
		r.results = append(r.results, w.value(s, v))
	}
	w.returns = append(w.returns, r)
}

// runDefers runs the last deferred call of the innermost frame, and comes back for the others.
func (w *walk) runDefers(s *state) ([]*state, []event, bool) {
	f := s.top()
	if len(f.defers) == 0 {
		return nil, nil, false
	}
	d := f.defers[len(f.defers)-1]
	f.defers = f.defers[:len(f.defers)-1]
	f.next--
	next, events, done := w.call(s, d)
	if !done {
		return []*state{s}, events, true
	}
	return next, events, done
}

// inline enters a literal that is called at once.
func (w *walk) inline(s *state, call ssa.CallInstruction, fn *ssa.Function) *state {
	for i, p := range fn.Params {
		if v := operand(call.Common(), i); v != nil {
			s.alias(p, v)
		}
	}
	s.frames = append(s.frames, frame{fn: fn, block: fn.Blocks[0], call: call})
	return s
}

// settle decides, for every node, whether what is done at its start stands: a least fixed point over the graph.
func (w *walk) settle() {
	for changed := true; changed; {
		changed = false
		for i := len(w.order) - 1; i >= 0; i-- {
			n := w.order[i]
			if stands := n.standsAt(0); stands != n.stands {
				n.stands, changed = stands, true
			}
		}
	}
}

// standsAt reports whether what is done before the i-th event of the node stands on some path.
func (n *node) standsAt(i int) bool {
	for _, e := range n.events[i:] {
		switch e.kind {
		case keeps:
			return true
		case discards:
			return false
		}
	}
	return slices.ContainsFunc(n.next, func(m *node) bool { return m.stands })
}

// A sighting is a call, or send, that is made while the transaction is open.
type sighting struct {
	instr ssa.Instruction
	set   effect.Set // performed while it is open, on a path on which it stands
}

// inside lists what happens while the transaction is open and stands, in the order in which it was found.
func (w *walk) inside() []sighting {
	var list []sighting
	index := map[ssa.Instruction]int{}
	for _, n := range w.order {
		for i, e := range n.events {
			if e.kind != happens || !e.open || !n.standsAt(i+1) {
				continue
			}
			at, ok := index[e.instr]
			if !ok {
				at = len(list)
				index[e.instr] = at
				list = append(list, sighting{instr: e.instr})
			}
			list[at].set = list[at].set.Join(e.set)
		}
	}
	return list
}
