package effects

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/airlock-go/airlock/internal/effect"
)

// This file finds what is behind open ends: the least solution over the functions that lead to them and the implementations that they
// are bound to. A function's summary names the functions with open ends that it calls, not what these lead to in turn; so what summaries
// say grows with the calls in a program, and not with what can be reached by them.

// A Reached is an effect behind an open end, and how it is reached. It must not be changed.
type Reached struct {
	effect effect.Effect
	used   bool
	async  Async
	way    *Way     // plain: to the effect or, where more follows, to an open end
	bound  string   // the implementation that is bound there, see BoundName; "" for a function that leads on
	next   *Reached // what follows, nil at the effect
	dist   int      // calls in all
}

func (r *Reached) distance() int {
	if r == nil {
		return 0
	}
	return r.dist
}

// whole returns the way to the effect.
func (r *Reached) whole() *Way {
	if r == nil {
		return nil
	}
	if r.next == nil {
		return r.way
	}
	var w *Way
	for ; r != nil; r = r.next {
		w = w.join(r.way)
		if r.bound != "" {
			w = w.then(&Hop{Callee: r.bound, Pos: r.way.Pos})
		}
	}
	return w
}

// compare orders the ways to one effect: sooner, then shorter, then the least by name as far as the next open end.
func (r *Reached) compare(q *Reached) int {
	return cmp.Or(cmp.Compare(r.async, q.async), cmp.Compare(r.dist, q.dist), r.way.compare(q.way), cmp.Compare(r.bound, q.bound))
}

// A behind is what an implementation performs, or what is behind the open ends that a function leads to, as far as that is known.
type behind struct {
	ends    []end
	best    map[effect.Effect]*Reached
	changed int // when best last did
	seen    int // when it last took over what others have
}

// An end is an open end with what it leads to.
type end struct {
	OpenEnd
	targets []target
}

type target struct {
	*behind
	bound string
}

func newBehind() *behind { return &behind{best: map[effect.Effect]*Reached{}} }

// improve keeps the better of two ways to an effect.
func (a *behind) improve(r *Reached) bool {
	if q := a.best[r.effect]; q != nil {
		if c := r.compare(q); c > 0 || c == 0 && r.next == q.next {
			return false
		}
	}
	a.best[r.effect] = r
	return true
}

// take takes over what is behind an open end.
func (a *behind) take(o OpenEnd, t target) bool {
	better := false
	for _, p := range t.best {
		async, dist := max(o.Async, p.async), o.Way.dist()+p.dist
		if t.bound != "" {
			dist++
		}
		if q := a.best[p.effect]; q != nil && cmp.Or(cmp.Compare(async, q.async), cmp.Compare(dist, q.dist)) > 0 {
			continue // most are
		}
		better = a.improve(&Reached{p.effect, p.used, async, o.Way, t.bound, p, dist}) || better
	}
	return better
}

// A binder finds what implements what, and what is behind it.
type binder struct {
	acts  map[string]*Act      // by full name
	leads map[string][]OpenEnd // of functions, by full name
	to    map[string][]string  // interface method, or place: implementing methods or functions
	full  map[string]bool
}

func newBinder() *binder {
	return &binder{acts: map[string]*Act{}, leads: map[string][]OpenEnd{}, to: map[string][]string{}, full: map[string]bool{}}
}

func (b *binder) clone() *binder {
	return &binder{acts: maps.Clone(b.acts), leads: b.leads, to: maps.Clone(b.to), full: b.full}
}

// bind binds the methods of i that are left open to those of t, if it implements i.
func (b *binder) bind(i Interface, t *Implementer) {
	for _, m := range i.Methods {
		if _, ok := slices.BinarySearch(t.Methods, m); !ok {
			return
		}
	}
	for _, open := range i.Open {
		for _, act := range t.Acts {
			if MethodName(act) == MethodName(open) {
				b.add(open, act)
			}
		}
	}
}

func (b *binder) add(open, to string) {
	if b.acts[to] != nil && !slices.Contains(b.to[open], to) {
		b.to[open] = append(slices.Clip(b.to[open]), to)
	}
}

// lead adds what functions of a package lead to.
func (b *binder) lead(p *Package) {
	for _, l := range p.Leads {
		b.leads[l.Func] = l.Open
	}
}

// leadsTo returns the open ends to which a function leads; ok is false for what is no such function.
func (b *binder) leadsTo(name string) (open []OpenEnd, ok bool) {
	open, ok = b.leads[name]
	return open, ok
}

// bound returns what an interface method, or a place, is bound to, sorted by name.
func (b *binder) bound(name string) []*Act {
	var all []*Act
	for _, to := range b.to[name] {
		all = append(all, b.acts[to])
	}
	slices.SortFunc(all, func(x, y *Act) int { return cmp.Compare(x.Func, y.Func) })
	return all
}

// A source says what leads to what: that of a whole program, or what the config says and the packages in sight.
type source interface {
	leadsTo(name string) (open []OpenEnd, ok bool)
	bound(name string) []*Act
}

// A solution is what is behind implementations, and behind functions that lead to open ends, as far as somebody asked.
type solution struct {
	source
	acts, leads map[string]*behind  // by full name
	boundTo     map[string][]target // of interface methods and places
}

func newSolution(from source) *solution {
	return &solution{from, map[string]*behind{}, map[string]*behind{}, map[string][]target{}}
}

// solveAll finds what is behind all implementations and functions of a program.
func (s *solution) solveAll(b *binder) {
	names, acts := slices.Sorted(maps.Keys(b.leads)), slices.Sorted(maps.Keys(b.acts))
	for _, n := range names {
		s.leads[n] = newBehind()
	}
	var all []*behind
	for _, n := range names {
		all = append(all, s.connect(s.leads[n], b.leads[n]))
	}
	for _, n := range acts {
		all = append(all, s.connect(s.act(b.acts[n]), b.acts[n].Open))
	}
	settle(all)
}

// extend finds what is behind one more function, and behind those to which it leads.
func (s *solution) extend(name string) {
	names := []string{name}
	s.leads[name] = newBehind()
	for i := 0; i < len(names); i++ {
		open, _ := s.leadsTo(names[i])
		for _, o := range open {
			if _, leads := s.leadsTo(o.Method); leads && s.leads[o.Method] == nil {
				s.leads[o.Method] = newBehind()
				names = append(names, o.Method)
			}
		}
	}
	slices.Sort(names)
	var all []*behind
	for _, n := range names {
		open, _ := s.leadsTo(n)
		all = append(all, s.connect(s.leads[n], open))
	}
	settle(all)
}

// act returns what an implementation performs by itself, and later what is behind it.
func (s *solution) act(a *Act) *behind {
	known := s.acts[a.Func]
	if known == nil {
		known = newBehind()
		known.changed = 1
		for _, p := range a.Performs {
			known.improve(&Reached{effect: p.Effect, used: p.Used, async: p.Async, way: p.Way, dist: p.Way.dist()})
		}
		s.acts[a.Func] = known
	}
	return known
}

// connect gives a the open ends with what they lead to.
func (s *solution) connect(a *behind, open []OpenEnd) *behind {
	for _, o := range open {
		if targets := s.targets(o.Method); len(targets) > 0 {
			a.ends = append(a.ends, end{o, targets})
		}
	}
	return a
}

func (s *solution) targets(name string) []target {
	if l := s.leads[name]; l != nil {
		return []target{{l, ""}}
	}
	all, known := s.boundTo[name]
	if !known {
		for _, a := range s.bound(name) {
			all = append(all, target{s.act(a), BoundName(name, a.Func)})
		}
		s.boundTo[name] = all
	}
	return all
}

// performs returns what is behind an open end, but for the way to it.
func (s *solution) performs(name string) []Performed {
	var all []Performed
	add := func(a *behind, via, to string) {
		for _, r := range a.sorted() {
			all = append(all, Performed{Effect: r.effect, Used: r.used, Async: r.async, Via: via, To: to, Beyond: r})
		}
	}
	if _, leads := s.leadsTo(name); leads {
		if s.leads[name] == nil {
			s.extend(name)
		}
		add(s.leads[name], "", "")
		return all
	}
	for _, a := range s.bound(name) {
		add(s.act(a), name, a.Func)
	}
	return all
}

// settle lets all take over what others have, until there is nothing better.
func settle(all []*behind) {
	now := 1
	for last := 0; last < now; {
		last = now
		for _, a := range all {
			if a.step(now) {
				now++
				a.changed = now
			}
		}
	}
	for _, a := range all {
		a.changed, a.ends = 1, nil
	}
}

// step takes over what has changed since a last did, and reports whether that is better.
func (a *behind) step(now int) bool {
	better, since := false, a.seen
	a.seen = now
	for _, o := range a.ends {
		for _, t := range o.targets {
			if t.changed > since {
				better = a.take(o.OpenEnd, t) || better
			}
		}
	}
	return better
}

func (a *behind) sorted() []*Reached {
	all := slices.Collect(maps.Values(a.best))
	slices.SortFunc(all, func(r, q *Reached) int { return cmp.Compare(r.effect, q.effect) })
	return all
}

// A digester digests what is reached; what many lead to, once.
type digester map[*Reached][sha256.Size]byte

func (d digester) digest(r *Reached) [sha256.Size]byte {
	if r == nil {
		return [sha256.Size]byte{}
	}
	sum, known := d[r]
	if !known {
		sum = sha256.Sum256(fmt.Appendf(nil, "%d %v %d %q %q %x", r.effect, r.used, r.async, r.way.names(), r.bound, d.digest(r.next)))
		d[r] = sum
	}
	return sum
}
