package scopes

import (
	"cmp"
	"go/types"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A program is one package, with what is known of its functions so far.
type program struct {
	pass      *analysis.Pass
	ssa       *ssapass.SSA
	pkg       *types.Package
	functions map[*ssa.Function]*function
	facts     map[*types.Func]*Summary // of other packages
	handled   map[*types.Package]bool
	callees   map[*types.Func]*callee // see lookUp
	frames    map[*ssa.Function]*frame
	globals   map[*ssa.Global][]*ssa.Store
	contexts  map[nesting]bool // see carriesContext
	carriers  map[nesting]bool // see carrier
}

// A function is a declared function of the package or a literal, with what is known of it so far.
type function struct {
	*ssa.Function
	unit    *unit
	calls   []calling
	summary *Summary // of a literal: what it hands out; nil: not there yet
	callee  *callee  // what calls of it find, if there are any
	stories []*story // of the scopes that live in it, as of its latest summary
}

// A calling is a call with what it calls.
type calling struct {
	ssa.CallInstruction
	callee *callee
}

// A unit is a declared function with the literals in it.
type unit struct {
	*function
	tree    []*function // inner literals first
	callers []*unit
	callees []*unit
	linked  *unit // the latest caller that was noted
	several bool  // more than one scope is opened in it
	ordered bool
	queued  bool
}

// solve computes the least summaries of all functions: callees first, and again those whose callees have more to say.
func (p *program) solve(units []*unit) {
	p.link(units)
	queue := bottomUp(units)
	for _, u := range queue {
		u.queued = true
	}
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		u.queued = false
		if !p.refine(u) {
			continue
		}
		for _, c := range u.callers {
			if !c.queued {
				c.queued = true
				queue = append(queue, c)
			}
		}
	}
}

func (p *program) units(fns []*ssa.Function) []*unit {
	var units []*unit
	for _, fn := range fns {
		if fn != nil && fn.Parent() == nil {
			u := new(unit)
			u.function = p.plant(fn, u)
			units = append(units, u)
		}
	}
	for _, u := range units {
		for _, fn := range u.tree {
			p.resolve(fn)
		}
	}
	return units
}

// plant adds fn and the literals in it to the tree of a unit.
func (p *program) plant(fn *ssa.Function, u *unit) *function {
	for _, lit := range fn.AnonFuncs {
		p.plant(lit, u)
	}
	f := &function{Function: fn, unit: u}
	p.functions[fn] = f
	u.tree = append(u.tree, f)
	return f
}

// resolve finds out what fn calls.
func (p *program) resolve(fn *function) {
	calls := p.ssa.CallsIn(fn.Function)
	fn.calls = make([]calling, 0, len(calls))
	for _, call := range calls {
		if _, builtin := call.Common().Value.(*ssa.Builtin); !builtin {
			fn.calls = append(fn.calls, calling{call, p.resolved(call.Common())})
		}
	}
}

// link finds out which units mention which.
func (p *program) link(units []*unit) {
	for _, u := range units {
		for _, fn := range u.tree {
			for _, call := range fn.calls {
				u.mention(p.functions[call.callee.body])
			}
			for _, used := range p.ssa.Body(fn.Function).Uses {
				u.mention(p.functions[declaredFunction(used)])
			}
		}
	}
}

// mention notes that u calls fn, or uses it as a value.
func (u *unit) mention(fn *function) {
	if fn != nil && fn.Parent() == nil && fn.unit.linked != u {
		fn.unit.linked = u
		fn.unit.callers = append(fn.unit.callers, u)
		u.callees = append(u.callees, fn.unit)
	}
}

// declaredFunction is the function that an instance, a method value or a method expression stands for.
func declaredFunction(fn *ssa.Function) *ssa.Function {
	if origin := fn.Origin(); origin != nil {
		return origin
	}
	if fn.Synthetic == "" || strings.HasPrefix(fn.Synthetic, "from type information") { // as of other packages
		return fn
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if f := fn.Prog.FuncValue(obj.Origin()); f != nil {
			return f
		}
	}
	return fn
}

// bottomUp orders units so that callees come first as far as they don't call each other.
func bottomUp(units []*unit) []*unit {
	order := make([]*unit, 0, len(units))
	var visit func(u *unit)
	visit = func(u *unit) {
		if u.ordered {
			return
		}
		u.ordered = true
		for _, c := range u.callees {
			visit(c)
		}
		order = append(order, u)
	}
	for _, u := range units {
		visit(u)
	}
	return order
}

// refine recomputes the summaries of a unit, and reports whether they have changed.
func (p *program) refine(u *unit) bool {
	changed := false
	for again := true; again; {
		again = false
		p.follow(u)
		for _, fn := range u.tree {
			s := p.summarise(fn)
			if done := fn.summary != nil; !done || !fn.summary.equal(s) {
				fn.say(s)
				// A literal's summary is news inside of its unit; a function's first one is news even if it says nothing.
				again = again || fn.Parent() != nil && (done || !s.empty())
				changed = true
			}
		}
	}
	return changed
}

// say replaces what is known of fn.
func (fn *function) say(s *Summary) {
	fn.summary = s
	if fn.callee != nil {
		fn.callee.summary = s
	}
}

// summaryOf returns what is known of a function or literal, if it is one of the package.
func (p *program) summaryOf(fn *ssa.Function) *Summary {
	if f := p.functions[fn]; f != nil {
		return f.summary
	}
	return nil
}

func (p *program) summarise(fn *function) *Summary {
	s := new(Summary)
	if fn.Parent() == nil {
		p.paramFates(fn, s)
		p.failures(fn.Function, s)
		p.exitsOf(fn, s)
	}
	for _, l := range fn.stories {
		s.Results = merge(s.Results, l.handed())
	}
	groupAround(s.Results)
	return s
}

func (p *program) paramFates(fn *function, s *Summary) {
	most := sync.OnceValue(func() certainty { return p.couldEnqueue(fn) })
	for i, param := range fn.Params {
		if p.carrier(param.Type()) && p.matters(param) {
			if r := p.fate(fn.Function, i, param); r.Fate != Left {
				s.Params = append(s.Params, r)
			}
		}
		if p.carriesContext(param.Type()) && most() > impossible {
			if how := p.enqueuedIn(fn.Function, param, most()); how != impossible {
				if how == certain && fn.copes() {
					how = possible
				}
				s.Enqueues = append(s.Enqueues, Enqueue{i, how})
			}
		}
	}
}

// copes reports whether fn asks whether a scope is still open, before it enqueues or by the error.
func (fn *function) copes() bool {
	return slices.ContainsFunc(fn.calls, func(c calling) bool {
		args := c.Common().Args
		return c.callee.name == "Scope.State" || len(args) == 2 && readsError(args[1], "ErrScopeClosed")
	})
}

// handed follows a scope that fn is handed in a parameter. The error that it is handed the address of, if it is handed any, is err.
func (p *program) handed(fn *ssa.Function, param *ssa.Parameter, err val) (*walker, []ending) {
	k := p.walker(fn, origin{context: -1})
	w := k.start(param, partOf(param.Type()))
	w.life = open
	for _, slot := range k.f.pointees {
		w = w.set(slot, err)
	}
	return k, k.run(fn, w)
}

// fate is what becomes of a scope that fn is handed in a parameter.
func (p *program) fate(fn *ssa.Function, i int, param *ssa.Parameter) Param {
	k, ends := p.handed(fn, param, unknown)
	if k.lost {
		return Param{Index: i, Fate: Taken}
	}
	r := Param{Index: i, By: -1}
	failure := errorResult(fn.Signature)
	for _, e := range ends {
		fate := e.w.fate()
		if e.carried >= 0 {
			fate = Returned
			r.Result = e.carried
		}
		r.Fate |= fate
		if failure < 0 {
			continue
		}
		if x := val(e.results[failure]); !x.notNil() {
			r.OK |= fate
		}
		if x := val(e.results[failure]); x != isNil {
			r.Failed |= fate
		}
	}
	if errp := errorPointer(fn); errp >= 0 && (r.OK == r.Failed || r.OK|r.Failed == 0) {
		r.By, r.OK, r.Failed = errp, p.fateWhere(fn, param, isNil), p.fateWhere(fn, param, nonNil)
	}
	if r.OK == r.Failed || r.OK == 0 || r.Failed == 0 {
		r.OK, r.Failed = 0, 0
	}
	return r
}

// fateWhere is the fate of a scope handed to a function where the error that it is handed the address of is err.
func (p *program) fateWhere(fn *ssa.Function, param *ssa.Parameter, err val) Fate {
	k, ends := p.handed(fn, param, err)
	if k.lost {
		return 0
	}
	var fate Fate
	for _, e := range ends {
		if e.carried >= 0 {
			return 0
		}
		fate |= e.w.fate()
	}
	return fate
}

// errorPointer is the parameter of fn by which it is handed the address of an error, -1 if it is handed none.
func errorPointer(fn *ssa.Function) int { return slices.IndexFunc(fn.Params, pointsToError) }

func pointsToError(p *ssa.Parameter) bool {
	ptr, ok := p.Type().(*types.Pointer)
	return ok && types.Unalias(ptr.Elem()) == types.Universe.Lookup("error").Type()
}

// couldEnqueue returns how sure it is at most that fn enqueues in the scope of a context that it is handed: the surest of the calls in
// it, and in its literals, that are handed one.
func (p *program) couldEnqueue(fn *function) certainty {
	most := impossible
	for _, call := range fn.calls {
		most = max(most, p.callCouldEnqueue(call.Common(), call.callee))
	}
	for _, lit := range fn.AnonFuncs {
		most = max(most, p.couldEnqueue(p.functions[lit]))
	}
	return most
}

func (p *program) callCouldEnqueue(c *ssa.CallCommon, callee *callee) certainty {
	switch {
	case enqueues(callee.name):
		return certain
	case callee.name != "" || callee.body != nil && callee.obj == nil:
		return impossible // a literal's calls are counted where they stand
	}
	most := impossible
	if c.IsInvoke() {
		most = p.mayEnqueue(c, *callee, 0, c.Value.Type())
	}
	for i, arg := range c.Args {
		most = max(most, p.mayEnqueue(c, *callee, i, arg.Type()))
	}
	return most
}

func (p *program) enqueuedIn(fn *ssa.Function, param *ssa.Parameter, most certainty) certainty {
	if p.plainlyEnqueued(param, most) == most {
		return most
	}
	k := p.walker(fn, origin{context: -1})
	k.coarse, k.enough = true, most
	k.run(fn, k.start(param, inContext))
	return k.seen.enqueued
}

// plainlyEnqueued is how sure it is by the calls that are handed v, or a context that a call returned which was: it needs no walk.
func (p *program) plainlyEnqueued(v ssa.Value, most certainty) certainty {
	sure := impossible
	for _, ref := range *v.Referrers() {
		if call, ok := ref.(ssa.CallInstruction); ok && sure < most {
			sure = max(sure, p.enqueuedBy(call, v, most))
		}
	}
	return sure
}

// enqueuedBy is how sure it is that a call which is handed v enqueues in its scope, or that what is done with its results does.
func (p *program) enqueuedBy(call ssa.CallInstruction, v ssa.Value, most certainty) certainty {
	c := call.Common()
	callee := p.callee(c)
	if callee.body != nil && callee.obj == nil {
		return impossible // a literal's calls are counted where they stand
	}
	sure := impossible
	for i, arg := range c.Args {
		switch {
		case arg != v:
		case enqueues(callee.name):
			return certain
		case callee.name == "":
			sure = max(sure, p.mayEnqueue(c, callee, i, arg.Type()))
		}
	}
	if result, ok := call.(*ssa.Call); ok && sure < most && callee.obj != nil && derives(callee.name) {
		for _, ctx := range p.contextsOf(result) {
			sure = max(sure, p.plainlyEnqueued(ctx, most))
		}
	}
	return sure
}

// contextsOf lists the results of a call from which a context can be had.
func (p *program) contextsOf(call *ssa.Call) []ssa.Value {
	if p.carriesContext(call.Type()) {
		return []ssa.Value{call}
	}
	var found []ssa.Value
	if _, several := call.Type().(*types.Tuple); several {
		for _, ref := range *call.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok && p.carriesContext(e.Type()) {
				found = append(found, e)
			}
		}
	}
	return found
}

// failures finds out when fn's error is not nil.
func (p *program) failures(fn *ssa.Function, s *Summary) {
	results := fn.Signature.Results()
	last := results.Len() - 1
	if last < 0 {
		return
	}
	if t := results.At(last).Type(); !isError(t) {
		if last == 0 && types.Identical(t, types.Typ[types.Bool]) {
			p.predicate(fn, s)
		}
		return
	}
	if s.NonNil = !p.mayReturnNil(fn, last) && p.alwaysFails(fn, nil, last); s.NonNil {
		return
	}
	for i, param := range fn.Params {
		if isError(param.Type()) && p.alwaysFails(fn, param, last) {
			s.NonNilIf = append(s.NonNilIf, i)
		}
	}
}

// predicate finds out which parameters are errors wherever fn is true.
func (p *program) predicate(fn *ssa.Function, s *Summary) {
	for i, param := range fn.Params {
		if isError(param.Type()) && p.falseForNil(fn, param) {
			s.Errors = append(s.Errors, i)
		}
	}
}

func (p *program) falseForNil(fn *ssa.Function, param *ssa.Parameter) bool {
	k := p.walker(fn, origin{context: -1})
	k.until = func(e ending) bool { return val(e.results[0]) != isFalse }
	endings := k.run(fn, k.start(param, isNil))
	return len(endings) > 0 && !k.ended && !k.lost
}

func (p *program) alwaysFails(fn *ssa.Function, param *ssa.Parameter, result int) bool {
	k := p.walker(fn, origin{context: -1})
	k.until = func(e ending) bool { return !val(e.results[result]).notNil() }
	w := k.f.empty()
	if param != nil {
		slot, ok := k.f.slots[param]
		if !ok {
			return false
		}
		w = w.set(slot, nonNil)
	}
	endings := k.run(fn, w)
	return len(endings) > 0 && !k.ended && !k.lost
}

// mayReturnNil reports whether it is plain without a walk that the result of fn may be nil: it is, comes from a call that nobody asks
// about, or is a named result, which starts as nil.
func (p *program) mayReturnNil(fn *ssa.Function, result int) bool {
	for _, move := range p.ssa.Body(fn).Moves {
		if ret, ok := move.(*ssa.Return); ok && p.mayBeNil(ret.Results[result]) {
			return true
		}
	}
	return false
}

func (p *program) mayBeNil(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Extract:
		return len(*v.Referrers()) == 1
	case *ssa.UnOp:
		_, named := v.X.(*ssa.Alloc)
		return named
	case *ssa.Call:
		c := p.callee(&v.Call)
		return len(*v.Referrers()) == 1 && !p.mayFail(c, v.Call.Args)
	}
	return false
}

// mayFail reports whether a call of c could be one whose error is never nil.
func (p *program) mayFail(c callee, args []ssa.Value) bool {
	if c.known {
		return c.summary != nil && (c.summary.NonNil || len(c.summary.NonNilIf) > 0)
	}
	wraps := slices.ContainsFunc(args, func(arg ssa.Value) bool { return isError(arg.Type()) })
	return wraps || p.ssa.Fails(c.obj) || c.obj != nil && namesError(c.obj.Name())
}

// exitsOf finds out whether fn ends the process.
func (p *program) exitsOf(fn *function, s *Summary) {
	for _, c := range fn.calls {
		if call, ok := c.CallInstruction.(*ssa.Call); ok && c.callee.exits() {
			p.exitOf(fn.Function, call, c.callee, s)
		}
	}
	slices.Sort(s.ExitCodes)
	s.ExitCodes = slices.Compact(s.ExitCodes)
}

func (p *program) exitOf(fn *ssa.Function, call *ssa.Call, c *callee, s *Summary) {
	codes := []int{0}
	if c.summary != nil {
		s.Exits = s.Exits || c.summary.Exits
		codes = c.summary.ExitCodes
	}
	for _, i := range codes {
		switch code := call.Call.Args[i].(type) {
		case *ssa.Parameter:
			s.ExitCodes = append(s.ExitCodes, slices.Index(fn.Params, code))
		case *ssa.Const:
			s.Exits = s.Exits || constVal(code) == intBase+intBias
		default:
			s.Exits = true
		}
	}
}

func (p *program) walker(root *ssa.Function, o origin) *walker {
	f := p.frames[root]
	if f == nil {
		f = p.frame(root)
		p.frames[root] = f
	}
	return &walker{f: f, origin: o, seen: newSightings(), memo: map[call][]ending{}, active: map[*ssa.Function]int{}}
}

// empty is the world in which nothing is known.
func (f *frame) empty() world { return world{slots: string(make([]byte, len(f.owner)))} }

// start is the world in which a parameter is x.
func (k *walker) start(param *ssa.Parameter, x val) world {
	w := k.f.empty()
	if slot, ok := k.f.slots[param]; ok {
		w = w.set(slot, x)
	}
	return w
}

// A life story is a site with what was seen of its scopes from the function that they live in.
type story struct {
	site   site
	root   *ssa.Function
	seen   *sightings
	ends   []ending
	within int // see Result.Within
	around int // the result that carries the scope around it, or -1
	lost   bool
}

// follow follows the scopes that calls in the unit hand out, each in the function that it lives in: where the call stands, or around
// that, if it is assigned to a variable there.
func (p *program) follow(u *unit) {
	var all []site
	for _, fn := range u.tree {
		fn.stories = nil
		all = append(all, p.sites(fn)...)
	}
	u.several = len(all) > 1
	for _, s := range all {
		story := p.home(s, s.call.Parent())
		root := p.functions[story.root]
		root.stories = append(root.stories, story)
	}
}

// home follows a scope from the innermost function that it does not leave through a captured variable.
func (p *program) home(s site, fn *ssa.Function) *story {
	for fn.Synthetic == rangeFuncYield {
		fn = fn.Parent()
	}
	if !p.functions[fn].unit.several && p.idiomatic(s, fn) {
		return &story{site: s, root: fn, seen: &sightings{born: true}, within: -1, around: -1}
	}
	for {
		story := p.tell(s, fn, s.beside())
		if !story.seen.captured || fn.Parent() == nil {
			return p.nested(story)
		}
		fn = fn.Parent()
	}
}

// tell follows a scope through root, and the one that it may be nested in, if any.
func (p *program) tell(s site, root *ssa.Function, o *outer) *story {
	k := p.walker(root, origin{instr: s.call, results: s.results, context: s.context})
	k.outer = o
	t := &story{site: s, root: root, ends: k.run(root, k.f.empty()), seen: k.seen, within: -1, lost: k.lost}
	t.around = t.besides()
	return t
}

// handed lists the results in which the function hands the scope out, as a group that is named by the first of them.
func (s *story) handed() []Result {
	var results []Result
	for r := range s.seen.owned {
		r.Quiet, r.Guard, r.Within, r.Around = s.site.quiet, s.guard(), s.within, s.around
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Fate, b.Fate))
	})
	for i := range results {
		results[i].Group = results[0].Index
	}
	return merge(nil, results)
}

// merge joins results with others that may take their places: from another call, on another path. What shares a result is one group.
func merge(results, others []Result) []Result {
	for _, r := range others {
		i := slices.IndexFunc(results, func(old Result) bool { return old.Index == r.Index })
		if i < 0 {
			results = append(results, r)
			continue
		}
		old := &results[i]
		old.Kind = max(old.Kind, r.Kind)
		old.Fate |= r.Fate
		old.Quiet = old.Quiet && r.Quiet
		if old.Guard != r.Guard {
			old.Guard = -1
		}
		if old.Within != r.Within {
			old.Within = -1
		}
		if old.Around != r.Around {
			old.Around = -1
		}
		regroup(results, others, old.Group, r.Group)
	}
	slices.SortFunc(results, func(a, b Result) int { return cmp.Compare(a.Index, b.Index) })
	return results
}

// groupAround names the groups that carry the scopes around others: none does for itself.
func groupAround(results []Result) {
	for i := range results {
		r := &results[i]
		j := slices.IndexFunc(results, func(other Result) bool { return other.Index == r.Around && other.Group != r.Group })
		if r.Around = -1; j >= 0 {
			r.Around = results[j].Group
		}
	}
}

func regroup(results, others []Result, a, b int) {
	for _, list := range [][]Result{results, others} {
		for i := range list {
			if list[i].Group == a || list[i].Group == b {
				list[i].Group = min(a, b)
			}
		}
	}
}

// guard is the result without which there is no scope: an error that is nil, or a boolean that is true, wherever one is handed out.
func (s *story) guard() int {
	results := s.root.Signature.Results()
	for i := results.Len() - 1; i >= 0; i-- {
		t := results.At(i).Type()
		yes := isTrue
		if isError(t) {
			yes = isNil
		} else if b, ok := t.Underlying().(*types.Basic); !ok || b.Kind() != types.Bool {
			continue
		}
		if s.tells(i, yes) {
			return i
		}
	}
	return -1
}

func (s *story) tells(i int, yes val) bool {
	handed := false
	for _, e := range s.ends {
		if e.carried < 0 {
			continue
		}
		if val(e.results[i]) != yes {
			return false
		}
		handed = true
	}
	return handed
}
