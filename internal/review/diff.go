package review

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A Diff is how two versions of a program differ in what their functions do.
type Diff struct {
	Base    string // what the base was called: a revision
	Changes []Change
}

// A Change is one function that does more, or less, than it did.
type Change struct {
	Func      string
	Pos       string // in the new version; of a function that is gone, in the old one
	Entry     Entry
	MovedFrom string // the function's name in the base, if it has another one
	New, Gone bool   // the function exists in one version only
	Gained    []Delta
	Lost      []Delta
}

// A Delta is an effect, or an enqueued task, that a function has gained or lost.
type Delta struct {
	Kind    string // of an effect
	Command bool
	Async   string
	Task    string // of an enqueue, instead of a kind
	Chain   []Step
	Cause   string // the changed line that did it: file:line, "" if it can't be told
}

// What names what is gained or lost: mail, http query, enqueue of shop.Notify.
func (d Delta) What() string {
	switch {
	case d.Task != "":
		return "enqueue of " + Short(d.Task)
	case !d.Command:
		return d.Kind + " query"
	}
	return d.Kind
}

// Gains reports whether some function does something that it did not do before.
func (d *Diff) Gains() bool {
	return slices.ContainsFunc(d.Changes, func(c Change) bool { return len(c.Gained) > 0 })
}

// Options say what counts when programs are compared.
type Options struct {
	Counts  func(Effect) bool                       // which effects; nil: all
	Changed func(pos string) (line string, ok bool) // whether a position, file:line:col, is on a changed line; nil: nothing is known
}

// Compare returns what the functions of after do and those of before did not, and the other way round. A function that was moved or
// renamed is compared with itself.
func Compare(before, after *Program, base string, opts Options) *Diff {
	old, now := byName(before), byName(after)
	moved := match(old, now)
	came := map[string]bool{}
	d := &Diff{Base: base}
	extracted := extraction(old, now)
	for _, name := range slices.Sorted(maps.Keys(now)) {
		f := now[name]
		g, known := old[name]
		from := ""
		if !known {
			if from = moved[name]; from != "" {
				g, known = old[from], true
				came[from] = true
			}
		}
		c := compare(g, f, opts)
		c.MovedFrom, c.New = from, !known
		if c.New && c.Entry != Main && c.Entry != Handler {
			c.Gained = slices.DeleteFunc(c.Gained, extracted)
		}
		d.add(c)
	}
	for name, g := range old {
		if now[name] == nil && !came[name] {
			c := compare(g, nil, opts)
			c.Gone = true
			d.add(c)
		}
	}
	slices.SortFunc(d.Changes, func(a, b Change) int {
		return cmp.Or(
			-compareBool(len(a.Gained) > 0, len(b.Gained) > 0), cmp.Compare(a.Entry.rank(), b.Entry.rank()),
			cmp.Compare(a.distance(), b.distance()), strings.Compare(a.Func, b.Func),
		)
	})
	return d
}

// extraction returns what tells that a new function only took over what others did before: an effect at the end of whose chain no more
// functions stand than before.
func extraction(old, now map[string]*Function) func(Delta) bool {
	before, after := endings(old), endings(now)
	return func(d Delta) bool {
		if len(d.Chain) == 0 || d.Task != "" {
			return false
		}
		end := d.What() + " " + d.Chain[len(d.Chain)-1].Func
		return after[end] <= before[end]
	}
}

// endings counts, for each effect and function at the end of a chain, the functions that call it themselves.
func endings(functions map[string]*Function) map[string]int {
	counts := map[string]int{}
	for _, f := range functions {
		for _, e := range f.Performs {
			if len(e.Chain) == 1 {
				counts[Delta{Kind: e.Kind, Command: e.Command}.What()+" "+e.Chain[0].Func]++
			}
		}
	}
	return counts
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// distance is the length of the shortest chain that is new: what is near to the change comes before what only calls it.
func (c Change) distance() int {
	best := 1 << 30
	for _, d := range append(c.Gained, c.Lost...) {
		best = min(best, len(d.Chain))
	}
	return best
}

func (d *Diff) add(c Change) {
	if len(c.Gained)+len(c.Lost) > 0 {
		d.Changes = append(d.Changes, c)
	}
}

func byName(p *Program) map[string]*Function {
	m := map[string]*Function{}
	for i := range p.Functions {
		if f := &p.Functions[i]; f.Asked {
			m[f.Name] = f
		}
	}
	return m
}

// compare compares two versions of one function, either of which may be nil.
func compare(before, after *Function, opts Options) Change {
	had, has := deltas(before, opts), deltas(after, opts)
	c := Change{}
	if f := cmp.Or(after, before); f != nil {
		c.Func, c.Pos, c.Entry = f.Name, f.Pos, f.Entry
	}
	for _, what := range slices.Sorted(maps.Keys(has)) {
		if _, ok := had[what]; !ok {
			d := has[what]
			d.Cause = cause(c.Pos, d.Chain, opts)
			c.Gained = append(c.Gained, d)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(had)) {
		if _, ok := has[what]; !ok {
			c.Lost = append(c.Lost, had[what])
		}
	}
	return c
}

// deltas returns everything that f does and that counts.
func deltas(f *Function, opts Options) map[string]Delta {
	all := map[string]Delta{}
	if f == nil {
		return all
	}
	for _, e := range f.Performs {
		if opts.Counts == nil || opts.Counts(e) {
			d := Delta{Kind: e.Kind, Command: e.Command, Async: e.Async, Chain: e.Chain}
			all[d.What()] = d
		}
	}
	for _, q := range f.Enqueues {
		d := Delta{Task: q.Task, Chain: []Step{{Func: q.Task, Pos: q.Pos}}}
		all[d.What()] = d
	}
	return all
}

// cause returns the changed line that is nearest to the effect: what else was changed on the way there only leads to it.
func cause(pos string, chain []Step, opts Options) string {
	if opts.Changed == nil {
		return ""
	}
	for _, s := range slices.Backward(chain) {
		if line, ok := opts.Changed(s.Pos); ok {
			return line
		}
	}
	line, _ := opts.Changed(pos) // the function itself is new
	return line
}

// match finds, for each function that is only in now, the one only in old that it was: the one with the most lines in common, a name
// that stayed counting for some of them.
func match(old, now map[string]*Function) map[string]string {
	var pairs []pair
	for name, f := range now {
		if old[name] != nil || f.Silent() {
			continue
		}
		for was, g := range old {
			if now[was] == nil && !g.Silent() {
				if s := similarity(f, g); s >= alike {
					pairs = append(pairs, pair{was, name, s})
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.similarity, a.similarity), strings.Compare(a.was, b.was), strings.Compare(a.is, b.is))
	})
	moved, taken := map[string]string{}, map[string]bool{}
	for _, p := range pairs {
		if moved[p.is] == "" && !taken[p.was] {
			moved[p.is], taken[p.was] = p.was, true
		}
	}
	return moved
}

type pair struct {
	was, is    string
	similarity float64
}

// alike is how similar two functions must be to be one that was renamed: half as many lines again may differ.
const alike = 0.6

// similarity is the share of lines that two bodies have in common (Jaccard, of multisets), raised where the name stayed, and where the
// functions do the same.
func similarity(f, g *Function) float64 {
	common, i, j := 0, 0, 0
	for i < len(f.Body) && j < len(g.Body) {
		switch c := cmp.Compare(f.Body[i], g.Body[j]); {
		case c == 0:
			common++
			i++
			j++
		case c < 0:
			i++
		default:
			j++
		}
	}
	all := len(f.Body) + len(g.Body) - common
	if all == 0 {
		return 0
	}
	s := float64(common) / float64(all)
	if related(f.Name, g.Name) {
		s += 0.2
	}
	if maps.EqualFunc(deltas(f, Options{}), deltas(g, Options{}), func(Delta, Delta) bool { return true }) {
		s += 0.15
	}
	return s
}

// related reports whether one name ends like the other: Place and (*Service).Place, handleReload and (*Handlers).Reload.
func related(a, b string) bool {
	a, b = strings.ToLower(methodName(a)), strings.ToLower(methodName(b))
	return strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
}

func methodName(full string) string { return full[strings.LastIndexByte(full, '.')+1:] }
