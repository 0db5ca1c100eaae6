package contexts

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Fact returns what fn does with the contexts that it is handed; nil if it has nothing to say.
func (r *Result) Fact(fn *types.Func) *Fact {
	if r.engine == nil || fn == nil {
		return nil
	}
	var f Fact
	if !r.engine.pass.ImportObjectFact(fn.Origin(), &f) {
		return nil
	}
	return &f
}

// Needs returns the parameters in whose scope fn, or what it calls, enqueues.
func (r *Result) Needs(fn *types.Func) []Need {
	f := r.Fact(fn)
	if f == nil {
		return nil
	}
	return append(f.Requires, r.decidedNeeds(f.Through)...)
}

// Roots returns where the context v may come from, as instr sees it.
func (r *Result) Roots(v ssa.Value, instr ssa.Instruction) Roots {
	if r.engine == nil {
		return nil
	}
	return r.engine.rootsAt(v, instr)
}

// AllUses returns what the calls of the package need of contexts, in the order of the code.
func (r *Result) AllUses() []Use {
	if r.engine == nil {
		return nil
	}
	var uses []Use
	for _, call := range r.engine.calls {
		uses = append(uses, r.decided(slices.Clone(r.engine.uses[call]))...)
	}
	return uses
}

// Enqueues reports whether a call is known to enqueue in a scope that it is handed, as far as the table knows what implements the methods
// on the way; so it is if a literal does that it is handed.
func (r *Result) Enqueues(call ssa.CallInstruction) bool {
	if r.engine == nil {
		return false
	}
	uses := slices.Clone(r.engine.uses[call])
	for _, arg := range call.Common().Args {
		for _, t := range targets(arg) {
			if fn, ok := t.(*ssa.Function); ok && fn.Parent() != nil {
				uses = append(uses, r.engine.usesWithin(fn)...)
			}
		}
	}
	return slices.ContainsFunc(r.decided(uses), func(u Use) bool { return !u.Opens })
}

// Detached returns the spawns that need a scope which may be closed before they are done, with the uses that need it.
func (r *Result) Detached() []*Spawn {
	if r.engine == nil {
		return nil
	}
	var out []*Spawn
	for _, s := range r.engine.spawns {
		s.Uses = r.decided(r.engine.usesInside(s))
		if len(s.Uses) > 0 && r.engine.outlives(s) {
			out = append(out, s)
		}
	}
	return out
}

// An Opening is a call that opens a scope under a context: Begin, Run, InTx, or a function that does the same.
type Opening struct {
	Call   ssa.CallInstruction
	Under  Roots
	Scopes []ssa.Value     // the scope, where the call returns it
	Bodies []*ssa.Function // the functions that run inside, where it takes them
}

// Openings returns the calls of the package that open scopes.
func (r *Result) Openings() []Opening {
	if r.engine == nil {
		return nil
	}
	var out []Opening
	for _, call := range r.engine.calls {
		if len(r.engine.uses[call]) == 0 {
			continue
		}
		if o := r.engine.openingOf(call); len(o.Under) > 0 && len(o.Scopes)+len(o.Bodies) > 0 {
			out = append(out, o)
		}
	}
	return out
}

func (a *engine) openingOf(call ssa.CallInstruction) Opening {
	o := Opening{Call: call}
	if v, ok := call.(*ssa.Call); ok {
		for _, scope := range scopesOf(v) {
			if ctx := contextBeside(v); ctx != nil && a.made(ctx, v) {
				o.Scopes = append(o.Scopes, scope)
			}
		}
	}
	for i, arg := range call.Common().Args {
		if sig := called(arg.Type()); sig == nil {
			continue
		}
		for _, t := range targets(arg) {
			if fn, ok := t.(*ssa.Function); ok && fn.Parent() != nil && a.handsScope(call, i, fn) {
				o.Bodies = append(o.Bodies, fn)
			}
		}
	}
	if len(o.Scopes)+len(o.Bodies) > 0 {
		o.Under = a.scopeParents(call)
	}
	return o
}

// contextBeside returns the context among the results of a call.
func contextBeside(call *ssa.Call) ssa.Value {
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && isContext(e.Type()) {
			return e
		}
	}
	return nil
}

// made reports whether the call made the context v scoped.
func (a *engine) made(v ssa.Value, call *ssa.Call) bool {
	for _, r := range a.rootsAt(v, call) {
		if r.Kind == Scoped && r.Node == Node(call) {
			return true
		}
	}
	return false
}

// handsScope reports whether the call hands its argument fn a context of a scope that it opens.
func (a *engine) handsScope(call ssa.CallInstruction, arg int, fn *ssa.Function) bool {
	if name := apiName(call.Common()); enqueuers[name] || name == "NewTask" {
		return false // a dispatch is later, and elsewhere
	}
	for i := range fn.Signature.Params().Len() {
		if !a.carries(fn.Signature.Params().At(i).Type()) {
			continue
		}
		for _, r := range a.givenNow(handed{call: call, arg: arg - receiverArgs(call.Common())}, i) {
			if r.Kind == Scoped && r.Node == Node(call) {
				return true
			}
		}
	}
	return false
}

// scopeParents returns the roots of the contexts under which the call opens scopes.
func (a *engine) scopeParents(call ssa.CallInstruction) Roots {
	var rs Roots
	for _, u := range a.usesOf(call) {
		if u.Opens {
			rs = rs.join(u.Roots)
		}
	}
	return rs
}

// Moments returns how the literal fn runs in the function around it: the instructions during which it does, and those that defer it.
func (r *Result) Moments(fn *ssa.Function) []ssa.Instruction {
	at, _ := r.engine.moments(fn)
	at = slices.DeleteFunc(at, func(instr ssa.Instruction) bool {
		_, exit := instr.(*ssa.RunDefers)
		return exit
	})
	if s := r.engine.sites[fn]; s != nil {
		for _, call := range s.calls {
			if d, deferred := call.(*ssa.Defer); deferred && d.Parent() == fn.Parent() {
				at = append(at, d)
			}
		}
	}
	return at
}

// LiteralCalls returns the calls of the literal fn, deferred ones and goroutines included.
func (r *Result) LiteralCalls(fn *ssa.Function) []ssa.CallInstruction {
	if s := r.engine.sites[fn]; s != nil && fn.Parent() != nil {
		return s.calls
	}
	return nil
}

// SameScope reports whether v is the scope that an opening returned.
func (r *Result) SameScope(v ssa.Value, scopes []ssa.Value) bool {
	base := r.engine.base(v)
	for _, s := range scopes {
		if base == s {
			return true
		}
	}
	return false
}
