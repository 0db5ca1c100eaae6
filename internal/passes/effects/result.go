package effects

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Requires lists the analyzers that a check requires in order to call [For].
var Requires = []*analysis.Analyzer{Analyzer, Bindings, config.Analyzer}

// For returns the package's result, with open ends closed by the binding table.
func For(pass *analysis.Pass) *Result {
	r := pass.ResultOf[Analyzer].(*Result)
	table, _ := pass.ResultOf[Bindings].(*Table)
	if table == nil || r.code == nil {
		return r
	}
	if b := r.bound[table]; b != nil {
		return b
	}
	b := *r
	c := pass.ResultOf[config.Analyzer].(*config.Config)
	b.table, b.calls = table.with(c, r.facts.pass.AllPackageFacts), map[ssa.CallInstruction][]Performed{}
	r.bound[table] = &b
	return &b
}

// Call returns everything that a call in this package may do: of the functions it calls, and of those that they call back. Open ends
// are closed by the binding table, for a result from [For]. It is sorted by effect; each effect comes once.
func (r *Result) Call(call ssa.CallInstruction) []Performed {
	if p, ok := r.calls[call]; ok || r.code == nil {
		return p
	}
	e := r.engineOf(call.Parent())
	r.gather(e, e.unitOf(call.Parent()))
	return r.calls[call]
}

// OpenCalls lists the calls in fn, a function or literal of this package, that lead to open ends which the binding table does not close.
func (r *Result) OpenCalls(fn *ssa.Function) []ssa.CallInstruction {
	if r.code == nil {
		return nil
	}
	var open []ssa.CallInstruction
	for _, en := range r.engineOf(fn).unitOf(fn).order {
		for _, l := range en.links {
			if call := l.edge.call; en.what == opens && call != nil && call.Parent() == fn && !r.table.closes(en.name) {
				open = append(open, call)
			}
		}
	}
	return open
}

// LeftOpen reports whether fn, a function of this package, leads to open ends that the binding table does not close.
func (r *Result) LeftOpen(fn *types.Func) bool {
	s := r.Of(fn)
	return s != nil && slices.ContainsFunc(s.Open, func(o OpenEnd) bool { return !r.table.closes(o.Method) })
}

// Performs returns all that fn, a function of this package or of one that it imports, performs, open ends closed.
func (r *Result) Performs(fn *types.Func) []Performed {
	return r.close(r.Of(fn))
}

// Does returns all that fn, a function of this package or a literal in it, performs, open ends closed.
func (r *Result) Does(fn *ssa.Function) []Performed {
	return r.close(r.Function(fn))
}

// close returns what a summary performs, open ends closed: each effect once.
func (r *Result) close(s *Summary) []Performed {
	if s == nil {
		return nil
	}
	best := map[effect.Effect]Performed{}
	for _, p := range s.Performs {
		keep(best, p)
	}
	for _, o := range s.Open {
		for _, p := range r.table.closing(o.Method) {
			keep(best, p.after(o.Async, o.Way))
		}
	}
	return sorted(best)
}

func keep(best map[effect.Effect]Performed, p Performed) {
	if q, ok := best[p.Effect]; !ok || before(p, q) {
		best[p.Effect] = p
	}
}

// before orders witnesses of one effect: now before later, in sight before bound, near before far; and a bound method, which all drivers
// know, before an implementation in sight that leads on.
func before(p, q Performed) bool {
	return cmp.Or(
		cmp.Compare(p.Async, q.Async), cmp.Compare(p.ends(), q.ends()), cmp.Compare(p.Dist(), q.Dist()), -cmp.Compare(min(len(p.Via), 1), min(len(q.Via), 1)),
		p.Way.First().compare(q.Way.First()), cmp.Compare(p.To, q.To),
	) < 0
}

// ends returns how many open ends p's own way leads to: none where all of it is in sight.
func (p Performed) ends() int {
	if p.Beyond == nil {
		return 0
	}
	return 1
}

func sorted(best map[effect.Effect]Performed) []Performed {
	var all []Performed
	for _, p := range best {
		all = append(all, p)
	}
	slices.SortFunc(all, func(p, q Performed) int { return cmp.Compare(p.Effect, q.Effect) })
	return all
}

// gather fills in what each call of a unit may do.
func (r *Result) gather(e *engine, u *unit) {
	found := map[ssa.CallInstruction]map[effect.Effect]Performed{}
	note := func(call ssa.CallInstruction, p Performed) {
		if found[call] == nil {
			found[call] = map[effect.Effect]Performed{}
		}
		keep(found[call], p)
	}
	s := &solver{engine: e}
	for _, en := range u.order {
		for _, l := range en.links {
			if l.edge.call == nil {
				continue
			}
			switch en.what {
			case performs:
				note(l.edge.call, Performed{Effect: en.effect, Used: s.usedAt(l), Async: l.cost().async, Way: s.wayOf(l)})
			case opens:
				for _, p := range r.table.closing(en.name) {
					note(l.edge.call, p.after(l.cost().async, s.wayOf(l)))
				}
			}
		}
	}
	for _, b := range u.fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				r.calls[call] = sorted(found[call])
			}
		}
	}
}

// Sends returns what a send on a channel of this process, a Send or a Select with sends, makes its receivers do.
func (r *Result) Sends(instr ssa.Instruction) []Performed {
	if r.code == nil {
		return nil
	}
	e := r.engineOf(instr.Parent())
	s := &solver{engine: e}
	best := map[effect.Effect]Performed{}
	for _, en := range e.unitOf(instr.Parent()).order {
		for _, l := range en.links {
			if l.edge.send != instr {
				continue
			}
			switch en.what {
			case performs:
				keep(best, Performed{Effect: en.effect, Used: s.usedAt(l), Async: l.cost().async, Way: s.wayOf(l)})
			case opens:
				for _, p := range r.table.closing(en.name) {
					keep(best, p.after(l.cost().async, s.wayOf(l)))
				}
			}
		}
	}
	return sorted(best)
}

// usedAt reports whether the answer is used: of the call that leaves the user's code, not of the one that a library ends in.
func (s *solver) usedAt(l link) bool {
	if l.from != nil && !(s.ssa.Class == whose.Own && s.innermost(l)) {
		return l.from.used
	}
	d := l.edge
	return d.callee != nil && d.through == nil && d.call != nil && (answerUsed(d.call) || s.replyUsed(d))
}

// A Target is something that a function value may be, or that a call may run.
type Target struct {
	Func     *ssa.Function  // a function or literal of this package
	Object   *types.Func    // what is declared, here or elsewhere; nil for a literal
	Param    *ssa.Parameter // the value is this parameter of an enclosing function
	Path     string         // or a field of it
	Async    Async          // of Runs: when it runs
	Callback bool           // of Runs: it was given to the function that is called, or to one further down
}

// Targets returns what functions a function value may be, as far as this package shows: sorted by name.
func (r *Result) Targets(v ssa.Value) []Target {
	if r.code == nil || v.Parent() == nil && !isFunctionValue(v) {
		return nil
	}
	e := r.code
	if v.Parent() != nil {
		e = r.engineOf(v.Parent())
	}
	n := e.graph.of(v)
	e.graph.settle()
	var found []Target
	for _, a := range n.order {
		if t, ok := e.target(a); ok {
			found = append(found, t)
		}
	}
	sortTargets(found)
	return found
}

func isFunctionValue(v ssa.Value) bool {
	_, ok := v.(*ssa.Function)
	return ok
}

func (e *engine) target(a *atom) (Target, bool) {
	switch a.kind {
	case function:
		obj, _ := a.fn.Object().(*types.Func)
		t := Target{Object: obj}
		if u := e.units[a.fn]; u != nil {
			t.Func = u.fn
		}
		return t, true
	case bound:
		return Target{Object: a.obj, Func: e.pkg.Prog.FuncValue(a.obj)}, true
	case symbol:
		if a.sym.unit.fn != nil {
			return Target{Param: a.sym.unit.fn.Params[a.sym.index], Path: a.sym.path}, true
		}
	}
	return Target{}, false
}

// Runs returns the functions that a call in this package runs: those it calls, and those that it hands over and that are called back.
func (r *Result) Runs(call ssa.CallInstruction) []Target {
	if r.code == nil {
		return nil
	}
	e := r.engineOf(call.Parent())
	seen := map[Target]bool{}
	var found []Target
	for _, d := range e.unitOf(call.Parent()).out {
		if d.call != call {
			continue
		}
		t := Target{Func: d.callee.fn, Object: d.callee.obj, Async: d.async, Callback: d.through != nil}
		if !seen[t] {
			seen[t] = true
			found = append(found, t)
		}
	}
	sortTargets(found)
	return found
}

func sortTargets(ts []Target) {
	slices.SortFunc(ts, func(a, b Target) int {
		return cmp.Or(cmp.Compare(a.name(), b.name()), cmp.Compare(a.Async, b.Async), cmp.Compare(a.pos(), b.pos()), cmp.Compare(a.Path, b.Path))
	})
}

func (t Target) name() string {
	switch {
	case t.Object != nil:
		return FullName(t.Object)
	case t.Func != nil:
		return t.Func.String()
	case t.Param != nil:
		return t.Param.Name()
	}
	return ""
}

func (t Target) pos() token.Pos {
	switch {
	case t.Func != nil:
		return t.Func.Pos()
	case t.Param != nil:
		return t.Param.Pos()
	}
	return token.NoPos
}

// A Site is an innermost call of an effect: of a catalogued function, of a third-party function that performs, or of generated code
// that does.
type Site struct {
	Call   ssa.CallInstruction
	Func   *ssa.Function // the declaration in which it stands, the package initialiser outside of one
	Callee string        // full name
	Effect effect.Effect
	Used   bool
	Async  Async
}

// Sites returns the innermost effect calls in the package's non-test code, also in literals that nothing is seen to call: but for
// generated ones, in order of position, once for each kind: as a command, where the call is a query, too. Log, time, random and env are
// left out.
func (r *Result) Sites() []Site {
	if r.code == nil || r.code.ssa.Class != whose.Own {
		return nil
	}
	var sites []Site
	s := &solver{engine: r.code}
	for _, fn := range r.code.funcs {
		if r.code.generated(fn) {
			continue
		}
		u := r.code.unitOf(fn)
		for _, en := range u.order {
			if en.what != performs || en.effect.Kind().Ambient() {
				continue
			}
			for _, l := range en.links {
				if r.code.innermost(l) {
					eff := en.effect
					if en.ask.sym != nil && l.from == nil {
						eff = r.code.lexical(l.edge)
					}
					sites = append(sites, Site{l.edge.call, outermost(fn), l.edge.callee.name, eff, s.usedAt(l), l.cost().async})
				}
			}
		}
	}
	slices.SortFunc(sites, func(a, b Site) int {
		return cmp.Or(
			comparePositions(r.code.position(ssapass.CallPos(a.Call.Common())), r.code.position(ssapass.CallPos(b.Call.Common()))),
			cmp.Compare(a.Effect.Kind(), b.Effect.Kind()), -cmp.Compare(a.Effect, b.Effect), cmp.Compare(a.Callee, b.Callee),
		)
	})
	return slices.CompactFunc(sites, func(a, b Site) bool { return a.Call == b.Call && a.Effect.Kind() == b.Effect.Kind() })
}

// Unknowns returns the positions, as summaries have them, of the calls of which nothing can be told that stand in a declared function of
// this package, or in a literal in it: in source order. A summary keeps one of them.
func (r *Result) Unknowns(fn *types.Func) []string {
	if r.code == nil || r.code.pkg.Prog.FuncValue(fn) == nil {
		return nil
	}
	code := r.code.pkg.Prog.FuncValue(fn)
	e := r.engineOf(code)
	if e.unknowns == nil {
		e.unknowns = map[*ssa.Function][]*callsite{}
		for _, s := range e.sites {
			if s.unknown {
				top := outermost(s.call.Parent())
				e.unknowns[top] = append(e.unknowns[top], s)
			}
		}
	}
	var found []token.Position
	for _, s := range e.unknowns[code] {
		if !r.bindsAll(s) {
			found = append(found, e.position(s.pos()))
		}
	}
	slices.SortFunc(found, comparePositions)
	var all []string
	for _, p := range slices.Compact(found) {
		all = append(all, formatPosition(p))
	}
	return all
}

// bindsAll reports whether the binding table says what a call of something that other packages set leads to.
func (r *Result) bindsAll(s *callsite) bool {
	for o := range s.open {
		if r.table == nil || !r.table.binds(o.method) {
			return false
		}
		r.table.ask(o.method)
	}
	return len(s.open) > 0
}

// innermost reports whether a link is a call of code that is not the user's.
func (e *engine) innermost(l link) bool {
	d := l.edge
	if d.call == nil || d.callback || d.callee.place != nil {
		return false
	}
	return d.callee.fn == nil && !e.own(d.callee.pkg()) || l.from != nil && e.byTool(l.from, map[*entry]bool{})
}

func (u *unit) pkg() *types.Package {
	switch {
	case u.factory != nil:
		return u.factory.pkg()
	case u.entry != nil || u.obj == nil:
		return nil
	}
	return u.obj.Pkg()
}
