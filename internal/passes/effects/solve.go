package effects

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
)

// A solver computes the least summaries: which entries each unit has, by passing the callees' entries to the callers until nothing
// is new; then, for each entry, the nearest witness.
type solver struct {
	*engine
	work    []*entry // to be passed to callers
	late    []*edge  // found meanwhile: what their callees have is to be passed
	units   []*unit
	known   map[*unit]bool
	derived map[*unit]map[derivation]bool
	sitesOf map[*unit][]*callsite
}

// A key is one thing that a summary says. Keys are interned: equal ones are identical.
type key struct {
	what   what
	effect effect.Effect // performs
	name   string        // opens: the method; enqueues: the task
	guard  guard         // performs, opens: the condition; calls: what is called; enqueues: the context parameter
	async  Async         // calls
	pos    string        // enqueues: where
	ask    question      // performs: what makes a query of the command
}

type what uint8

const (
	performs what = iota
	enqueues
	opens
	calls
	unknown
)

// An entry is a key that a unit has, and why.
type entry struct {
	*key
	unit   *unit
	links  []link
	out    []onward // until the cost is settled
	cost   cost
	way    *Way
	used   bool
	tool   bool // of another package: see Performed.Generated
	done   bool // cost is settled
	passed bool // the callers known by now have it
}

// A link is one reason for an entry: a call of something that has it.
type link struct {
	edge *edge
	from *entry // nil: the callee is known to have it
}

// An onward is a link, seen from where it comes from.
type onward struct {
	edge *edge
	to   *entry
}

// A cost orders witnesses: what happens during the call before what happens later, then the shorter way.
type cost struct {
	async Async
	dist  int
}

func newSolver(e *engine) *solver {
	s := &solver{engine: e, known: map[*unit]bool{}, derived: map[*unit]map[derivation]bool{}, sitesOf: map[*unit][]*callsite{}}
	for _, c := range e.sites {
		s.sitesOf[c.unit] = append(s.sitesOf[c.unit], c)
	}
	return s
}

func (s *solver) solve() {
	for _, fn := range s.funcs {
		s.add(s.unitOf(fn))
	}
	for _, p := range s.queues.places {
		for _, r := range p.receivers {
			s.add(r)
		}
	}
	for len(s.work)+len(s.late) > 0 {
		if n := len(s.late) - 1; n >= 0 {
			d := s.late[n]
			s.late = s.late[:n]
			d.callee.in = append(d.callee.in, d)
			for _, e := range d.callee.order {
				if e.passed {
					s.pass(d, e)
				}
			}
			continue
		}
		n := len(s.work) - 1
		next := s.work[n]
		s.work = s.work[:n]
		next.passed = true
		for _, d := range next.unit.in {
			s.pass(d, next)
		}
	}
	s.measure()
}

// add enters what a unit of this package does by itself.
func (s *solver) add(u *unit) {
	s.units = append(s.units, u)
	s.known[u] = true
	sites := u.sites
	if u.part == nil {
		sites = s.sitesOf[u]
	}
	for _, c := range sites {
		s.addSite(u, c)
	}
	for i := 0; i < len(u.out); i++ {
		s.enter(u.out[i])
	}
}

func (s *solver) addSite(u *unit, c *callsite) {
	self := &edge{caller: u, call: c.call, at: c.pos()}
	for a := range c.params {
		if u.owns(a.sym) {
			s.emit(u, key{what: calls, guard: a.guard, async: a.async}, link{self, nil})
		}
	}
	for o, elsewhere := range c.open {
		if !elsewhere {
			continue
		}
		d := *self
		d.async = o.async
		d.callee = &unit{name: o.method}
		s.emit(u, key{what: opens, name: o.method, guard: o.guard}, link{&d, nil})
	}
	if c.enqueue != nil {
		k := key{what: enqueues, name: c.enqueue.task, pos: formatPosition(s.position(c.pos()))}
		if p := c.enqueue.ctx; p != nil && u.owns(p) {
			k.guard.sym = p
		}
		s.emit(u, k, link{self, nil})
	}
	if c.unknown && (u.part == nil || !c.received) {
		s.emit(u, key{what: unknown}, link{self, nil})
	}
}

// enter starts with an edge whose callee is not of this package.
func (s *solver) enter(d *edge) {
	switch {
	case d.callee.entry != nil:
		if a, ok := s.effectOf(d); ok {
			s.emitAnswer(d, key{what: performs, guard: d.guard}, a, link{d, nil})
		}
	case d.callee.summary != nil && !s.known[d.callee]:
		s.known[d.callee] = true
		s.importEntries(d.callee)
	}
}

// emitAnswer gives d's caller an effect, for each parameter that decides about it.
func (s *solver) emitAnswer(d *edge, k key, a answer, l link) {
	k.effect = a.effect
	if len(a.asks) == 0 {
		s.emit(d.caller, k, l)
	}
	for _, k.ask = range a.asks {
		s.emit(d.caller, k, l)
	}
}

// importEntries turns the summary of a function of another package into entries.
func (s *solver) importEntries(u *unit) {
	sum := u.summary
	guardOf := func(i int) guard {
		if i == 0 {
			return guard{}
		}
		return s.guardOf(u, sum.Calls[i-1])
	}
	for _, p := range sum.Performs {
		k := key{what: performs, effect: p.Effect, guard: guardOf(p.If)}
		if p.Ask != nil {
			k.ask = question{s.graph.sym(sym{unit: u, index: p.Ask.Param}), catalog.Decides(p.Ask.By)}
		}
		s.fixed(u, k, cost{p.Async, p.Way.Dist}, p.Way, p.Used).tool = p.Generated
	}
	led := false
	for _, o := range sum.Open {
		if o.If == 0 && s.isLead(u) {
			if led {
				continue // one says that there are some
			}
			led = true
		}
		s.fixed(u, key{what: opens, name: o.Method, guard: guardOf(o.If)}, cost{o.Async, o.Way.Dist}, o.Way, false)
	}
	for _, q := range sum.Enqueues {
		k := key{what: enqueues, name: q.Task, pos: q.Pos}
		if q.Ctx >= 0 {
			k.guard.sym = s.graph.sym(sym{unit: u, index: q.Ctx})
		}
		s.fixed(u, k, cost{dist: q.Way.Dist}, q.Way, false)
	}
	for _, c := range sum.Calls {
		s.fixed(u, key{what: calls, guard: s.guardOf(u, c), async: c.Async}, cost{dist: 1}, nil, false)
	}
	if sum.Unknown != nil {
		s.fixed(u, key{what: unknown}, cost{dist: sum.Unknown.Dist}, sum.Unknown, false)
	}
}

func (s *solver) guardOf(u *unit, c ParamCall) guard {
	if c.Outer {
		u = u.factory
	}
	return guard{s.graph.sym(sym{unit: u, index: c.Param, path: c.Path}), c.Method}
}

func (s *solver) fixed(u *unit, k key, c cost, w *Way, used bool) *entry {
	e := &entry{key: s.key(k), unit: u, cost: c, done: true, way: w, used: used}
	u.hold(e)
	s.work = append(s.work, e)
	return e
}

func (u *unit) hold(e *entry) {
	if u.entries == nil {
		u.entries = map[*key]*entry{}
	}
	u.entries[e.key] = e
	u.order = append(u.order, e)
}

// key returns the interned key.
func (e *engine) key(k key) *key {
	if known := e.keys[k]; known != nil {
		return known
	}
	fresh := new(key)
	*fresh, e.keys[k] = k, fresh
	return fresh
}

// emit gives u an entry, or a further reason for it.
func (s *solver) emit(u *unit, k key, l link) { s.give(u, s.key(k), l) }

func (s *solver) give(u *unit, k *key, l link) {
	e := u.entries[k]
	if e == nil {
		e = &entry{key: k, unit: u}
		u.hold(e)
		s.work = append(s.work, e)
	}
	e.links = append(e.links, l)
	if l.from != nil && !l.from.done {
		l.from.out = append(l.from.out, onward{l.edge, e})
	}
}

// pass gives the caller what an entry of the callee means to it.
func (s *solver) pass(d *edge, from *entry) {
	switch {
	case from.what == calls:
		s.passCall(d, from)
		return
	case from.what == opens && s.isLead(d.callee) && from.guard.sym == nil:
		s.lead(d, d.callee.name)
		return
	case from.what == opens && s.isLead(d.callee) && d.atLarge() && from.guard.sym.receives(d.callee):
		s.lead(d, d.callee.name+atLarge)
		return
	}
	if from.guard == d.guard && from.guard.sym == nil && from.ask.sym == nil {
		s.give(d.caller, from.key, link{d, from}) // as it is: most do
		return
	}
	k := *from.key
	k.guard = d.guard
	if from.what == enqueues {
		k.guard = guard{sym: s.contextAt(d, from.guard.sym)}
		s.emit(d.caller, k, link{d, from})
		return
	}
	a := answer{effect: from.effect}
	if from.ask.sym != nil {
		a = s.answerAt(d, from)
	}
	k.ask = question{}
	if from.guard.sym == nil {
		s.emitAnswer(d, k, a, link{d, from})
		return
	}
	r := s.resolve(d, from.guard.sym)
	if r.open {
		s.emitAnswer(d, k, a, link{d, from})
		return
	}
	for _, p := range r.syms {
		k.guard = guard{p, from.guard.method}
		if d.guard.sym != nil {
			k.guard = d.guard
		}
		s.emitAnswer(d, k, a, link{d, from})
	}
}

// lead gives the caller an open end for all to which its callee leads under that name.
func (s *solver) lead(d *edge, name string) {
	if d.callee == d.caller || slices.Contains(d.led, name) {
		return
	}
	d.led = append(d.led, name)
	s.emit(d.caller, key{what: opens, name: name, guard: d.guard}, link{d, nil})
}

// answerAt asks the argument that the callee's parameter is at the call d.
func (s *solver) answerAt(d *edge, from *entry) answer {
	q := from.ask
	switch {
	case q.sym.unit == d.callee:
		return s.engine.ask(d, from.effect.Kind(), q.by, d.arg(q.sym.index), "")
	case d.made != nil && q.sym.unit == d.made.callee && d.made.caller == d.caller:
		return s.engine.ask(d, from.effect.Kind(), q.by, d.made.arg(q.sym.index), "")
	case d.caller.owns(q.sym):
		return answer{from.effect, []question{q}}
	}
	return answer{effect: from.effect}
}

// passCall adds calls of what the caller gives for the function that the callee calls.
func (s *solver) passCall(d *edge, from *entry) {
	r := s.resolve(d, from.guard.sym)
	for _, p := range r.syms {
		s.emit(d.caller, key{what: calls, guard: guard{p, from.guard.method}, async: max(d.async, from.async)}, link{d, from})
	}
	for _, a := range r.known {
		s.passAtom(d, from, a)
	}
}

func (s *solver) passAtom(d *edge, from *entry, a *atom) {
	k := edgeKey{through: d.callee, async: max(d.async, from.async), guard: d.guard, made: a.made}
	if d.callback {
		k.through = d.through
	}
	switch a.kind {
	case function:
		if obj, ok := a.fn.Object().(*types.Func); ok {
			k.callee = s.verdict(obj).unit
		} else {
			k.callee = s.unitOf(a.fn)
		}
	case bound:
		if isInterfaceMethod(a.obj) {
			return
		}
		k.callee, k.recv, k.shifted = s.verdict(a.obj).unit, a.near(d.caller), true
	case returned:
		k.callee = a.closure
	case concrete:
		if obj := s.methodNamed(a, from.guard.method); obj != nil {
			k.callee, k.recv, k.shifted = s.verdict(obj).unit, a.near(d.caller), true
		}
	}
	if k.callee != nil {
		s.derive(d, k)
	}
}

// derive adds the edge of a callback, at the call that hands it over.
func (s *solver) derive(d *edge, k edgeKey) {
	if s.derived[d.caller] == nil {
		s.derived[d.caller] = map[derivation]bool{}
	}
	id := derivation{k, d.call, d.send, d.at}
	if s.derived[d.caller][id] {
		return
	}
	s.derived[d.caller][id] = true
	n := &edge{edgeKey: k, call: d.call, send: d.send, caller: d.caller, at: d.at, callback: true}
	d.caller.out = append(d.caller.out, n)
	s.enter(n)
	s.late = append(s.late, n)
}

type derivation struct {
	edgeKey
	call ssa.CallInstruction
	send ssa.Instruction
	at   token.Pos
}

// A resolution is what a symbol of the callee is to the caller.
type resolution struct {
	known []*atom
	syms  []*sym
	open  bool // or something not seen here
}

func (s *solver) resolve(d *edge, p *sym) resolution {
	var r resolution
	seen := map[*node]bool{}
	var add func(n *node)
	add = func(n *node) {
		s.graph.settle()
		if seen[n] {
			return
		}
		seen[n] = true
		for i := 0; i < len(n.order); i++ {
			switch a := n.order[i]; {
			case a.kind == outside:
				r.open = true
			case a.kind != symbol:
				r.known = append(r.known, a)
			case d.caller.owns(a.sym):
				r.syms = append(r.syms, a.sym)
			default:
				add(s.graph.substitute(d, a.sym))
			}
		}
	}
	add(s.graph.substitute(d, p))
	if len(r.known)+len(r.syms) == 0 && !p.holdsFunc() {
		r.open = true // a receiver, or function, that nobody gives; a field that nobody sets holds none
	}
	return r
}

// contextAt returns the caller's parameter that the callee's context parameter p is at the call d.
func (s *solver) contextAt(d *edge, p *sym) *sym {
	if p == nil || d.caller.owns(p) {
		return p
	}
	if p.unit != d.callee {
		return nil
	}
	if v := d.arg(p.index); v != nil {
		if q := s.contextOf(v); q != nil && d.caller.owns(q) {
			return q
		}
	}
	return nil
}

// measure finds the nearest witness of every entry: the least cost first, each settled once.
func (s *solver) measure() {
	var q costQueue
	for _, u := range s.units {
		for _, e := range u.order {
			for _, l := range e.links {
				if l.from == nil || l.from.links == nil {
					q.push(e, l.cost())
				}
			}
		}
	}
	for async := range q {
		for dist := 0; dist < len(q[async]); dist++ {
			for _, e := range q[async][dist] {
				e.settle(cost{Async(async), dist}, &q)
			}
			q[async][dist] = nil
		}
	}
	for _, u := range s.units {
		for _, e := range u.order {
			s.witness(e)
		}
	}
}

// settle settles the entry's cost, if it is not yet, and queues those that have a link from it.
func (e *entry) settle(c cost, q *costQueue) {
	if e.done {
		return
	}
	e.done, e.cost = true, c
	for _, o := range e.out {
		if !o.to.done {
			q.push(o.to, link{o.edge, e}.cost())
		}
	}
	e.out = nil
}

// A costQueue holds entries by what they may cost: each costs more than those from which it has a link.
type costQueue [Queued + 1][][]*entry

func (q *costQueue) push(e *entry, c cost) {
	row := &q[c.async]
	for len(*row) <= c.dist {
		*row = append(*row, nil)
	}
	(*row)[c.dist] = append((*row)[c.dist], e)
}

// cost returns what the link makes of its origin's cost, which is settled.
func (l link) cost() cost {
	if l.from == nil {
		return cost{l.edge.async, 1}
	}
	return cost{max(l.edge.async, l.from.cost.async), l.from.cost.dist + 1}
}

// witness sets an entry's way: of the links that cost least, that of the least by name and position.
func (s *solver) witness(e *entry) {
	if e.way != nil || len(e.links) == 0 {
		return
	}
	var best link
	for _, l := range e.links {
		if (l.from == nil || l.from.done) && l.cost() == e.cost && (best.edge == nil || s.before(l, best)) {
			best = l
		}
	}
	if best.edge == nil {
		return
	}
	e.way = s.wayOf(best)
	e.used = s.usedAt(best)
}

// wayOf returns the way that begins with a link. Literals have no name: it leads to where the literal leads.
func (s *solver) wayOf(l link) *Way {
	if l.from == nil {
		return s.graft(l.edge, nil)
	}
	s.witness(l.from)
	if w := l.from.way; l.edge.callee.literal() && (l.edge.givenTo() == "" || w.First().Through != "") {
		return w
	}
	return s.graft(l.edge, l.from.way)
}

func (s *solver) before(a, b link) bool {
	if c := strings.Compare(a.edge.calleeName(), b.edge.calleeName()); c != 0 {
		return c < 0
	}
	if c := comparePositions(s.position(a.edge.at), s.position(b.edge.at)); c != 0 {
		return c < 0
	}
	return a.edge.throughName() < b.edge.throughName()
}

func sortEntries(es []*entry) {
	slices.SortFunc(es, func(a, b *entry) int {
		return cmp.Or(
			cmp.Compare(a.what, b.what), cmp.Compare(a.effect, b.effect), cmp.Compare(a.name, b.name), cmp.Compare(a.pos, b.pos),
			a.guard.compare(b.guard), cmp.Compare(a.async, b.async), a.ask.sym.compare(b.ask.sym), cmp.Compare(a.ask.by, b.ask.by),
		)
	})
}

func (g guard) compare(h guard) int {
	return cmp.Or(g.sym.compare(h.sym), cmp.Compare(g.method, h.method))
}

func (s *sym) compare(t *sym) int {
	switch {
	case s == t:
		return 0
	case s == nil:
		return -1
	case t == nil:
		return 1
	}
	return cmp.Or(cmp.Compare(s.unit.name, t.unit.name), cmp.Compare(s.index, t.index), cmp.Compare(s.path, t.path))
}
