package effects

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/airlock-go/airlock/internal/whose"
)

// freeze returns the summary of a unit of this package: sorted, one witness a fact.
func (e *engine) freeze(u *unit) *Summary {
	if u.finished {
		return u.frozen
	}
	u.finished = true
	s := new(Summary)
	guards := e.freezeCalls(u, s, nil)
	e.freezeEntries(u, s, guards)
	if u.obj != nil && u.fn != nil && u.fn.Parent() == nil {
		s.IsEffect = e.isEffect(u.obj)
		s.Hands = slices.Sorted(slices.Values(e.handed.params[u]))
		if u.obj.Exported() || isInterfaceMethod(u.obj) {
			s.Returns = e.freezeReturns(u)
			s.Stores = u.freezeStores()
		}
	}
	if !s.Empty() {
		u.frozen = s
	}
	return u.frozen
}

// freezeCalls lists what the caller supplies, and returns where in the list each guard is. Parameters that are not u's own are those
// of outer, if they are.
func (e *engine) freezeCalls(u *unit, s *Summary, outer *unit) map[guard]int {
	index := map[guard]int{}
	sortEntries(u.order)
	for _, en := range u.order {
		if en.what != calls || en.guard.sym.unit != u && en.guard.sym.unit != outer {
			continue
		}
		s.Calls = append(s.Calls, ParamCall{
			Param: en.guard.sym.index, Path: en.guard.sym.path, Method: en.guard.method, Async: en.async, Outer: en.guard.sym.unit != u,
			Known: en.guard.method == "" && e.private(en.guard.sym.field()),
		})
		if index[en.guard] == 0 {
			index[en.guard] = len(s.Calls)
		}
	}
	return index
}

// private reports whether only this package puts something into a field, so that all of it is known here.
func (e *engine) private(f *types.Var) bool {
	if f == nil || e.ssa.Class != whose.Own || isList(f.Type()) {
		return false
	}
	n := e.graph.anyField(f)
	e.graph.settle()
	return n.functions() <= maxStored && !slices.ContainsFunc(n.order, func(a *atom) bool { return a.kind == outside })
}

func (e *engine) freezeEntries(u *unit, s *Summary, guards map[guard]int) {
	for _, en := range u.order {
		switch en.what {
		case performs:
			if !e.surpassed(u, en) {
				p := Performed{Effect: en.effect, Used: en.used, Async: en.cost.async, Way: en.way, If: guards[en.guard]}
				if q := en.ask; q.sym != nil && q.sym.unit == u {
					p.Ask = &Question{q.sym.index, uint8(q.by)}
				}
				p.Generated = e.ssa.Class == whose.Own && e.byTool(en, map[*entry]bool{})
				s.Performs = append(s.Performs, p)
			}
		case opens:
			if !e.surpassed(u, en) {
				s.Open = append(s.Open, OpenEnd{Method: en.name, Async: en.cost.async, Way: en.way, If: guards[en.guard]})
			}
		case enqueues:
			q := Enqueued{Task: en.name, Pos: en.pos, Ctx: -1, Way: en.way}
			if p := en.guard.sym; p != nil && p.unit == u {
				q.Ctx = p.index
			}
			s.Enqueues = append(s.Enqueues, q)
		case unknown:
			s.Unknown = en.way
		}
	}
}

// surpassed reports whether a conditional entry says no more than an unconditional one.
func (e *engine) surpassed(u *unit, en *entry) bool {
	if en.guard == (guard{}) && en.ask == (question{}) {
		return false
	}
	for _, k := range []key{en.with(guard{}, en.ask), en.with(en.guard, question{}), en.with(guard{}, question{})} {
		if free := u.entries[e.keys[k]]; k != *en.key && free != nil && free.cost.async <= en.cost.async {
			return true
		}
	}
	return false
}

func (k key) with(g guard, q question) key {
	k.guard, k.ask = g, q
	return k
}

func (e *engine) isEffect(fn *types.Func) *Declared {
	if m, ok := e.declaredKind(fn); ok {
		return m
	}
	if m, ok := e.directive.Effects(); ok && fn.Exported() {
		return &Declared{Kind: m.Kind, Named: m.Named, Adapter: true}
	}
	if e.handed.functions[fn] {
		return &Declared{Task: true}
	}
	if e.adapter && fn.Exported() {
		return &Declared{Adapter: true}
	}
	return nil
}

// maxReturned bounds what a fact says of one result: of one that may be more, nothing is known.
const maxReturned = 6

// freezeReturns says what callers in other packages may know of a function's results: closures that do something, parameters handed
// back, and the implementations of own interfaces.
func (e *engine) freezeReturns(u *unit) []Returned {
	var all []Returned
	results := u.fn.Signature.Results()
	for i := range results.Len() {
		t := results.At(i).Type()
		if m := firstMethod(t); !isFunc(t) && (m == nil || !e.ownInterface(&wanted{m, t})) {
			continue
		}
		all = append(all, e.freezeReturned(u, i, isFunc(t))...)
	}
	return all
}

func firstMethod(t types.Type) *types.Func {
	if i, ok := t.Underlying().(*types.Interface); ok && i.NumMethods() > 0 {
		return i.Method(0)
	}
	return nil
}

func (e *engine) freezeReturned(u *unit, i int, isFunc bool) []Returned {
	n := e.graph.returnsOf(u, i)
	e.graph.settle()
	var found []Returned
	for _, a := range n.order {
		r, ok := e.freezeAtom(u, i, a)
		if !ok && !isFunc {
			return nil // not all is known, so that nothing is
		}
		if ok && (r.Func == nil || !r.Func.Empty()) {
			found = append(found, r)
		}
	}
	if len(found) > maxReturned {
		return nil
	}
	slices.SortFunc(found, func(a, b Returned) int { return cmp.Compare(a.String(), b.String()) })
	return slices.CompactFunc(found, func(a, b Returned) bool { return a.String() == b.String() })
}

func (e *engine) freezeAtom(u *unit, i int, a *atom) (r Returned, ok bool) {
	r.Result = i
	switch a.kind {
	case symbol:
		r.Param, r.Path = a.sym.index, a.sym.path
		return r, a.sym.unit == u
	case concrete:
		r.Type = typeName(a.typ)
		return r, r.Type != ""
	case function:
		if obj, ok := a.fn.Object().(*types.Func); ok {
			if v := e.verdict(obj); v.unit != nil && v.unit.summary != nil {
				r.Func = v.unit.summary
				return r, true
			}
		}
		if c := e.units[a.fn]; c != nil {
			r.Func = new(Summary)
			e.freezeEntries(c, r.Func, e.freezeCalls(c, r.Func, u))
			return r, true
		}
	}
	return r, false
}
