package transactions

import (
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A state is where a path stands, and what it knows.
type state struct {
	frames []frame // the literals being run, the function itself first
	open   bool    // the transaction is open
	events []event // what the last call did, for the node that follows

	same  map[ssa.Value]ssa.Value // what a phi, a load or a captured variable stands for
	cells map[ssa.Value]ssa.Value // what a variable in memory holds
	facts map[ssa.Value]Value     // what is known of a value
	fails map[ssa.Value]Value     // what is known of a call's error that has not been extracted yet
	holds map[param]Value         // what is known of parameters and what their methods return
}

// A param names a parameter of the outermost function, or what a method of it returns.
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
	return &state{
		frames: []frame{{fn: fn, block: fn.Blocks[0]}},
		open:   open,
		same:   map[ssa.Value]ssa.Value{},
		cells:  map[ssa.Value]ssa.Value{},
		facts:  map[ssa.Value]Value{},
		fails:  map[ssa.Value]Value{},
		holds:  map[param]Value{},
	}
}

func (s *state) clone() *state {
	c := &state{
		frames: slices.Clone(s.frames),
		open:   s.open,
		same:   maps.Clone(s.same),
		cells:  maps.Clone(s.cells),
		facts:  maps.Clone(s.facts),
		fails:  maps.Clone(s.fails),
		holds:  maps.Clone(s.holds),
	}
	for i := range c.frames {
		c.frames[i].defers = slices.Clone(c.frames[i].defers)
	}
	return c
}

// forget drops everything known, where a function has too many paths to tell them apart.
func (s *state) forget() {
	clear(s.same)
	clear(s.cells)
	clear(s.facts)
	clear(s.fails)
	clear(s.holds)
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
		if next, ok := s.same[v]; ok {
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
	old, known := s.facts[v]
	for alias, target := range s.same {
		if target == v && alias != v {
			delete(s.same, alias)
			if known {
				s.facts[alias] = old
			}
		}
	}
	for c, content := range s.cells {
		if content == v {
			delete(s.cells, c)
		}
	}
	delete(s.same, v)
	delete(s.facts, v)
}

// alias lets v stand for what w stands for.
func (s *state) alias(v, w ssa.Value) {
	w = s.resolve(w)
	if v == w {
		return
	}
	s.define(v)
	s.same[v] = w
}

// enter moves the innermost frame to a block: phis take their values, all at once, and what no path from there asks for is dropped.
func (s *state) enter(from, to *ssa.BasicBlock, live *liveness) {
	f := s.top()
	f.block, f.next = to, 0
	edge := slices.Index(to.Preds, from)
	phis := map[ssa.Value]ssa.Value{}
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if edge >= 0 && live.tracks(phi) {
			phis[phi] = s.resolve(phi.Edges[edge])
		}
	}
	olds := map[ssa.Value]Value{}
	for phi, v := range phis {
		olds[phi] = s.facts[v]
	}
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		v, tracked := phis[phi]
		s.define(phi)
		if !tracked || v == phi {
			if tracked && olds[phi].Is != Unknown {
				s.facts[phi] = olds[phi]
			}
			continue
		}
		if _, redefined := phis[v]; redefined {
			if olds[phi].Is != Unknown {
				s.facts[phi] = olds[phi]
			}
			continue
		}
		s.same[phi] = v
	}
	clear(s.fails)
	s.prune(live, to)
}

// prune drops what is known of values of the innermost function that are dead at the start of a block.
func (s *state) prune(live *liveness, to *ssa.BasicBlock) {
	fn := to.Parent()
	kept := map[ssa.Value]bool{}
	for alias, target := range s.same {
		if alias.Parent() == fn && !live.at(alias, to) {
			delete(s.same, alias)
			continue
		}
		kept[target] = true
	}
	for _, content := range s.cells {
		kept[content] = true
	}
	for v := range s.facts {
		if v.Parent() == fn && !kept[v] && !live.at(v, to) {
			delete(s.facts, v)
		}
	}
}

// key tells states apart.
func (s *state) key(id func(any) int) string {
	var b strings.Builder
	for _, f := range s.frames {
		b.WriteString(strconv.Itoa(id(f.block)) + ":" + strconv.Itoa(f.next))
		for _, d := range f.defers {
			b.WriteString("d" + strconv.Itoa(id(d)))
		}
		if f.call != nil {
			b.WriteString("c" + strconv.Itoa(id(f.call)))
		}
		b.WriteByte('|')
	}
	if s.open {
		b.WriteByte('o')
	}
	for _, e := range s.events {
		b.WriteString(e.key(id))
	}
	writeSorted(&b, s.same, func(k, v ssa.Value) string { return "=" + strconv.Itoa(id(k)) + "," + strconv.Itoa(id(v)) })
	writeSorted(&b, s.cells, func(k, v ssa.Value) string { return "*" + strconv.Itoa(id(k)) + "," + strconv.Itoa(id(v)) })
	writeSorted(&b, s.facts, func(k ssa.Value, v Value) string { return "?" + strconv.Itoa(id(k)) + v.key() })
	writeSorted(&b, s.fails, func(k ssa.Value, v Value) string { return "!" + strconv.Itoa(id(k)) + v.key() })
	writeSorted(&b, s.holds, func(k param, v Value) string { return "p" + strconv.Itoa(k.index) + k.method + v.key() })
	return b.String()
}

func (v Value) key() string { return strconv.Itoa(int(v.Is)) + v.Text }

func writeSorted[K comparable, V any](b *strings.Builder, m map[K]V, entry func(K, V) string) {
	if len(m) == 0 {
		return
	}
	lines := make([]string, 0, len(m))
	for k, v := range m {
		lines = append(lines, entry(k, v))
	}
	slices.Sort(lines)
	for _, l := range lines {
		b.WriteString(l)
	}
}

// refine notes that a condition holds, or does not.
func (w *walk) refine(s *state, cond ssa.Value, truth bool) {
	cond = s.resolve(cond)
	w.learn(s, cond, boolean(truth))
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			w.refine(s, x.X, !truth)
		}
	case *ssa.BinOp:
		if x.Op == token.EQL || x.Op == token.NEQ {
			w.compare(s, x.X, x.Y, (x.Op == token.EQL) == truth)
		}
	}
}

// compare notes that x and y are equal, or are not.
func (w *walk) compare(s *state, x, y ssa.Value, same bool) {
	for _, p := range [2][2]ssa.Value{{x, y}, {y, x}} {
		is := w.value(s, p[1])
		if is.Is != Constant && is.Is != Nil {
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
