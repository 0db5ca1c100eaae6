package scopes

import (
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
