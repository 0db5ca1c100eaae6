package scopes

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A site is a call that hands out an open scope.
type site struct {
	call    ssa.CallInstruction
	results []Result
	context int      // the result that is a context carrying it, or -1
	quiet   bool     // nothing leaves it in any case
	around  []Result // of the same call: what carries the scope that it is nested in
}

// probe reports whether all that the call hands out is dropped but for the error that says whether there is a scope.
func (s site) probe() bool {
	call, ok := s.call.(*ssa.Call)
	if !ok || s.results[0].Guard < 0 {
		return false
	}
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if ok && len(*e.Referrers()) > 0 && e.Index != s.results[0].Guard {
			return false
		}
	}
	return true
}

// hides reports whether the call hands out something in which the scope's context may be: an object that was made in the scope.
func (s site) hides() bool {
	results := s.call.Common().Signature().Results()
	for i := range results.Len() {
		t := results.At(i).Type()
		known := i == s.context || isError(t) || slices.ContainsFunc(s.results, func(r Result) bool { return r.Index == i && r.Kind != Holder })
		if _, basic := t.Underlying().(*types.Basic); !known && !basic {
			return true
		}
	}
	return false
}

// begins are the functions of the runtime that hand out a scope.
func begins(name string) bool { return name == "Begin" || name == "Airlock.Begin" }

// sites lists the calls in fn, without its literals, that hand out a scope.
func (p *program) sites(fn *function) []site {
	var found []site
	for _, call := range fn.calls {
		found = append(found, p.sitesOf(call)...)
	}
	return found
}

func (p *program) sitesOf(call calling) []site {
	common, c := call.Common(), call.callee
	if begins(c.name) {
		begun := Result{Index: 1, Kind: Scope, Guard: -1, Within: len(common.Args) - 2, Around: -1} // the options come last
		return []site{{call: call.CallInstruction, results: []Result{begun}, quiet: p.quiet(common)}}
	}
	s := c.summary
	if lit := literal(common.Value); lit != nil {
		s = p.summaryOf(lit)
	}
	if s == nil || len(s.Results) == 0 {
		return nil
	}
	var found []site
	for _, first := range s.Results {
		if first.Index != first.Group {
			continue
		}
		found = append(found, site{call.CallInstruction, group(s.Results, first.Group), contextResult(common), first.Quiet || p.quiet(common), group(s.Results, first.Around)})
	}
	return found
}

func group(results []Result, first int) []Result {
	return slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Group != first })
}

// parent is the argument of a call that hands out a scope which is the context below which that is opened, or nil.
func parent(results []Result, c *ssa.CallCommon) ssa.Value {
	if i := results[0].Within; i >= 0 && i < len(c.Args) {
		return c.Args[i]
	}
	return nil
}

func contextResult(c *ssa.CallCommon) int {
	results := c.Signature().Results()
	for i := range results.Len() {
		if isContext(results.At(i).Type()) {
			return i
		}
	}
	return -1
}

// quiet reports whether a call that opens a scope gives it, for all to see, a policy by which nothing leaves.
func (p *program) quiet(c *ssa.CallCommon) bool {
	for i, arg := range c.Args {
		switch {
		case i == len(c.Args)-1 && c.Signature().Variadic():
			return p.lastPolicyDrops(arg)
		case isContext(arg.Type()) && p.muted(arg):
			return true
		case airlockapi.TypeName(arg.Type()) == "Airlock" && p.newDrops(arg):
			return true
		}
	}
	return false
}

// muted reports whether a policy by which nothing leaves binds, for all to see, what is enqueued under ctx: its own, or that of a scope
// around. To detach a context does not change that.
func (p *program) muted(ctx ssa.Value) bool {
	if e, ok := ctx.(*ssa.Extract); ok {
		ctx = e.Tuple
	}
	call, ok := ctx.(*ssa.Call)
	if !ok {
		return false
	}
	if begins(p.callee(&call.Call).name) && p.quiet(&call.Call) || p.drops(call, "WithLocalPolicy") {
		return true
	}
	return slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return isContext(arg.Type()) && p.muted(arg) })
}

// newDrops reports whether v is New(WithPolicy(DropAll())).
func (p *program) newDrops(v ssa.Value) bool {
	call, ok := p.held(v).(*ssa.Call)
	return ok && p.callee(&call.Call).name == "New" && p.lastPolicyDrops(call.Call.Args[0])
}

// drops reports whether v is a call of the named function of the runtime with a policy that drops everything.
func (p *program) drops(v ssa.Value, name string) bool {
	call, ok := p.held(v).(*ssa.Call)
	return ok && p.callee(&call.Call).name == name && p.dropsAll(call.Call.Args[len(call.Call.Args)-1])
}

func (p *program) dropsAll(policy ssa.Value) bool {
	if iface, ok := policy.(*ssa.MakeInterface); ok {
		policy = iface.X
	}
	call, ok := p.held(policy).(*ssa.Call)
	if !ok {
		return false
	}
	switch p.callee(&call.Call).name {
	case "DropAll", "AssertNoEffects":
		return true
	case "Policies":
		return slices.ContainsFunc(ssapass.Elements(call.Call.Args[0]), p.dropsAll)
	}
	return false
}

// lastPolicyDrops reports whether the last WithPolicy among the options, which wins, is one by which nothing leaves.
func (p *program) lastPolicyDrops(options ssa.Value) bool {
	drops, _ := p.lastPolicy(options)
	return drops
}

// lastPolicy is lastPolicyDrops; told says that there is a policy among the options at all.
func (p *program) lastPolicy(options ssa.Value) (drops, told bool) {
	options = p.held(options)
	if call, ok := options.(*ssa.Call); ok {
		b, builtin := call.Call.Value.(*ssa.Builtin)
		if !builtin || b.Name() != "append" {
			return false, false
		}
		if drops, told = p.lastPolicy(call.Call.Args[1]); told {
			return drops, true
		}
		return p.lastPolicy(call.Call.Args[0])
	}
	for _, opt := range ssapass.Elements(options) {
		if call, ok := p.held(opt).(*ssa.Call); ok && p.callee(&call.Call).name == "WithPolicy" {
			drops, told = p.dropsAll(call.Call.Args[0]), true
		}
	}
	return drops, told
}

// held is what a variable holds that is assigned once, if v reads one: of the function, or of the package. Else it is v.
func (p *program) held(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return v
	}
	if g, global := load.X.(*ssa.Global); global {
		if stores := p.globalStores(g); len(stores) == 1 {
			return stores[0].Val
		}
	}
	return assignedOnce(v)
}

// assignedOnce is held for the variables of functions alone.
func assignedOnce(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || !ssapass.IsVariable(load.X) {
		return v
	}
	if stores := ssapass.Stores(load.X); len(stores) == 1 {
		return stores[0].Val
	}
	return v
}

// globalStores lists what is stored in a package variable, by all functions of the package.
func (p *program) globalStores(g *ssa.Global) []*ssa.Store {
	if p.globals == nil {
		p.globals = map[*ssa.Global][]*ssa.Store{}
		for _, fn := range p.ssa.WithInit() {
			for _, move := range p.ssa.Body(fn).Moves {
				if s, ok := move.(*ssa.Store); ok {
					if to, ok := s.Addr.(*ssa.Global); ok {
						p.globals[to] = append(p.globals[to], s)
					}
				}
			}
		}
	}
	return p.globals[g]
}

// unusedContext reports whether result i of a call, a scope's context, is used for nothing but Flush.
func unusedContext(call ssa.CallInstruction, i int) bool {
	v, ok := call.(*ssa.Call)
	if !ok {
		return true
	}
	u := &contextUses{seen: map[ssa.Value]bool{}}
	for _, ref := range *v.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			u.follow(e)
		}
	}
	return !u.used
}

type contextUses struct {
	seen map[ssa.Value]bool
	used bool
}

func (u *contextUses) follow(v ssa.Value) {
	if u.seen[v] || v.Referrers() == nil {
		return
	}
	u.seen[v] = true
	for _, ref := range *v.Referrers() {
		u.visit(v, ref)
	}
}

func (u *contextUses) visit(v ssa.Value, ref ssa.Instruction) {
	switch ref := ref.(type) {
	case *ssa.DebugRef:
	case *ssa.Phi:
		u.follow(ref)
	case *ssa.UnOp:
		u.follow(ref)
	case *ssa.Store:
		if _, ok := ref.Addr.(*ssa.Alloc); !ok && ref.Val == v {
			u.used = true
			return
		}
		u.follow(ref.Addr)
	case *ssa.MakeClosure:
		for i, b := range ref.Bindings {
			if b == v {
				u.follow(ref.Fn.(*ssa.Function).FreeVars[i])
			}
		}
	case ssa.CallInstruction:
		fn := ref.Common().StaticCallee()
		if fn == nil {
			u.used = true
			return
		}
		obj, _ := fn.Object().(*types.Func)
		u.used = u.used || airlockapi.Name(obj) != "Scope.Flush"
	default:
		u.used = true
	}
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isCollection(v ssa.Value) bool {
	if _, cell := v.(*ssa.Alloc); cell {
		return isCollectionType(v.Type().Underlying().(*types.Pointer).Elem())
	}
	return isCollectionType(v.Type())
}

func isCollectionType(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Array, *types.Chan:
		return true
	}
	return false
}
