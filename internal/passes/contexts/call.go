package contexts

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// A callee is a function that a call may run: with its body where that is in the package, else known by name and fact.
type callee struct {
	fn   *types.Func // nil for a literal
	body *ssa.Function
}

func (c callee) signature() *types.Signature {
	if c.body != nil {
		return c.body.Signature
	}
	return c.fn.Signature()
}

// calledFunc returns the function or method that the call names.
func calledFunc(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method.Origin()
	}
	if fn := c.StaticCallee(); fn != nil {
		return objectOf(fn)
	}
	return nil
}

func objectOf(fn *ssa.Function) *types.Func {
	if obj, ok := original(fn).Object().(*types.Func); ok {
		return obj.Origin()
	}
	return nil
}

// callees returns the functions that the call may run, as far as they are known.
func (a *engine) callees(c *ssa.CallCommon) []callee {
	if t := a.declared(c); t != nil {
		return t.callees
	}
	cs, ok := a.called[c]
	if !ok {
		cs = a.findCallees(c)
		a.called[c] = cs
	}
	return cs
}

func (a *engine) findCallees(c *ssa.CallCommon) []callee {
	if c.IsInvoke() {
		impls, closed := a.implementations(c)
		a.open[c] = !closed && a.bindable(c.Method)
		if len(impls) > 0 || closed {
			return impls
		}
		return []callee{{fn: c.Method.Origin()}}
	}
	var cs []callee
	for _, t := range targets(c.Value) {
		if fn, ok := t.(*ssa.Function); ok {
			cs = append(cs, a.calleeOf(fn))
		}
	}
	if _, builtin := c.Value.(*ssa.Builtin); len(cs) == 0 && !builtin && a.result.Touches {
		cs = a.elsewhere(c.Value)
	}
	return cs
}

// elsewhere returns the functions that a value from a field, a package variable, a map or a call may be.
func (a *engine) elsewhere(v ssa.Value) []callee {
	var cs []callee
	for _, t := range a.effects.Targets(v) {
		switch {
		case t.Func != nil:
			cs = append(cs, a.calleeOf(original(t.Func)))
		case t.Object != nil:
			cs = append(cs, callee{fn: t.Object.Origin()})
		}
	}
	if field := holdingField(v); field != nil && len(cs) == 0 {
		cs = a.storedIn(field)
	}
	return cs
}

func (a *engine) calleeOf(fn *ssa.Function) callee {
	c := callee{fn: objectOf(fn)}
	if len(fn.Blocks) > 0 && fn.Pkg == a.ssa.Pkg {
		c.body = fn
	}
	return c
}

// foreign reports whether fn belongs to the standard library or to a third party: it can't open a scope, so a context that it
// returns is a child of the one that it is given.
func (a *engine) foreign(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return true
	}
	return a.class(fn.Pkg()).Foreign()
}

// class says whose code pkg is.
func (a *engine) class(pkg *types.Package) whose.Class {
	c, known := a.classes[pkg]
	if !known {
		c = whose.Package(a.pass, pkg)
		a.classes[pkg] = c
	}
	return c
}

// callRoots answers for result i of a call.
func (a *engine) callRoots(call *ssa.Call, i int) Roots {
	c := call.Common()
	cs := a.callees(c)
	if len(cs) == 0 {
		return unknown(call)
	}
	var rs Roots
	for _, callee := range cs {
		rs = rs.join(a.calleeRoots(call, callee, i))
	}
	return rs
}

func (a *engine) calleeRoots(call *ssa.Call, callee callee, i int) Roots {
	if callee.body != nil {
		inside := a.solver.ask(question{result: callee.body, index: i})
		return a.outside(inside, callee.body, call)
	}
	if k, known := maker(callee.fn); known {
		if k == Param {
			return a.at(a.parent(call.Common(), callee.fn), call)
		}
		return Roots{{Kind: k, Node: call}}
	}
	if f := a.fact(callee.fn); f != nil {
		for _, r := range f.Results {
			if r.Index == i {
				return a.imported(r.Origin, callee.fn, call)
			}
		}
	}
	if parent := a.parent(call.Common(), callee.fn); parent != nil && a.foreign(callee.fn) {
		return a.at(parent, call)
	}
	return unknown(call)
}

// derivedFrom returns the context of which the call's context is a child for sure, without asking the solver.
func (a *engine) derivedFrom(call *ssa.Call) ssa.Value {
	fn := calledFunc(call.Common())
	if fn == nil || !a.foreign(fn) {
		return nil
	}
	if _, known := maker(fn); known {
		return nil
	}
	return a.parent(call.Common(), fn)
}

// parent returns the context from which a foreign call derives the one that it returns: its first argument that is a context, else
// its first argument that carries one, else its receiver.
func (a *engine) parent(c *ssa.CallCommon, fn *types.Func) ssa.Value {
	sig := fn.Signature()
	var carrier ssa.Value
	for i := range sig.Params().Len() {
		arg := argument(c, sig, i)
		switch {
		case arg == nil:
		case isContext(arg.Type()):
			return arg
		case carrier == nil && a.carries(arg.Type()):
			carrier = arg
		}
	}
	if carrier != nil || sig.Recv() == nil {
		return carrier
	}
	if recv := argument(c, sig, Receiver); recv != nil && a.carries(recv.Type()) {
		return recv
	}
	return nil
}

// outside translates roots inside fn to those that its caller sees.
func (a *engine) outside(inside Roots, fn *ssa.Function, call ssa.CallInstruction) Roots {
	var rs Roots
	for _, r := range inside {
		p, isParam := r.Node.(*ssa.Parameter)
		switch {
		case isParam && r.Kind == Param && p.Parent() == fn:
			rs = rs.join(a.at(argument(call.Common(), fn.Signature, paramIndex(p)), call))
		case isParam && p.Parent() != fn, !within(r.Node.Parent(), fn): // of a literal, of an enclosing function
			rs = rs.with(r)
		default:
			rs = rs.with(Root{Kind: r.Kind, Node: call})
		}
	}
	return rs
}

// imported translates what a fact says to what the caller sees.
func (a *engine) imported(o Origin, fn *types.Func, call ssa.CallInstruction) Roots {
	var rs Roots
	for _, k := range []Kind{Scoped, Scopeless, Unknown} {
		if o.has(k) {
			rs = rs.with(Root{Kind: k, Node: call})
		}
	}
	for _, p := range o.Params {
		rs = rs.join(a.at(argument(call.Common(), fn.Signature(), p), call))
	}
	return rs
}

// resultRoots answers for a result of a function of the package, seen from inside it.
func (a *engine) resultRoots(fn *ssa.Function, i int) Roots {
	var rs Roots
	for _, ret := range returns(fn) {
		rs = rs.join(a.at(ret.Results[i], ret))
	}
	return rs
}

// given answers for what h's call hands the function that it is handed as that function's argument i, seen from the caller.
// ok is false where that isn't known.
func (a *engine) given(h handed, i int) (rs Roots, ok bool) {
	c := h.call.Common()
	if kind, known := handsOn(apiName(c), h.arg); known {
		if kind == Param {
			return a.at(c.Args[receiverArgs(c)], h.call), true
		}
		return Roots{{Kind: kind, Node: h.call}}, true
	}
	for _, callee := range a.callees(c) {
		given, known := a.givenBy(callee, h, i)
		rs, ok = rs.join(given), ok || known
	}
	return rs, ok
}

func (a *engine) givenBy(callee callee, h handed, i int) (Roots, bool) {
	if callee.body != nil {
		p := paramAt(callee.body, h.arg)
		if p == nil {
			return nil, false
		}
		inside := a.solver.ask(question{handed: p, field: h.field, index: i})
		return a.outside(inside, callee.body, h.call), true
	}
	f := a.fact(callee.fn)
	if f == nil {
		return nil, false
	}
	arg := min(h.arg, callee.fn.Signature().Params().Len()-1)
	for _, cb := range f.Callbacks {
		if cb.Param != arg || cb.Field != h.field {
			continue
		}
		for _, given := range cb.Args {
			if given.Index == i {
				return a.imported(given.Origin, callee.fn, h.call), true
			}
		}
	}
	return nil, false
}

// paramAt returns the parameter with index i in fn's signature; a variadic one takes all further arguments.
func paramAt(fn *ssa.Function, i int) *ssa.Parameter {
	i += len(fn.Params) - fn.Signature.Params().Len()
	if i < 0 || i >= len(fn.Params) {
		return nil
	}
	return fn.Params[i]
}

// handedRoots answers for what the function in p is called with as argument i, seen from inside the function that is handed it.
func (a *engine) handedRoots(p slot, i int) Roots {
	s := a.sitesAt(p)
	if s == nil {
		return unknown(p.param)
	}
	var rs Roots
	for _, call := range append(s.calls[:len(s.calls):len(s.calls)], s.invokes...) {
		sig := call.Common().Signature()
		if arg := argument(call.Common(), sig, i); arg != nil {
			rs = rs.join(a.at(arg, call))
		}
	}
	for _, h := range s.handed {
		given, ok := a.given(h, i)
		if !ok {
			given = unknown(h.call)
		}
		rs = rs.join(given)
	}
	if s.escapes {
		rs = rs.with(Root{Kind: Unknown, Node: p.param})
	}
	return rs
}

// A setting replaces the context that a carrier carries: c.Request = …, *r = …, c.SetRequest(…), c.SetUserContext(…).
type setting struct {
	instr ssa.Instruction
	value ssa.Value
}

// settings returns what replaces the context of the carrier v.
func (a *engine) settings(v ssa.Value) []setting {
	if isContext(v.Type()) || !a.carries(v.Type()) {
		return nil
	}
	if a.set == nil {
		a.set = map[ssa.Value][]setting{}
		a.findSettings()
	}
	if len(a.set) == 0 {
		return nil
	}
	return a.set[a.base(v)]
}

func (a *engine) findSettings() {
	found := map[ssa.Value][]setting{}
	for _, instr := range a.setters {
		if carrier, value := a.settingOf(instr); carrier != nil {
			base := a.base(carrier)
			found[base] = append(found[base], setting{instr, value})
		}
	}
	a.set = found
}

func (a *engine) settingOf(instr ssa.Instruction) (carrier, value ssa.Value) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if field, ok := instr.Addr.(*ssa.FieldAddr); ok && a.carries(field.X.Type()) && a.carries(instr.Val.Type()) && !builtHere(field.X) {
			return field.X, instr.Val
		}
		if load, ok := instr.Val.(*ssa.UnOp); ok && load.Op == token.MUL && a.carries(load.X.Type()) && a.carries(instr.Addr.Type()) && !ssapass.IsVariable(instr.Addr) {
			return instr.Addr, load.X
		}
	case *ssa.Call:
		return a.setter(instr)
	}
	return nil, nil
}

// builtHere reports whether the carrier is built here: a composite literal isn't replaced by its own fields.
func builtHere(carrier ssa.Value) bool {
	_, built := carrier.(*ssa.Alloc)
	return built
}

// setter recognises c.SetRequest(r) and its like: a foreign method Set… of a carrier that takes a carrier.
func (a *engine) setter(call *ssa.Call) (carrier, value ssa.Value) {
	fn := calledFunc(call.Common())
	if fn == nil || fn.Signature().Recv() == nil || len(fn.Name()) < 4 || fn.Name()[:3] != "Set" || !a.foreign(fn) {
		return nil, nil
	}
	recv := argument(call.Common(), fn.Signature(), Receiver)
	if recv == nil || !a.carries(recv.Type()) {
		return nil, nil
	}
	for i := range fn.Signature().Params().Len() {
		if arg := argument(call.Common(), fn.Signature(), i); arg != nil && a.carries(arg.Type()) {
			return recv, arg
		}
	}
	return nil, nil
}

// setRoots answers for a carrier with settings: those that may have run before instr, and its own unless one of them always did.
func (a *engine) setRoots(v ssa.Value, set []setting, instr ssa.Instruction) Roots {
	var rs Roots
	always := false
	for _, s := range set {
		if s.instr.Parent() != instr.Parent() {
			rs = rs.join(a.at(s.value, s.instr))
			continue
		}
		if s.instr != instr && ssapass.LeadsTo(s.instr, instr) {
			rs = rs.join(a.at(s.value, s.instr))
			always = always || ssapass.Precedes(s.instr, instr)
		}
	}
	if !always {
		rs = rs.join(a.solver.ask(question{value: v}))
	}
	return rs
}
