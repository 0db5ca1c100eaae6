package contexts

import (
	"cmp"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A Use is a call that needs the scope of a context, or opens one under it.
type Use struct {
	Call  ssa.CallInstruction
	Roots Roots  // where the context may come from, as the call sees it
	Chain []Step // from the callee down to the Enqueue or Begin
	Opens bool   // it opens a scope, it does not need one

	via    string // see Need
	viaArg int
}

// needs are the parameters of one function whose context reaches an Enqueue, a Begin, or an interface method.
type needs struct{ requires, opens, through []Need }

// maxThrough bounds how many interface methods a function is known to hand contexts to: the nearest ones.
const maxThrough = 32

func (n *needs) add(need Need, opens bool) bool {
	list := &n.requires
	switch {
	case opens:
		list = &n.opens
	case need.Via != "":
		list = &n.through
	}
	for i, old := range *list {
		if old.same(need) {
			better := compareChains(need.Chain, old.Chain) < 0
			if better {
				(*list)[i] = need
			}
			return better
		}
	}
	*list = append(*list, need)
	slices.SortFunc(*list, func(x, y Need) int {
		return cmp.Or(x.Param-y.Param, compareChains(x.Chain, y.Chain), x.ViaArg-y.ViaArg)
	})
	if len(*list) <= maxThrough {
		return true
	}
	far := slices.MaxFunc(*list, func(x, y Need) int {
		return cmp.Or(compareChains(x.Chain, y.Chain), x.Param-y.Param, x.ViaArg-y.ViaArg)
	})
	*list = slices.DeleteFunc(*list, func(x Need) bool { return x.same(far) })
	return !far.same(need)
}

func (n Need) same(o Need) bool { return n.Param == o.Param && n.Via == o.Via && n.ViaArg == o.ViaArg }

// depending returns the needs that depend on implementations, without those that are certain for another reason.
func (n *needs) depending() []Need {
	return slices.DeleteFunc(slices.Clone(n.through), func(t Need) bool {
		return slices.ContainsFunc(n.requires, func(r Need) bool { return r.Param == t.Param })
	})
}

// solveNeeds finds which parameters of the package's functions need a scope: the least solution, each with its least chain.
func (a *engine) solveNeeds() {
	work := slices.Clone(a.calls)
	for _, call := range a.calls {
		for _, c := range a.callees(call.Common()) {
			if c.body != nil {
				a.callers[c.body] = append(a.callers[c.body], call)
			}
		}
		for _, fn := range a.wrappedIn(call) {
			a.callers[fn] = append(a.callers[fn], call)
		}
	}
	queued := map[ssa.CallInstruction]bool{}
	for len(work) > 0 {
		call := work[0]
		work = work[1:]
		delete(queued, call)
		uses := a.usesOf(call)
		if len(uses) > 0 && a.asking && asksForScope(call) {
			uses = slices.DeleteFunc(uses, func(u Use) bool { return !u.Opens })
		}
		if len(uses) > 0 {
			a.uses[call] = uses
		}
		for _, use := range uses {
			for _, fn := range a.charge(use) {
				for _, dependent := range a.dependents(fn) {
					if !queued[dependent] {
						queued[dependent] = true
						work = append(work, dependent)
					}
				}
			}
		}
	}
}

// charge adds the use to the parameters that its context comes from, and returns the functions of which more is known now.
func (a *engine) charge(use Use) (changed []*ssa.Function) {
	if !a.runs(use.Call.Parent()) {
		return nil
	}
	if _, handed := slotOf(use.Call.Common().Value); handed {
		return nil // whoever hands the function over is asked what it needs
	}
	for _, r := range use.Roots {
		p, ok := r.Node.(*ssa.Parameter)
		if !ok || r.Kind != Param {
			continue
		}
		fn := p.Parent()
		n := a.needs[fn]
		if n == nil {
			n = new(needs)
			a.needs[fn] = n
		}
		if n.add(Need{paramIndex(p), use.Chain, use.via, use.viaArg}, use.Opens) {
			changed = append(changed, fn)
		}
	}
	return changed
}

// runs reports whether the function, or the literal, may ever run.
func (a *engine) runs(fn *ssa.Function) bool {
	for ; fn.Parent() != nil; fn = fn.Parent() {
		if fn.Synthetic == "" && !a.sites[fn].live() {
			return false
		}
	}
	return true
}

// dependents returns the calls that may run fn.
func (a *engine) dependents(fn *ssa.Function) []ssa.CallInstruction {
	out := a.callers[fn]
	if s := a.sites[fn]; s != nil {
		for _, h := range s.handed {
			out = append(out, h.call)
		}
	}
	return out
}

// usesOf returns what the call needs, given what is known so far of the functions that it may run.
func (a *engine) usesOf(call ssa.CallInstruction) []Use {
	c := call.Common()
	if name := apiName(c); name != "" {
		return append(a.apiUses(call, name), a.handedUses(call)...)
	}
	var uses []Use
	for _, callee := range a.callees(c) {
		for _, n := range a.needsOf(callee) {
			if arg := argument(c, callee.signature(), n.Param); arg != nil {
				uses = append(uses, Use{call, a.rootsAt(arg, call), a.extend(call, callee.fn, n.Chain), n.opens, n.Via, n.ViaArg})
			}
		}
	}
	for _, n := range a.wrappedNeeds(c.Value, 0) {
		if arg := argument(c, c.Signature(), n.Param); arg != nil {
			uses = append(uses, Use{call, a.rootsAt(arg, call), n.Chain, n.opens, n.Via, n.ViaArg})
		}
	}
	uses = append(uses, a.openUses(call)...)
	return append(uses, a.handedUses(call)...)
}

// openUses returns what the call of an own interface method needs if one of its implementations does: the package need not know them.
func (a *engine) openUses(call ssa.CallInstruction) []Use {
	c := call.Common()
	if !c.IsInvoke() || !a.open[c] {
		return nil
	}
	method := c.Method.Origin()
	var uses []Use
	for i, arg := range c.Args {
		if a.carries(arg.Type()) {
			uses = append(uses, Use{call, a.rootsAt(arg, call), a.extend(call, method, nil), false, a.fullName(method), i})
		}
	}
	return uses
}

func (a *engine) apiUses(call ssa.CallInstruction, name string) []Use {
	_, opens := openers[name]
	if !opens && !enqueuers[name] {
		return nil
	}
	c := call.Common()
	fn := calledFunc(c)
	return []Use{{call, a.rootsAt(argument(c, fn.Signature(), 0), call), a.extend(call, fn, nil), opens, "", 0}}
}

type need struct {
	Need
	opens bool
}

// needsOf returns the parameters for which the callee needs a scope or opens one.
func (a *engine) needsOf(c callee) []need {
	var all needs
	if c.body != nil {
		if n := a.needs[c.body]; n != nil {
			all = *n
		}
	} else if f := a.fact(c.fn); f != nil {
		all = needs{f.Requires, f.Opens, f.Through}
	}
	var out []need
	for _, n := range all.requires {
		out = append(out, need{n, false})
	}
	for _, n := range all.opens {
		out = append(out, need{n, true})
	}
	for _, n := range all.through {
		out = append(out, need{n, false})
	}
	return out
}

// handedUses returns what the call needs because it hands a declared function on to be called: withContext(ctx, s.process). What a
// literal needs is answered where its body needs it.
func (a *engine) handedUses(call ssa.CallInstruction) []Use {
	c := call.Common()
	var uses []Use
	for i, arg := range c.Args {
		if called(arg.Type()) == nil {
			continue
		}
		h := handed{call: call, arg: i - receiverArgs(c)}
		for _, t := range targets(arg) {
			if fn, ok := t.(*ssa.Function); ok && fn.Parent() == nil {
				uses = append(uses, a.handedUse(h, a.namedNeeds(call, fn))...)
			}
		}
		uses = append(uses, a.handedUse(h, a.wrappedNeeds(arg, 0))...)
	}
	for _, f := range a.fields[call] {
		if f.fn.Parent() == nil {
			uses = append(uses, a.handedUse(f.handed, a.namedNeeds(call, f.fn))...)
		}
	}
	return uses
}

// namedNeeds returns what the function fn needs, with itself, as the call names it, at the head of the chains.
func (a *engine) namedNeeds(call ssa.CallInstruction, fn *ssa.Function) []need {
	callee := a.calleeOf(fn)
	needs := a.needsOf(callee)
	for i := range needs {
		needs[i].Chain = a.extend(call, callee.fn, needs[i].Chain)
	}
	return needs
}

// handedUse returns what the call needs because it hands on a function with these needs.
func (a *engine) handedUse(h handed, needs []need) []Use {
	var uses []Use
	for _, n := range needs {
		if _, ok := a.given(h, n.Param); !ok {
			continue
		}
		roots := a.givenNow(h, n.Param)
		chain := a.extend(h.call, calledFunc(h.call.Common()), n.Chain)
		uses = append(uses, Use{h.call, roots, chain, n.opens, n.Via, n.ViaArg})
	}
	return uses
}

// givenNow is given for a question from outside the solver.
func (a *engine) givenNow(h handed, i int) Roots {
	for {
		roots, _ := a.given(h, i)
		if len(a.solver.work) == 0 {
			return roots
		}
		a.solve()
	}
}

// extend puts the call of fn before a chain; literals have no name to stand there.
func (a *engine) extend(call ssa.CallInstruction, fn *types.Func, chain []Step) []Step {
	if fn == nil {
		return chain
	}
	pos := ssapass.CallPos(call.Common())
	at, known := a.positions[pos]
	if !known {
		at = a.position(pos)
		a.positions[pos] = at
	}
	return prepend(Step{a.fullName(fn), at}, chain)
}

func (a *engine) fullName(fn *types.Func) string {
	name, known := a.names[fn]
	if !known {
		name = effects.FullName(fn)
		a.names[fn] = name
	}
	return name
}

// position returns the place of pos, its file relative to the module: the import path within the module, and the file's name.
func (a *engine) position(pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	p := a.pass.Fset.Position(pos)
	file, known := a.files[p.Filename]
	if !known {
		file = path.Join(a.folder(), path.Base(filepath.ToSlash(p.Filename)))
		a.files[p.Filename] = file
	}
	return file + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// folder returns the import path of the package within its module.
func (a *engine) folder() string {
	dir := strings.TrimSuffix(a.pass.Pkg.Path(), "_test")
	if m := a.pass.Module; m != nil && m.Path != "" {
		if rest, ok := strings.CutPrefix(dir, m.Path); ok {
			dir = strings.TrimPrefix(rest, "/")
		}
	}
	return dir
}
