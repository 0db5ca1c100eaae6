package transactions

import (
	"cmp"
	"encoding/binary"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A state is where a path stands, and what it knows.
type state struct {
	frames []frame // the literals being run, the function itself first
	open   bool    // the transaction is open
	passed bool    // see returned
	how    ending  // see returned
	events []event // what the last call did, for the node that follows

	same   few[ssa.Value, ssa.Value] // what a phi, a load or a captured variable stands for
	cells  few[ssa.Value, ssa.Value] // what a variable in memory holds
	fields few[spot, ssa.Value]      // the errors that fields hold, and methods Err return
	facts  few[ssa.Value, Value]     // what is known of a value
	fails  few[ssa.Value, Value]     // what is known of a call's error that has not been extracted yet
	holds  few[param, Value]         // what is known of parameters and what their methods return
}

// A param names a parameter of the outermost function, what a method of it returns, or what a field of it holds: ".Field".
type param struct {
	index  int
	method string
}

// A frame is a function being run, and the instruction to run next.
type frame struct {
	fn     *ssa.Function
	block  *ssa.BasicBlock
	next   int
	defers []*ssa.Defer
	call   ssa.CallInstruction // what runs fn in the frame before; nil in the outermost
}

func newState(fn *ssa.Function, open bool) *state {
	return &state{frames: []frame{{fn: fn, block: fn.Blocks[0]}}, open: open}
}

func (s *state) clone() *state {
	c := &state{
		frames: slices.Clone(s.frames),
		open:   s.open,
		passed: s.passed,
		how:    s.how,
		same:   slices.Clone(s.same),
		cells:  slices.Clone(s.cells),
		fields: slices.Clone(s.fields),
		facts:  slices.Clone(s.facts),
		fails:  slices.Clone(s.fails),
		holds:  slices.Clone(s.holds),
	}
	for i := range c.frames {
		c.frames[i].defers = slices.Clone(c.frames[i].defers)
	}
	return c
}

// forget drops everything known, where a function has too many paths to tell them apart.
func (s *state) forget() {
	s.same, s.cells, s.fields, s.facts, s.fails, s.holds = nil, nil, nil, nil, nil, nil
}

func (s *state) top() *frame { return &s.frames[len(s.frames)-1] }

// deferring reports whether a deferred call is being run.
func (s *state) deferring() bool {
	return slices.ContainsFunc(s.frames, func(f frame) bool {
		_, ok := f.call.(*ssa.Defer)
		return ok
	})
}

func (s *state) running(fn *ssa.Function) bool {
	return slices.ContainsFunc(s.frames, func(f frame) bool { return f.fn == fn })
}

// resolve returns the value that v stands for on this path.
func (s *state) resolve(v ssa.Value) ssa.Value {
	for range 16 {
		if next, ok := s.same.get(v); ok {
			v = next
			continue
		}
		switch x := v.(type) {
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
	return v
}

// define forgets what an earlier run of the same instruction made of v.
func (s *state) define(v ssa.Value) {
	old, known := s.facts.get(v)
	s.same.removeIf(func(alias, target ssa.Value) bool {
		if target == v && alias != v && known {
			s.facts.set(alias, old)
		}
		return target == v || alias == v
	})
	s.cells.removeIf(func(_, content ssa.Value) bool { return content == v })
	s.fields.removeIf(func(at spot, content ssa.Value) bool { return at.root == v || content == v })
	s.facts.remove(v)
}

// alias lets v stand for what w stands for.
func (s *state) alias(v, w ssa.Value) {
	w = s.resolve(w)
	if v == w {
		return
	}
	s.define(v)
	s.same.set(v, w)
}

// enter moves the innermost frame to a block: phis take their values, all at once, and what no path from there asks for is dropped.
func (s *state) enter(from, to *ssa.BasicBlock, live *liveness) {
	f := s.top()
	f.block, f.next = to, 0
	edge := slices.Index(to.Preds, from)
	var phis few[ssa.Value, ssa.Value]
	var olds few[ssa.Value, Value]
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if edge >= 0 && live.tracks(phi) {
			v := s.resolve(phi.Edges[edge])
			phis.set(phi, v)
			if old, ok := s.facts.get(v); ok && old.Is != Unknown {
				olds.set(phi, old)
			}
		}
	}
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		v, tracked := phis.get(phi)
		s.define(phi)
		if !tracked {
			continue
		}
		if _, redefined := phis.get(v); !redefined { // v == phi among them
			s.same.set(phi, v)
		} else if old, ok := olds.get(phi); ok {
			s.facts.set(phi, old)
		}
	}
	s.fails = nil
	s.prune(live, to)
}

// prune drops what is known of values of the innermost function that are dead at the start of a block.
func (s *state) prune(live *liveness, to *ssa.BasicBlock) {
	fn := to.Parent()
	dead := func(v ssa.Value) bool { return v.Parent() == fn && !live.at(v, to) }
	s.same.removeIf(func(alias, _ ssa.Value) bool { return dead(alias) })
	s.fields.removeIf(func(at spot, content ssa.Value) bool {
		is, _ := s.facts.get(content)
		return is.Is != NonNil || dead(at.root) // only what is known to be an error is worth telling paths apart
	})
	s.facts.removeIf(func(v ssa.Value, _ Value) bool {
		return dead(v) && !holdsValue(s.same, v) && !holdsValue(s.cells, v) && !holdsValue(s.fields, v)
	})
}

func holdsValue[K comparable](f few[K, ssa.Value], v ssa.Value) bool {
	return slices.ContainsFunc(f, func(e known[K, ssa.Value]) bool { return e.value == v })
}

// key writes what tells states apart.
func (s *state) key(k *keyWriter) []byte {
	k.text = k.text[:0]
	for _, f := range s.frames {
		k.id(f.block)
		k.number(uint64(f.next))
		k.number(uint64(len(f.defers)))
		for _, d := range f.defers {
			k.id(d)
		}
		if f.call != nil {
			k.id(f.call)
		}
	}
	k.flag(s.open)
	k.flag(s.passed)
	k.number(uint64(s.how))
	k.number(uint64(len(s.events)))
	for _, e := range s.events {
		k.event(e)
	}
	writeAll(k, s.same, func(v ssa.Value) { k.id(v) })
	writeAll(k, s.cells, func(v ssa.Value) { k.id(v) })
	writeAll(k, s.fields, func(v ssa.Value) { k.id(v) })
	writeAll(k, s.facts, k.value)
	writeAll(k, s.fails, k.value)
	writeAll(k, s.holds, k.value)
	return k.text
}

// A keyWriter writes keys: whatever it is given has a number, so that keys are short, and a place among what it stands with.
type keyWriter struct {
	text  []byte
	ids   map[any]uint64
	order []keyed
}

// A keyed is the place of an entry among those of its kind.
type keyed struct {
	id uint64
	at int
}

func (k *keyWriter) idOf(x any) uint64 {
	n, ok := k.ids[x]
	if !ok {
		n = uint64(len(k.ids))
		k.ids[x] = n
	}
	return n
}

func (k *keyWriter) id(x any)        { k.number(k.idOf(x)) }
func (k *keyWriter) number(n uint64) { k.text = binary.AppendUvarint(k.text, n) }

func (k *keyWriter) flag(b bool) {
	if b {
		k.text = append(k.text, 1)
	} else {
		k.text = append(k.text, 0)
	}
}

func (k *keyWriter) value(v Value) {
	k.text = append(k.text, byte(v.Is))
	k.number(uint64(len(v.Text)))
	k.text = append(k.text, v.Text...)
}

func (k *keyWriter) event(e event) {
	k.text = append(k.text, byte(e.kind))
	k.id(e.instr)
	k.number(uint64(e.set))
	k.flag(e.open)
}

// writeAll writes the entries in the order of their keys' numbers.
func writeAll[K comparable, V any](k *keyWriter, f few[K, V], value func(V)) {
	k.number(uint64(len(f)))
	k.order = k.order[:0]
	for i, e := range f {
		k.order = append(k.order, keyed{k.idOf(e.key), i})
	}
	slices.SortFunc(k.order, func(a, b keyed) int { return cmp.Compare(a.id, b.id) })
	for _, o := range k.order {
		k.number(o.id)
		value(f[o.at].value)
	}
}

// refine notes that a condition holds, or does not.
func (w *walk) refine(s *state, cond ssa.Value, truth bool) {
	cond = s.resolve(cond)
	w.learn(s, cond, boolean(truth))
	if truth {
		for _, v := range w.proves(s, cond) {
			w.learn(s, s.resolve(v), isNonNil)
		}
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			w.refine(s, x.X, !truth)
		}
	case *ssa.BinOp:
		switch x.Op {
		case token.EQL, token.NEQ:
			w.compare(s, x.X, x.Y, (x.Op == token.EQL) == truth)
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			w.measure(s, x, truth)
		}
	}
}

// compare notes that x and y are equal, or are not.
func (w *walk) compare(s *state, x, y ssa.Value, same bool) {
	for _, p := range [2][2]ssa.Value{{x, y}, {y, x}} {
		is := w.value(s, p[1])
		if is.Is != Constant && is.Is != Nil && !(same && is.Is == NonNil) {
			continue
		}
		if !same {
			is = other(is)
		}
		if is.Is == Unknown {
			continue
		}
		if is == isTrue || is == isFalse {
			w.refine(s, p[0], is == isTrue)
			continue
		}
		w.learn(s, s.resolve(p[0]), is)
	}
}
