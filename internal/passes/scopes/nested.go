package scopes

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An outer is a scope in which the one that is followed may be nested. To discard it discards what is nested in it; to flush it fails
// as long as that is open.
type outer struct {
	call    ssa.CallInstruction // which opens it
	results []Result            // that carry it
	context int                 // the result that is its context, or -1
}

// fate is what a call of the function does that closes the outer scope.
func (o *outer) fate() Fate { return cleanupFate(o.results) }

// nested follows the scope of a story again for each scope that it may be nested in, and returns the best of these stories: where the
// outer scope ends it, it does not leak, and where both are handed out together, the callers know that they are. Where the outer one is
// flushed first, that is what is wrong with it.
func (p *program) nested(s *story) *story {
	if s.lost || len(s.seen.leaks)+len(s.seen.owned) == 0 && !p.functions[s.root].unit.several {
		return s
	}
	u := p.upbringing(s.site, s.root)
	s.within = u.param()
	best := s
	for _, o := range u.outers {
		if o.call == s.site.call {
			continue // a variable holds its context, too
		}
		t := p.tell(s.site, s.root, o)
		t.within = s.within
		if !t.lost && (t.betterThan(best) || len(best.seen.leaks) == 0 && t.seen.below()) {
			best = t
		}
	}
	return best
}

// beside is the outer scope that the same call hands out, or nil.
func (s site) beside() *outer {
	if len(s.around) == 0 {
		return nil
	}
	return &outer{s.call, s.around, -1}
}

func (s *story) betterThan(t *story) bool {
	if n := cmp.Compare(len(s.seen.leaks), len(t.seen.leaks)); n != 0 {
		return n < 0
	}
	return s.seen.below() && !t.seen.below() || s.around >= 0 && t.around < 0 || len(s.seen.owned) < len(t.seen.owned)
}

// below reports whether the scope is open where the outer one is flushed.
func (s *sightings) below() bool {
	for e := range s.leaks {
		if e.How == Below {
			return true
		}
	}
	return false
}

// besides is the result that carries the outer scope wherever the scope is handed out, or -1.
func (s *story) besides() int {
	found := -1
	for _, e := range s.ends {
		switch {
		case e.carried < 0:
		case e.around < 0 || found >= 0 && found != e.around:
			return -1
		default:
			found = e.around
		}
	}
	return found
}

// aside leaves the outer scope out of account until the function that it returns is called.
func (k *walker) aside() (restore func()) {
	alone := k.alone
	k.alone = true
	return func() { k.alone = alone }
}

// surround notes that the outer scope has just been opened. An earlier one of the same call is out of sight.
func (k *walker) surround(w world) world {
	w = w.change(func(_ int, v val) val {
		if v == around || v == aroundContext {
			return unknown
		}
		return v
	})
	w.flags &^= nested | over | doomed
	return k.handOuter(k.result(w, k.outer.call, k.outer.context, aroundContext))
}

func (k *walker) handOuter(w world) world {
	for _, r := range k.outer.results {
		if r.Kind != Holder {
			w = k.result(w, k.outer.call, r.Index, around)
		}
	}
	return w
}

// below reports whether the call that opens the scope opens it below the outer one.
func (k *walker) below(w world, instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	if k.outer == nil || !ok {
		return false
	}
	ctx := parent(k.origin.results, call.Common())
	return k.outer.call == instr || ctx != nil && k.eval(w, ctx) == aroundContext
}

// nest is what becomes of a scope at its birth: one below a scope that is closed is born closed.
func (k *walker) nest(w world) world {
	w.flags |= nested
	if w.has(over) {
		w.life = closed
	}
	if w.has(doomed) {
		w = k.give(w)
	}
	return w
}

// runsInTheEnd reports whether a function of others is known to call what it is handed, later: (*testing.T).Cleanup.
func runsInTheEnd(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "testing" && fn.Name() == "Cleanup"
}

// doom notes that the outer scope will be discarded, some time.
func (k *walker) doom(w world) world {
	w.flags |= doomed
	if w.has(nested) {
		return k.give(w)
	}
	return w
}

func (k *walker) outerMethod(w world, instr ssa.CallInstruction, name string, m mode) world {
	switch name {
	case "Flush":
		return k.shutOuter(w, instr, Flushed, m)
	case "Discard":
		return k.shutOuter(w, instr, Discarded, m)
	}
	return w
}

// befallOuter applies what may become of the outer scope that is handed over, one world for each possibility.
func (k *walker) befallOuter(w world, instr ssa.CallInstruction, fate Fate, m mode) []world {
	var out []world
	for _, f := range []Fate{Left, Flushed, Discarded, Closed, Taken, Returned} {
		if fate&f != 0 {
			out = append(out, k.shutOuter(w, instr, f, m))
		}
	}
	return k.distinct(out)
}

// shutOuter closes the outer scope, in a way that ends the one that is followed or is hindered by it.
func (k *walker) shutOuter(w world, instr ssa.CallInstruction, fate Fate, m mode) world {
	switch fate &^ Read {
	case Discarded:
		return k.discardOuter(w, instr, m)
	case Flushed:
		if !k.alone && instr != nil && w.life == open && w.has(nested) && !w.has(moved) {
			k.seen.leak(Exit{Pos: instr.Pos(), How: Below})
			w.flags |= moved // this has been said
		}
	}
	return w
}

func (k *walker) discardOuter(w world, instr ssa.CallInstruction, m mode) world {
	switch {
	case k.alone:
	case m == async || k.mode == async:
		return k.doom(w)
	case w.life == unborn:
		w.flags |= over
	case w.has(nested):
		w.flags |= over
		return k.shut(w, instr, Discarded, m)
	}
	return w
}

// handsOutOuter returns the result that carries the outer scope of one that is handed out, or -1.
func (k *walker) handsOutOuter(ret *ssa.Return, w world, results string) int {
	if k.outer == nil || !w.has(nested) {
		return -1
	}
	for i := range ret.Results {
		if k.leadsOut(w, val(results[i])) {
			return i
		}
	}
	return -1
}

// leadsOut reports whether x is the outer scope, or a function that closes it.
func (k *walker) leadsOut(w world, x val) bool {
	if !x.isClosure() {
		return x == around
	}
	return slices.ContainsFunc(k.trial(w, x), func(after world) bool { return after.has(over) || after.has(moved) })
}

// An upbringing is where the context comes from in which a scope is opened.
type upbringing struct {
	p      *program
	root   *ssa.Function
	seen   map[ssa.Value]bool
	outers []*outer // the scopes that it may carry, innermost first
	params []*ssa.Parameter
	others bool // it may also come from elsewhere
}

func (p *program) upbringing(s site, root *ssa.Function) *upbringing {
	u := &upbringing{p: p, root: root, seen: map[ssa.Value]bool{}}
	ctx := parent(s.results, s.call.Common())
	if ctx == nil {
		u.others = true
		return u
	}
	u.follow(ctx)
	return u
}

// param is the parameter of the root from whose context the scope's derives in any case, or -1.
func (u *upbringing) param() int {
	if u.others || len(u.params) != 1 {
		return -1
	}
	return slices.Index(u.root.Params, u.params[0])
}

func (u *upbringing) follow(v ssa.Value) {
	if u.seen[v] {
		return
	}
	u.seen[v] = true
	switch v := v.(type) {
	case *ssa.Parameter:
		u.params = append(u.params, v)
	case *ssa.Phi:
		for _, e := range v.Edges {
			u.follow(e)
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			u.call(call, v.Index)
			return
		}
		u.others = true
	case *ssa.Call:
		u.call(v, 0)
	case *ssa.UnOp:
		u.load(v.X)
	case *ssa.ChangeInterface:
		u.follow(v.X)
	default:
		u.others = true
	}
}

// call follows a context that is result i of a call.
func (u *upbringing) call(call *ssa.Call, i int) {
	if u.p.callee(&call.Call).name == "Detach" {
		u.others = true
		return
	}
	for _, s := range u.p.sitesOf(calling{call, u.p.resolved(&call.Call)}) {
		if s.context == i {
			u.outers = append(u.outers, &outer{call, s.results, i})
		}
	}
	derived := false
	for _, arg := range call.Call.Args {
		if isContext(arg.Type()) {
			derived = true
			u.follow(arg)
		}
	}
	u.others = u.others || !derived
}

// load follows the contexts that a variable may hold.
func (u *upbringing) load(addr ssa.Value) {
	base, _, depth := u.p.frames[u.root].cell(addr)
	cell, ok := base.(*ssa.Alloc)
	if !ok || depth > 0 {
		u.others = true
		return
	}
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			u.follow(ref.Val)
		case *ssa.MakeClosure:
			u.others = u.others || assigned(ref, cell)
		}
	}
}

// assigned reports whether a literal assigns to a variable that it captures.
func assigned(lit *ssa.MakeClosure, cell ssa.Value) bool {
	for i, b := range lit.Bindings {
		if b != cell {
			continue
		}
		for _, ref := range *lit.Fn.(*ssa.Function).FreeVars[i].Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				return true
			case *ssa.MakeClosure:
				if assigned(ref, lit.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			}
		}
	}
	return false
}
