package scopes

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A walker follows one scope through a function: it runs the function's blocks on sets of worlds until nothing new is learned.
// Literals are run where they are called, with the variables that they share.
type walker struct {
	f      *frame
	origin origin
	outer  *outer // a scope that it may be nested in, or nil
	alone  bool   // what becomes of that one is no matter
	seen   *sightings
	memo   map[call][]ending
	active map[*ssa.Function]int
	mode   mode
	spent  int
	coarse bool                // it does not matter which way branches go, only whether something is enqueued
	enough certainty           // of a coarse walk
	until  func(e ending) bool // an ending after which there is no more to find out, or nil
	ended  bool                // there was one
	lost   bool                // too many worlds: nothing can be said
}

// An origin says where the scope that is followed comes from: a call or the load of a variable. Without one the world that the
// walk begins with says so.
type origin struct {
	instr   ssa.Instruction
	results []Result // of a call
	context int      // the result that is the scope's context, or -1
}

type call struct {
	fn *ssa.Function
	w  world
	m  mode
}

// An ending is one way in which a function returns.
type ending struct {
	w       world
	results string // vals
	carried int    // the result that carries the scope, or -1
	around  int    // the one that carries the scope around it, or -1
}

// A mode says how what is being run was called.
type mode uint8

const (
	plain    mode = iota
	deferred      // by a defer statement: as a last resort
	async         // in another goroutine
)

const (
	manyWorlds    = 128
	tooManyWorlds = 2048
	maxDepth      = 12
	budget        = 64 << 20 // bytes of worlds
)

type item struct {
	b *ssa.BasicBlock
	w world
}

// run runs fn from its beginning in world w.
func (k *walker) run(fn *ssa.Function, w world) []ending {
	if len(fn.Blocks) == 0 || k.lost {
		return nil
	}
	r := &running{k: k, fn: fn, visited: make([]worldSet, len(fn.Blocks)), returned: map[ending]bool{}}
	r.push(fn.Blocks[0], w)
	for len(r.stack) > 0 && !k.lost && !k.satisfied() {
		it := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		r.block(it)
	}
	return r.endings
}

// satisfied reports whether all that the walk can find out is known.
func (k *walker) satisfied() bool { return k.ended || k.coarse && k.seen.enqueued >= k.enough }

// running is one run of a function.
type running struct {
	k        *walker
	fn       *ssa.Function
	visited  []worldSet // by block
	stack    []item
	returned map[ending]bool
	endings  []ending
}

func (r *running) push(b *ssa.BasicBlock, w world) {
	if r.k.coarse {
		r.pushJoined(b, w)
		return
	}
	seen := &r.visited[b.Index]
	if len(seen.list) > manyWorlds {
		w = w.forget()
	}
	if !seen.add(w) {
		return
	}
	r.k.spent += 256 + len(w.slots)
	if len(seen.list) > tooManyWorlds || r.k.spent > budget {
		r.k.lost = true
	}
	r.stack = append(r.stack, item{b, w})
}

// pushJoined makes one world of all that come to b: enough to see what may happen.
func (r *running) pushJoined(b *ssa.BasicBlock, w world) {
	seen := &r.visited[b.Index]
	for _, old := range seen.list {
		if w = old.join(w); w == old {
			return
		}
	}
	seen.list = append(seen.list[:0], w)
	r.stack = append(r.stack, item{b, w})
}

func (r *running) block(it item) {
	worlds := []world{it.w}
	for _, instr := range it.b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Phi, *ssa.DebugRef:
			continue
		case *ssa.If:
			for _, w := range worlds {
				r.branch(it.b, instr, w)
			}
			return
		case *ssa.Jump:
			for _, w := range worlds {
				r.enter(it.b, 0, w)
			}
			return
		case *ssa.Return:
			for _, w := range worlds {
				for _, w := range r.k.leftDeferred(w, instr) {
					r.end(instr, w)
				}
			}
			return
		case *ssa.Panic:
			return
		default:
			worlds = r.k.step(worlds, instr)
		}
		if len(worlds) == 0 {
			return
		}
	}
}

func (r *running) branch(b *ssa.BasicBlock, instr *ssa.If, w world) {
	loops := r.k.f.loops[r.fn]
	for i, truth := range []bool{true, false} {
		if loops.leaves(b, b.Succs[i]) && !loops.leaves(b, b.Succs[1-i]) && r.k.unvisited(w, loops.elements[loops.cycle[b.Index]]) {
			continue
		}
		if w, ok := r.k.assume(w, instr.Cond, truth); ok {
			r.enter(b, i, r.k.judge(w, instr.Cond, truth))
		}
	}
}

// unvisited reports whether a loop over the elements of collections has not come to the one that is the scope yet: then it is not over.
func (k *walker) unvisited(w world, collections []ssa.Value) bool {
	if w.has(visited) {
		return false
	}
	for _, c := range collections {
		if k.eval(w, c).isHolder() {
			return true
		}
	}
	return false
}

// enter goes on to the i'th successor of b.
func (r *running) enter(b *ssa.BasicBlock, i int, w world) {
	succ := b.Succs[i]
	edge := edgeTo(b, i)
	if r.k.f.loops[r.fn].enters(b, succ) {
		w.flags &^= visited
	}
	old := w
	for _, instr := range succ.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		w = r.k.assign(w, phi, r.k.eval(old, phi.Edges[edge]))
	}
	if !r.k.coarse {
		w = r.k.f.prune(succ, w)
	}
	r.push(succ, w)
}

func edgeTo(b *ssa.BasicBlock, i int) int {
	succ := b.Succs[i]
	nth := 0
	for _, s := range b.Succs[:i] {
		if s == succ {
			nth++
		}
	}
	for edge, p := range succ.Preds {
		if p == b {
			if nth == 0 {
				return edge
			}
			nth--
		}
	}
	return 0
}

// leftDeferred runs what is still deferred at a return: SSA has no instruction for it where only bodies of ranges over functions defer.
func (k *walker) leftDeferred(w world, ret *ssa.Return) []world {
	if len(k.f.deferred[ret.Parent()]) == 0 || slices.ContainsFunc(ret.Block().Instrs, runsDefers) {
		return []world{w}
	}
	return k.runDefers(w, ret.Parent())
}

func runsDefers(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.RunDefers)
	return ok
}

func (r *running) end(ret *ssa.Return, w world) {
	k := r.k
	results := make([]byte, len(ret.Results))
	e := ending{carried: -1, around: -1}
	for i, v := range ret.Results {
		x := k.eval(w, v)
		if r.fn != k.f.root && x.isClosure() && k.closesBound(w, x) {
			x = resource // what it is bound to is forgotten when the literal has returned
		}
		if x == unknown && k.f.program.plainlyFails(ret, i) {
			x = nonNil
		}
		results[i] = byte(x)
	}
	e.w, e.results = w, string(results)
	if r.fn != k.f.root {
		e.w = k.f.clear(r.fn, k.escapeCells(r.fn, w))
	} else {
		e.w, e.carried = k.leave(ret, w, e.results)
		if e.carried >= 0 {
			e.around = k.handsOutOuter(ret, w, e.results)
		}
		k.ended = k.until != nil && k.until(e)
	}
	if !r.returned[e] {
		r.returned[e] = true
		r.endings = append(r.endings, e)
	}
}

// closesBound reports whether x is a method value that closes the scope: scope.Discard.
func (k *walker) closesBound(w world, x val) bool {
	v, ok := k.f.literal(x).(*ssa.MakeClosure)
	return ok && v.Fn.(*ssa.Function).Parent() == nil && k.eval(w, v.Bindings[0]) == resource && k.closes(w, x)
}

// escapeCells is the place for what a literal's own variables hold when it returns: they die with it, and the scope with them only
// if nobody else has it, which the slots that stay tell.
func (k *walker) escapeCells(_ *ssa.Function, w world) world { return w }

// assign notes that v is x, as far as it is worth noting.
func (k *walker) assign(w world, v ssa.Value, x val) world {
	slot, ok := k.f.slots[v]
	if !ok {
		return w
	}
	if x.scalar() && (k.coarse || !k.f.decides(slot)) {
		x = unknown
	}
	return w.set(slot, x)
}

// step runs one instruction.
func (k *walker) step(worlds []world, instr ssa.Instruction) []world {
	if !forks(instr) {
		for i, w := range worlds {
			worlds[i] = k.plain(w, instr)
		}
		return k.distinct(worlds)
	}
	if len(worlds) == 1 {
		return k.distinct(k.instr(worlds[0], instr))
	}
	var out []world
	for _, w := range worlds {
		out = append(out, k.instr(w, instr)...)
	}
	return k.distinct(out)
}

// distinct removes worlds that are there twice: two ways to do the same thing are one.
func (k *walker) distinct(worlds []world) []world {
	if len(worlds) < 2 {
		return worlds
	}
	var seen worldSet
	out := worlds[:0]
	for _, w := range worlds {
		if seen.add(w) {
			out = append(out, w)
		}
	}
	if len(out) > manyWorlds {
		k.lost = k.lost || len(out) > tooManyWorlds
		for i := range out {
			out[i] = out[i].forget()
		}
	}
	return out
}

// forks reports whether an instruction may lead to more than one world.
func forks(instr ssa.Instruction) bool {
	switch instr.(type) {
	case *ssa.Call, *ssa.Go, *ssa.Defer, *ssa.RunDefers, *ssa.Select:
		return true
	}
	return false
}

func (k *walker) instr(w world, instr ssa.Instruction) []world {
	switch instr := instr.(type) {
	case *ssa.Call:
		return k.call(w, instr, k.operands(w, &instr.Call), k.mode)
	case *ssa.Go:
		return k.call(w, instr, k.operands(w, &instr.Call), async)
	case *ssa.Defer:
		return k.postpone(w, instr)
	case *ssa.RunDefers:
		return k.runDefers(w, instr.Parent())
	case *ssa.Select:
		return k.choose(w, instr)
	}
	return []world{k.plain(w, instr)}
}

// plain runs an instruction that calls nothing.
func (k *walker) plain(w world, instr ssa.Instruction) world {
	switch instr := instr.(type) {
	case *ssa.Alloc:
		return k.assign(w, instr, zeroVal(instr.Type().Underlying().(*types.Pointer).Elem()))
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return k.assign(w, instr.(ssa.Value), unknown)
	case *ssa.Store:
		return k.publish(k.store(w, instr.Addr, k.eval(w, instr.Val)), instr.Addr, instr.Val)
	case *ssa.UnOp:
		return k.unOp(w, instr)
	case *ssa.Index:
		return k.element(w, instr, instr.X)
	case *ssa.Lookup:
		return k.element(w, instr, instr.X)
	case *ssa.IndexAddr:
		if isRead(instr) && k.eval(w, instr.X).isHolder() {
			w.flags |= visited
		}
	case *ssa.Extract:
		return k.extract(w, instr)
	case *ssa.BinOp:
		// What it is follows from its operands until a branch says more.
		return k.assign(w, instr, unknown)
	case *ssa.MapUpdate:
		return k.publish(k.put(w, instr.Map, k.eval(w, instr.Value)), instr.Map, instr.Value)
	case *ssa.Send:
		return k.publish(k.escape(w, k.eval(w, instr.X)), instr.Chan, instr.X)
	}
	return w
}

// choose runs a select: if a case sends the scope, the cases are told apart.
func (k *walker) choose(w world, s *ssa.Select) []world {
	chosen := chosenCase(s)
	w = k.assign(w, chosen, unknown)
	worlds := make([]world, len(s.States), len(s.States)+1)
	alike := true
	for i, state := range s.States {
		worlds[i] = w
		if state.Dir == types.SendOnly {
			worlds[i] = k.escape(w, k.eval(w, state.Send))
		}
		alike = alike && worlds[i] == w
	}
	if alike {
		return []world{w}
	}
	for i := range worlds {
		worlds[i] = k.assign(worlds[i], chosen, intVal(int64(i)))
	}
	if !s.Blocking {
		worlds = append(worlds, k.assign(w, chosen, intVal(-1)))
	}
	return worlds
}

// chosenCase is the number of the case that a select takes, or nil if nobody asks for it.
func chosenCase(s *ssa.Select) ssa.Value {
	for _, ref := range *s.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == 0 {
			return e
		}
	}
	return nil
}

func (k *walker) unOp(w world, instr *ssa.UnOp) world {
	switch instr.Op {
	case token.MUL:
		if instr == k.origin.instr {
			return k.born(w, instr)[0]
		}
		if k.f.steady[instr] {
			return w // it is what it was when it was read before
		}
		if _, element := instr.X.(*ssa.IndexAddr); element && k.another(w, instr) {
			return k.assign(w, instr, unknown)
		}
		return k.assign(w, instr, k.load(w, instr.X, instr.Type()))
	case token.ARROW:
		return k.assign(w, instr, unknown)
	}
	return w
}

func (k *walker) element(w world, v, collection ssa.Value) world {
	c := k.eval(w, collection)
	if c.isHolder() {
		w.flags |= visited
	}
	if k.another(w, v) {
		return k.assign(w, v, unknown)
	}
	t := v.Type()
	if tuple, ok := t.(*types.Tuple); ok {
		t = tuple.At(0).Type()
	}
	return k.assign(w, v, k.project(c, -1, t))
}

// another reports whether an element of a collection is not the scope: it is closed, and the loop has come to the next one.
func (k *walker) another(w world, v ssa.Value) bool {
	instr := v.(ssa.Instruction)
	return w.life == closed && k.f.loops[instr.Parent()].cycle[instr.Block().Index] != 0
}

func (k *walker) extract(w world, v *ssa.Extract) world {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return w // the call has said what it returns
	case *ssa.Select:
		if v.Index == 0 {
			return w // so has the select
		}
	case *ssa.Next:
		if r, ok := t.Iter.(*ssa.Range); ok && v.Index > 0 {
			return k.element(w, v, r.X)
		}
	case *ssa.Lookup:
		if v.Index == 0 {
			return k.assign(w, v, k.project(k.eval(w, t.X), -1, v.Type()))
		}
	}
	return k.assign(w, v, unknown)
}

// load is what is known of what is at addr.
func (k *walker) load(w world, addr ssa.Value, t types.Type) val {
	base, field, depth := k.f.cell(addr)
	if slot, ok := k.f.pointees[base]; ok {
		return w.at(slot)
	}
	if _, ok := base.(*ssa.Alloc); !ok {
		return k.loadThrough(w, base, field, depth > 0, t)
	}
	slot, ok := k.f.slots[base]
	if !ok {
		return unknown
	}
	if depth > 0 {
		return k.project(w.at(slot), field, t)
	}
	return w.at(slot)
}

// loadThrough is what is known of what a pointer points to that is no variable of the function's own.
func (k *walker) loadThrough(w world, base ssa.Value, field int, part bool, t types.Type) val {
	c := k.eval(w, base)
	if part {
		return k.project(c, field, t)
	}
	if _, ok := base.(*ssa.Global); ok {
		return k.eval(w, base)
	}
	return k.project(c, -1, t)
}

// store notes that x is at addr now.
func (k *walker) store(w world, addr ssa.Value, x val) world {
	base, field, depth := k.f.cell(addr)
	if _, ok := base.(*ssa.Alloc); ok {
		if depth > 0 {
			return k.storePart(w, base, field, depth, x)
		}
		return k.assign(w, base, x)
	}
	if x == inContext {
		return k.taint(w, base)
	}
	if slot, ok := k.f.pointees[base]; ok {
		return w.set(slot, x)
	}
	switch base := base.(type) {
	case *ssa.FreeVar:
		if x.carries() {
			k.seen.captured = true
		}
	case *ssa.Global:
		if x.carries() {
			k.seen.globals[base] = true
		}
	}
	if k.owns(base) {
		return k.storePart(w, base, field, depth, x)
	}
	return k.escape(w, x)
}

// owns reports whether v is a collection that was made here.
func (k *walker) owns(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.MakeMap, *ssa.MakeSlice:
		return true
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "append"
	}
	return false
}

// storePart notes that x is in one part of what the variable or collection base holds.
func (k *walker) storePart(w world, base ssa.Value, field, depth int, x val) world {
	slot, ok := k.f.slots[base]
	if !ok {
		return k.escape(w, x)
	}
	old := w.at(slot)
	switch {
	case old == public:
		return k.escape(w, x)
	case x.carries() || x.isClosure() && k.closes(w, x):
		h := holder(field)
		if old.isHolder() && old != h || field < 0 {
			h = holderAny
		}
		return w.set(slot, h)
	case x == inContext && !old.isHolder():
		return w.set(slot, inContext)
	case old == holder(field) && field >= 0 && depth == 1 && old != holderAny:
		return w.set(slot, unknown)
	}
	return w
}

// publish notes that v, which may be a pointer to a struct made here, is stored in place: if that is out of sight, so is the struct.
func (k *walker) publish(w world, place, v ssa.Value) world {
	if iface, ok := v.(*ssa.MakeInterface); ok {
		v = iface.X
	}
	cell, ok := v.(*ssa.Alloc)
	if !ok {
		return w
	}
	base, _, _ := k.f.cell(place)
	if _, local := base.(*ssa.Alloc); local || k.owns(base) {
		return w
	}
	if slot, ok := k.f.slots[cell]; ok && w.at(slot) == unknown {
		w = w.set(slot, public)
	}
	return w
}

// put notes that x was put into a map.
func (k *walker) put(w world, m ssa.Value, x val) world {
	if k.owns(m) {
		return k.storePart(w, m, -1, 1, x)
	}
	return k.escape(w, x)
}

// taint notes that the scope's context was stored in something that was not made here: c.Request = r.WithContext(ctx).
func (k *walker) taint(w world, base ssa.Value) world {
	if slot, ok := k.f.slots[base]; ok && !w.at(slot).tracked() {
		return w.set(slot, inContext)
	}
	return w
}
