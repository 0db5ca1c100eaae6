package contexts

import (
	"cmp"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/directive"
)

// export states the facts of declared functions, and what the package contributes to the [Table].
func (a *engine) export(funcs []*ssa.Function) {
	known := map[string]bool{}
	stated := map[*ssa.Function]bool{}
	for _, fn := range funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || len(fn.Blocks) == 0 || stated[fn] {
			continue
		}
		stated[fn] = true
		if f := a.summary(fn); !f.empty() {
			fact := f // most have none
			a.pass.ExportObjectFact(obj, &fact)
			if recv := obj.Signature().Recv(); recv != nil {
				known[namedOf(recv.Type()).Obj().Name()] = true
			}
		}
	}
	p := a.contribution()
	p.Known = slices.Sorted(maps.Keys(known))
	if len(p.Known)+len(p.Interfaces)+len(p.Types) > 0 {
		a.pass.ExportPackageFact(p)
	}
}

func (a *engine) summary(fn *ssa.Function) Fact {
	f := Fact{Guards: a.guardFacts(fn)}
	if n := a.needs[fn]; n != nil {
		f.Requires, f.Opens, f.Through = n.requires, n.opens, n.depending()
	}
	f.Results = a.results(fn)
	f.Callbacks = a.callbacks(fn)
	f.Wraps = a.wraps(fn)
	f.Signals, f.Waits = a.groupParams(fn)
	f.Scopes = a.result.Touches && a.scopes(fn)
	if obj, ok := fn.Object().(*types.Func); ok {
		f.Scoped = a.pass.ResultOf[directive.Analyzer].(*directive.Index).Scoped(obj)
	}
	return f
}

// results says where the contexts that fn returns come from; what isn't known at all isn't said.
func (a *engine) results(fn *ssa.Function) []Returned {
	var out []Returned
	for i := range fn.Signature.Results().Len() {
		if !a.carries(fn.Signature.Results().At(i).Type()) {
			continue
		}
		roots := a.answerTo(question{result: fn, index: i})
		if o := a.origin(roots, fn); o.says() {
			out = append(out, Returned{Index: i, Origin: o, Scope: a.scopeResult(fn, i)})
		}
	}
	return out
}

// callbacks says what fn hands the functions that it is handed.
func (a *engine) callbacks(fn *ssa.Function) []Callback {
	if !a.taken(fn.Signature).functions {
		return nil
	}
	var out []Callback
	for i, p := range declaredParams(fn) {
		if sig := called(p.Type()); sig != nil && a.sites[p].live() {
			cb := Callback{Param: i, Spawned: a.spawned[p], Handles: a.handles[p], Args: a.handedArgs(slot{param: p}, sig)}
			cb.Late = cb.Spawned && !a.opensLater(p, nil)
			if cb.Spawned || len(cb.Args) > 0 {
				out = append(out, cb)
			}
			continue
		}
		for _, f := range a.kind(p.Type()).fields {
			if s := (slot{p, f.name}); a.sitesAt(s).live() {
				if args := a.handedArgs(s, f.sig); len(args) > 0 {
					out = append(out, Callback{Param: i, Field: f.name, Args: args})
				}
			}
		}
	}
	return out
}

// handedArgs says which contexts the function in p is handed.
func (a *engine) handedArgs(p slot, sig *types.Signature) []Arg {
	var args []Arg
	for j := range sig.Params().Len() {
		if !a.carries(sig.Params().At(j).Type()) {
			continue
		}
		roots := a.answerTo(question{handed: p.param, field: p.field, index: j})
		if o := a.origin(roots, p.param.Parent()); o.says() {
			args = append(args, Arg{j, o})
		}
	}
	return args
}

// groupParams returns the parameters that fn signals, and those that it waits for.
func (a *engine) groupParams(fn *ssa.Function) (signals, waits []int) {
	if !takesGroup(fn) {
		return nil, nil
	}
	for _, act := range a.bodyActs(fn, map[*ssa.Function]bool{}) {
		p, ok := act.group.(*ssa.Parameter)
		switch {
		case !ok || p.Parent() != fn:
		case act.waits:
			waits = append(waits, paramIndex(p))
		default:
			signals = append(signals, paramIndex(p))
		}
	}
	return sorted(signals), sorted(waits)
}

// called returns the signature of the functions that a parameter of type t takes.
func called(t types.Type) *types.Signature {
	if slice, ok := t.Underlying().(*types.Slice); ok {
		t = slice.Elem()
	}
	sig, _ := t.Underlying().(*types.Signature)
	return sig
}

// answerTo answers a question from outside the solver.
func (a *engine) answerTo(q question) Roots {
	n := a.solver.node(q)
	a.solve()
	return n.roots
}

// origin is roots as the callers of fn see them.
func (a *engine) origin(roots Roots, fn *ssa.Function) Origin {
	var o Origin
	for _, r := range roots {
		switch r.Kind {
		case Scoped:
			o.Scoped = true
			o.Under = append(o.Under, a.openedUnder(r, fn)...)
		case Scopeless:
			o.Scopeless = true
		case Unknown:
			o.Unknown = true
		case Param:
			if p, ok := r.Node.(*ssa.Parameter); ok && p.Parent() == fn {
				o.Params = append(o.Params, paramIndex(p))
			} else {
				o.Unknown = true
			}
		}
	}
	o.Params, o.Under = sorted(o.Params), sorted(o.Under)
	return o
}

// openedUnder returns the parameters of fn under which the call that made r opened its scope.
func (a *engine) openedUnder(r Root, fn *ssa.Function) []int {
	call, ok := r.Node.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	var params []int
	for _, under := range a.scopeParents(call) {
		if p, ok := under.Node.(*ssa.Parameter); ok && under.Kind == Param && p.Parent() == fn {
			params = append(params, paramIndex(p))
		}
	}
	return params
}

// scopeResult returns the result of fn that is the scope which its result i carries, or -1.
func (a *engine) scopeResult(fn *ssa.Function, i int) int {
	for j := range fn.Signature.Results().Len() {
		if isScope(fn.Signature.Results().At(j).Type()) {
			return j
		}
	}
	return -1
}

func (o Origin) has(k Kind) bool {
	switch k {
	case Scoped:
		return o.Scoped
	case Scopeless:
		return o.Scopeless
	case Unknown:
		return o.Unknown
	}
	return len(o.Params) > 0
}

// says reports whether the origin is more than unknown.
func (o Origin) says() bool { return o.Scoped || o.Scopeless || len(o.Params) > 0 }

func sorted(xs []int) []int {
	slices.SortFunc(xs, cmp.Compare[int])
	return slices.Compact(xs)
}
