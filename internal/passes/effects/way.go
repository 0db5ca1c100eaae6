package effects

import "cmp"

// A Way leads, call by call, from a function to an effect, or to whatever else its summary speaks of. It is told from its end: the ways of
// one function are a tree, in which those that begin alike share their beginning. It must not be changed.
type Way struct {
	*Hop
	From *Way // the calls before; nil for the first
	Dist int  // how many calls it has
}

// A Hop is one call of a way. Ways share it.
type Hop struct {
	Callee  string // full name of the function called, or of the catalogued function at the end; "" for the enqueue itself
	Through string // full name of the function that was called, where Callee is a callback given to it
	Pos     string // file:line:col of the call, the file relative to the caller's module
}

func (h *Hop) compare(g *Hop) int {
	return cmp.Or(cmp.Compare(h.Callee, g.Callee), cmp.Compare(h.Pos, g.Pos), cmp.Compare(h.Through, g.Through))
}

// A Step is one call on the way to an effect.
type Step struct {
	Func string // full name of what is called; for a bound method, followed by " (bound: …)"
	Pos  string // of the call, in the module of the function that makes it; "" where that is not kept
}

// then returns the way that leads on by one more call.
func (w *Way) then(h *Hop) *Way { return &Way{h, w, w.dist() + 1} }

func (w *Way) dist() int {
	if w == nil {
		return 0
	}
	return w.Dist
}

// First returns the call that the function itself makes.
func (w *Way) First() *Hop {
	if w == nil {
		return new(Hop)
	}
	for w.From != nil {
		w = w.From
	}
	return w.Hop
}

// hops returns the calls in order.
func (w *Way) hops() []*Hop {
	all := make([]*Hop, w.dist())
	for ; w != nil; w = w.From {
		all[w.Dist-1] = w.Hop
	}
	return all
}

// steps returns the calls in order, a callback after the function that it is given to.
func (w *Way) steps() []Step {
	var all []Step
	for _, h := range w.hops() {
		if h.Through != "" {
			all = append(all, Step{h.Through, h.Pos})
		}
		all = append(all, Step{h.Callee, h.Pos})
	}
	return all
}

// names returns the full names of what is called, in order.
func (w *Way) names() []string {
	names := make([]string, w.dist())
	for ; w != nil; w = w.From {
		names[w.Dist-1] = w.Callee
	}
	return names
}

// compare orders ways: the shorter, then the least by name, then by position.
func (w *Way) compare(v *Way) int {
	c := cmp.Compare(w.dist(), v.dist())
	if c != 0 {
		return c
	}
	byName, byPos := 0, 0
	for ; w != v; w, v = w.From, v.From { // the first call that differs decides
		byName, byPos = cmp.Or(cmp.Compare(w.Callee, v.Callee), byName), cmp.Or(cmp.Compare(w.Pos, v.Pos), byPos)
	}
	return cmp.Or(byName, byPos)
}

// join returns the way that leads on by the calls of another.
func (w *Way) join(more *Way) *Way {
	for _, h := range more.hops() {
		w = w.then(h)
	}
	return w
}

// plain reports whether each step is a call of its own.
func (w *Way) plain() bool {
	for ; w != nil; w = w.From {
		if w.Through != "" {
			return false
		}
	}
	return true
}

// plain returns the same steps as a way on which each is a call of its own.
func (e *engine) plain(w *Way) *Way {
	if w.plain() {
		return w
	}
	at, known := e.plains[w]
	if known {
		return at
	}
	at = e.plain(w.From)
	if w.Through != "" {
		at = at.then(&Hop{Callee: w.Through, Pos: w.Pos}).then(&Hop{Callee: w.Callee, Pos: w.Pos})
	} else {
		at = at.then(w.Hop)
	}
	e.plains[w] = at
	return at
}

// graft returns a way of what an edge calls as one of the edge's caller: behind the call or, where that is of a literal, in its place. nil
// stands for the way that ends with the call.
func (s *solver) graft(d *edge, w *Way) *Way {
	if known := d.ways[w]; known != nil {
		return known
	}
	var at *Way
	switch {
	case w == nil:
		at = at.then(&Hop{Callee: d.calleeName(), Through: d.givenTo(), Pos: formatPosition(s.position(d.at))})
	case w.From == nil && d.callee.literal():
		at = at.then(&Hop{Callee: w.Callee, Through: d.givenTo(), Pos: w.Pos})
	default:
		at = s.graft(d, w.From).then(w.Hop)
	}
	if d.ways == nil {
		d.ways = map[*Way]*Way{}
	}
	d.ways[w] = at
	return at
}
