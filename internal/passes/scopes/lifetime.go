package scopes

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A Lifetime is what becomes of the scopes that one call hands out, over all paths of the function that they live in.
type Lifetime struct {
	Begin  ssa.CallInstruction   // the call that hands the scope out
	In     *ssa.Function         // the function that has to close it
	Kind   Kind                  // the form in which it is handed out
	Leaks  []Exit                // where it is still open, and nobody can close it any more
	Losses []token.Pos           // returns at which it was discarded although something may have been enqueued, and no error is returned
	Misuse []ssa.CallInstruction // enqueues and flushes that find it closed
	Loops  []*ssa.Defer          // deferred calls that close it, but only after all turns of a loop
	// Doubts are losses only if one of the calls on the way, which hand the scope's context to methods of own interfaces, enqueues.
	Doubts []Doubt
	// Unused says that the context that carries the scope is used for nothing, while something enqueues, or could.
	Unused bool
	// Shared says that somebody else gets hold of the scope on some path.
	Shared bool
	// Probe says that the call is made for its error: the scope, which there is without one, is dropped at once.
	Probe bool
}

// A Doubt is a return that loses something if one of the calls enqueues.
type Doubt struct {
	Pos   token.Pos
	Calls []ssa.CallInstruction
}

// An Exit is a point at which a scope is lost.
type Exit struct {
	Pos token.Pos
	How How
}

// How says in what way a scope is lost.
type How uint8

const (
	AtReturn How = iota // its function returns
	AtExit              // the process exits, without running what was deferred
	Again               // the next one takes its place
	Never               // it is kept in a package variable that nothing in the package closes
	Below               // the scope around it is flushed, which fails while it is open
)

// sightings collects what is seen of a scope while its function is walked.
type sightings struct {
	leaks     map[Exit]bool
	dropped   map[token.Pos]bool // losses to a deferred Discard
	discarded map[token.Pos]bool // losses to one in plain view, or after the work was asked how it went
	doubted   map[*ssa.Return]flags
	doubts    map[ssa.CallInstruction]bool
	uses      map[ssa.CallInstruction]*use
	loops     map[*ssa.Defer]bool
	globals   map[*ssa.Global]bool
	owned     map[Result]bool
	captured  bool // stored in a variable of an enclosing function
	flushes   bool // flushed somewhere
	elsewhere bool // something may enqueue in another scope while it is open
	shared    bool
	born      bool
	ended     bool // closed or given away somewhere
	enqueued  certainty
}

// A use is an Enqueue or a Flush, and whether the scope was still open when it was reached.
type use struct{ open, closed, again bool }

func newSightings() *sightings {
	return &sightings{
		leaks: map[Exit]bool{}, dropped: map[token.Pos]bool{}, discarded: map[token.Pos]bool{}, doubted: map[*ssa.Return]flags{}, doubts: map[ssa.CallInstruction]bool{},
		uses:  map[ssa.CallInstruction]*use{},
		loops: map[*ssa.Defer]bool{}, globals: map[*ssa.Global]bool{}, owned: map[Result]bool{},
	}
}

func (s *sightings) leak(e Exit) { s.leaks[e] = true }

func (s *sightings) use(instr ssa.CallInstruction, w world, number uint16) {
	if instr == nil || w.life == unborn {
		return
	}
	u := s.uses[instr]
	if u == nil {
		u = new(use)
		s.uses[instr] = u
	}
	if w.life == open {
		u.open = true
		return
	}
	u.closed = true
	u.again = u.again || number != 0 && w.by == number
}

// born begins a life of the scope in w. Where an earlier one is in a collection, that goes on, too.
func (k *walker) born(w world, instr ssa.Instruction) []world {
	call, ok := instr.(ssa.CallInstruction)
	if !ok || w.life != open || w.has(moved) || !k.collected(w) {
		return k.bornAlone(w, instr)
	}
	return append(k.bornAlone(w, instr), k.clearResults(w, call))
}

func (k *walker) bornAlone(w world, instr ssa.Instruction) []world {
	k.seen.born = true
	if w.life == open && !w.has(moved) && !k.collected(w) && k.survivesDefers(w, instr.Parent()) {
		k.seen.leak(Exit{Pos: instr.Pos(), How: Again})
	}
	below := k.below(w, instr)
	w = w.change(func(_ int, v val) val {
		if v.tracked() {
			return unknown
		}
		return v
	})
	w.life, w.flags, w.by = open, w.flags&(over|doomed), 0
	if below {
		w = k.nest(w)
	}
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		load := instr.(ssa.Value)
		return []world{k.assign(w, load, partOf(load.Type()))}
	}
	w = k.clearResults(w, call)
	w = k.result(w, call, k.origin.context, inContext)
	if k.outer != nil && k.outer.call == call {
		w = k.handOuter(w)
	}
	alive, still := w, w
	still.life = unborn
	guard := -1
	for _, r := range k.origin.results {
		alive = k.result(alive, call, r.Index, r.Kind.val())
		still = k.result(still, call, r.Index, isNil)
		guard = max(guard, r.Guard)
	}
	if guard < 0 {
		return []world{alive}
	}
	ok1 := isTrue
	if isError(call.Common().Signature().Results().At(guard).Type()) {
		ok1 = isNil
	}
	return []world{k.result(alive, call, guard, ok1), k.result(still, call, guard, opposite(ok1))}
}

func (kind Kind) val() val {
	if kind == Holder {
		return holderAny
	}
	return resource
}

// collected reports whether the scope is in a collection, where the next one does not take its place.
func (k *walker) collected(w world) bool {
	for v, slot := range k.f.slots {
		if w.at(slot).isHolder() && isCollection(v) {
			return true
		}
	}
	return false
}

// survivesDefers reports whether the scope stays open although the deferred calls so far will run. One that discards the scope around
// it is no help to a loop, whose scopes pile up until then.
func (k *walker) survivesDefers(w world, fn *ssa.Function) bool {
	defer k.aside()()
	worlds := k.quietly(func() []world {
		worlds := k.runDefers(w, fn)
		if fn == k.f.root {
			return worlds
		}
		var all []world
		for _, w := range worlds {
			all = append(all, k.runDefers(w, k.f.root)...)
		}
		return all
	})
	for _, w := range worlds {
		if w.life == open && !w.has(moved) {
			return true
		}
	}
	return false
}

// leave is the end of world w at a return of the root: the scope goes with a result, or it must not be open.
func (k *walker) leave(ret *ssa.Return, w world, results string) (world, int) {
	carried := -1
	for i, v := range ret.Results {
		if r, ok := k.handedOut(w, i, v, val(results[i])); ok {
			k.seen.owned[r] = true
			if carried < 0 {
				carried = i
			}
		}
	}
	if carried >= 0 {
		k.seen.shared, k.seen.ended = true, true
		return w, carried
	}
	pos := returnPos(ret)
	switch {
	case w.has(moved):
	case w.life == open:
		k.seen.leak(Exit{Pos: pos, How: AtReturn})
	case w.life == closed && w.has(dirty|doubted) && !w.has(read) && !w.has(failed) && mayReturnNil(ret, results) && !reportsFailure(ret):
		switch {
		case !w.has(dirty):
			k.seen.doubted[ret] |= w.loss()
		case w.loss() == discarded:
			k.seen.discarded[pos] = true
		case w.loss() == dropped:
			k.seen.dropped[pos] = true
		}
	}
	return w, -1
}

// loss is how the scope was discarded in w: in plain view, or after the work was asked how it went; by a deferred call; or not at all.
func (w world) loss() flags {
	switch {
	case w.has(discarded), w.has(dropped) && w.has(asked):
		return discarded
	case w.has(dropped):
		return dropped
	}
	return 0
}

// handedOut reports whether result i, which is x, hands the open scope to the caller, and how.
func (k *walker) handedOut(w world, i int, v ssa.Value, x val) (Result, bool) {
	r := Result{Index: i, Guard: -1, Within: -1, Around: -1}
	if w.life != open || w.has(moved) {
		return r, false // closed, or somebody else's already
	}
	switch {
	case x == resource && isFunc(v.Type()):
		r.Kind, r.Fate = Cleanup, k.cleanupFate()
	case x == resource:
		r.Kind = Scope
	case x.isHolder():
		r.Kind = Holder
	case x.isClosure() && k.closes(w, x):
		r.Kind, r.Fate = Cleanup, k.fateOf(w, x)
	default:
		return r, false
	}
	return r, true
}

// mayReturnNil reports whether the function may report success here: it returns no error, or one that may be nil.
func mayReturnNil(ret *ssa.Return, results string) bool {
	for i, v := range ret.Results {
		if isError(v.Type()) && val(results[i]).notNil() {
			return false
		}
	}
	return true
}

// returnPos is where a return stands: the statement, or the brace that ends the function.
func returnPos(ret *ssa.Return) token.Pos {
	if ret.Pos().IsValid() {
		return ret.Pos()
	}
	switch syntax := ret.Parent().Syntax().(type) {
	case *ast.FuncDecl:
		return syntax.Body.Rbrace
	case *ast.FuncLit:
		return syntax.Body.Rbrace
	}
	return ret.Parent().Pos()
}

// lifetime is the verdict on what was seen.
func (s *sightings) lifetime(site site, root *ssa.Function) *Lifetime {
	l := &Lifetime{Begin: site.call, In: root, Kind: site.results[0].Kind, Shared: s.shared, Probe: site.probe()}
	for e := range s.leaks {
		l.Leaks = append(l.Leaks, e)
	}
	for d := range s.loops {
		l.Loops = append(l.Loops, d)
	}
	l.Misuse = s.misuse()
	l.Unused = s.elsewhere && site.context >= 0 && unusedContext(site.call, site.context) && !site.hides()
	if !site.quiet && !l.Unused {
		l.Losses = s.losses()
		l.Doubts = s.undecided(l.Losses)
	}
	l.sort()
	return l
}

// misuse lists the uses of the scope that find it closed in any case, or the second time they are run.
func (s *sightings) misuse() []ssa.CallInstruction {
	var found []ssa.CallInstruction
	for instr, u := range s.uses {
		if u.closed && !u.open || u.again {
			found = append(found, instr)
		}
	}
	slices.SortFunc(found, func(a, b ssa.CallInstruction) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return found
}

// losses are the returns at which what was enqueued is silently lost. A Discard in plain view, or after the work was asked how it went,
// is a decision where the function flushes on another path. One that flushes on none has opened the scope for what it hands its context to.
func (s *sightings) losses() []token.Pos {
	var found []token.Pos
	if !s.flushes {
		for ret := range s.doubted {
			if pos := returnPos(ret); !s.dropped[pos] && !s.discarded[pos] {
				found = append(found, pos)
			}
		}
	}
	for pos := range s.dropped {
		found = append(found, pos)
	}
	for pos := range s.discarded {
		if !s.flushes && !s.dropped[pos] {
			found = append(found, pos)
		}
	}
	return found
}

// undecided lists the other returns at which something is lost if a call on the way enqueues.
func (s *sightings) undecided(losses []token.Pos) []Doubt {
	var found []Doubt
	for ret, how := range s.doubted {
		if pos := returnPos(ret); how&dropped != 0 && !slices.Contains(losses, pos) {
			found = append(found, Doubt{pos, s.before(ret)})
		}
	}
	return found
}

// before lists the doubtful calls that may have run when control reaches a return.
func (s *sightings) before(ret *ssa.Return) []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for call := range s.doubts {
		if call.Parent() != ret.Parent() || call.Block() == ret.Block() || ssapass.After(call.Block())[ret.Block().Index] {
			calls = append(calls, call)
		}
	}
	slices.SortFunc(calls, func(a, b ssa.CallInstruction) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return calls
}

func (l *Lifetime) sort() {
	slices.SortFunc(l.Leaks, func(a, b Exit) int { return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.How, b.How)) })
	slices.Sort(l.Losses)
	slices.SortFunc(l.Doubts, func(a, b Doubt) int { return cmp.Compare(a.Pos, b.Pos) })
	slices.SortFunc(l.Loops, func(a, b *ssa.Defer) int { return cmp.Compare(a.Pos(), b.Pos()) })
}
