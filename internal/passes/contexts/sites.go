package contexts

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// sites is what a package does with one function value: with a function of the package, or with a parameter that is one.
type sites struct {
	calls   []ssa.CallInstruction // it is called, deferred or started
	invokes []ssa.CallInstruction // a method of it is called: it is a handler
	handed  []handed
	escapes bool // it is returned, stored or sent
}

type handed struct {
	call  ssa.CallInstruction
	arg   int    // index in the callee's signature, [Receiver] aside
	field string // of that argument, or empty
}

// live reports whether the function may ever run: a literal that is only assigned does not.
func (s *sites) live() bool {
	return s != nil && (s.escapes || len(s.calls)+len(s.handed)+len(s.invokes) > 0)
}

// index finds the sites of all function values of the package.
func (a *engine) index() {
	for _, fn := range a.funcs {
		body := a.ssa.Body(fn)
		for _, call := range body.Calls {
			a.indexCall(call)
		}
		hands := handsOut(fn.Signature)
		for _, move := range body.Moves {
			if _, returns := move.(*ssa.Return); hands || !returns {
				a.indexMove(move)
			}
		}
	}
}

// handsOut reports whether a function of that signature returns functions.
func handsOut(sig *types.Signature) bool {
	for r := range sig.Results().Variables() {
		if isFunc(r.Type()) {
			return true
		}
	}
	return false
}

func (a *engine) indexMove(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Return:
		for _, v := range instr.Results {
			a.escape(v)
		}
	case *ssa.Store:
		if a.carries(instr.Val.Type()) && !ssapass.IsVariable(instr.Addr) {
			a.setters = append(a.setters, instr)
		}
		if isFunc(instr.Val.Type()) && !ssapass.IsVariable(instr.Addr) && !isVariadic(instr.Addr) {
			a.escape(instr.Val)
		}
	case *ssa.Send:
		a.escape(instr.X)
	case *ssa.MapUpdate:
		a.escape(instr.Value)
	}
}

// concerns reports whether a call can need anything of a context: it is handed something that carries one, or a function, or it enqueues.
func (a *engine) concerns(c *ssa.CallCommon) bool {
	if c.IsInvoke() && a.carries(c.Value.Type()) {
		return true
	}
	return a.takesContext(c.Signature())
}

// takesContext reports whether a function of that signature is handed something that carries a context, or a function.
func (a *engine) takesContext(sig *types.Signature) bool { return a.taken(sig).context }

// taken is what a function of a signature is handed.
type taken struct {
	context   bool // something that carries one, or a function
	functions bool // functions, handlers, or structs that have some
}

func (a *engine) taken(sig *types.Signature) taken {
	t, known := a.takes[sig]
	if !known {
		if recv := sig.Recv(); recv != nil {
			t = a.takenAs(recv.Type(), t)
		}
		for p := range sig.Params().Variables() {
			t = a.takenAs(p.Type(), t)
		}
		a.takes[sig] = t
	}
	return t
}

func (a *engine) takenAs(param types.Type, t taken) taken {
	k := a.kind(param)
	t.context = t.context || k.carries || called(param) != nil
	t.functions = t.functions || k.functional || isFunc(param)
	return t
}

// A target is what is known of a declared function that calls name, asked once.
type target struct {
	callees []callee // the function
	takes   taken
	says    bool // see says
}

// declared returns the target of a call that names a declared function, else nil.
func (a *engine) declared(c *ssa.CallCommon) *target {
	fn := c.StaticCallee()
	if fn == nil || fn.Parent() != nil {
		return nil
	}
	t := a.targets[fn]
	if t == nil {
		declared := original(fn)
		t = &target{callees: []callee{a.calleeOf(declared)}, takes: a.taken(c.Signature()), says: a.says(declared)}
		a.targets[fn] = t
	}
	return t
}

func (a *engine) indexCall(call ssa.CallInstruction) {
	c := call.Common()
	if _, builtin := c.Value.(*ssa.Builtin); builtin {
		a.appended(c)
		return
	}
	if t := a.declared(c); t != nil {
		a.indexName(call, t.callees[0].fn)
		a.indexArgs(call, t.takes)
		if t.says && (t.takes.context || len(a.fields[call]) > 0) {
			a.calls = append(a.calls, call)
		}
		return // nobody asks where declared functions are called
	}
	if c.IsInvoke() {
		a.indexName(call, c.Method)
	}
	a.indexArgs(call, a.taken(c.Signature()))
	for _, t := range targets(c.Value) {
		s := a.siteOf(t)
		if c.IsInvoke() {
			s.invokes = append(s.invokes, call)
		} else {
			s.calls = append(s.calls, call)
		}
	}
	if p, ok := slotOf(c.Value); ok {
		s := a.slotSite(p)
		s.calls = append(s.calls, call)
	}
	if a.concerns(c) || len(a.fields[call]) > 0 {
		a.calls = append(a.calls, call)
	}
}

// says reports whether there may be something to say of a call of the declared function fn: it is of this package or of the runtime,
// or has a fact.
func (a *engine) says(fn *ssa.Function) bool {
	if len(fn.Blocks) > 0 {
		return true
	}
	obj := objectOf(fn)
	name, f := airlockapi.Name(obj), a.fact(obj)
	a.guarding = a.guarding || name == "FromContext" || f != nil && len(f.Guards) > 0
	a.wrappers = a.wrappers || f != nil && len(f.Wraps) > 0
	a.asking = a.asking || obj != nil && isErrorsIs(obj)
	return name != "" || f != nil
}

// indexName notes calls of methods that replace what a carrier carries, or have a framework go on.
func (a *engine) indexName(call ssa.CallInstruction, fn *types.Func) {
	switch {
	case fn == nil:
	case fn.Name() == "Next":
		a.nexts[call.Parent()] = append(a.nexts[call.Parent()], call)
	case strings.HasPrefix(fn.Name(), "Set"):
		a.setters = append(a.setters, call)
	}
}

func (a *engine) indexArgs(call ssa.CallInstruction, takes taken) {
	c := call.Common()
	_, spawns := call.(*ssa.Go)
	args := c.Args
	if !takes.functions {
		args = nil
	}
	for i, arg := range args {
		if !isFunc(arg.Type()) {
			a.indexFields(call, i-receiverArgs(c), arg)
			continue
		}
		spawns = true
		for _, t := range targets(arg) {
			s := a.siteOf(t)
			s.handed = append(s.handed, handed{call: call, arg: i - receiverArgs(c)})
		}
		if p, ok := slotOf(arg); ok {
			s := a.slotSite(p)
			s.handed = append(s.handed, handed{call: call, arg: i - receiverArgs(c)})
		}
	}
	if spawns {
		a.spawners = append(a.spawners, call)
	}
}

// appended lets the functions that append adds to a list of hooks escape.
func (a *engine) appended(c *ssa.CallCommon) {
	if c.Value.Name() == "append" {
		for _, arg := range c.Args[1:] {
			a.escape(arg)
		}
	}
}

func (a *engine) escape(v ssa.Value) {
	if !isFunc(v.Type()) {
		return
	}
	for _, t := range targets(v) {
		a.siteOf(t).escapes = true
	}
}

func (a *engine) siteOf(t ssa.Value) *sites {
	s := a.sites[t]
	if s == nil {
		s = new(sites)
		a.sites[t] = s
	}
	return s
}

// receiverArgs returns how many of the call's arguments stand before those of the signature: 1 for a static method call.
func receiverArgs(c *ssa.CallCommon) int {
	if !c.IsInvoke() && c.Signature().Recv() != nil {
		return 1
	}
	return 0
}

// argument returns the argument for parameter i of a callee with the signature sig; nil for the receiver that a method value bound.
func argument(c *ssa.CallCommon, sig *types.Signature, i int) ssa.Value {
	if i == Receiver && c.IsInvoke() {
		return c.Value
	}
	if i += len(c.Args) - sig.Params().Len(); i >= 0 && i < len(c.Args) {
		return c.Args[i]
	}
	return nil
}

// targets returns the functions, and the parameters that are functions, that the function value v may be.
func targets(v ssa.Value) []ssa.Value {
	switch v := v.(type) {
	case *ssa.Function: // as most are
		return []ssa.Value{original(v)}
	case *ssa.Parameter:
		return []ssa.Value{v}
	case *ssa.MakeClosure:
		return []ssa.Value{original(v.Fn.(*ssa.Function))}
	case *ssa.Const, *ssa.Call, *ssa.Extract, *ssa.Builtin, *ssa.Global, *ssa.FreeVar:
		return nil
	case *ssa.MakeInterface:
		if !isFunc(v.X.Type()) {
			return nil
		}
	case *ssa.UnOp:
		if _, field := v.X.(*ssa.FieldAddr); field {
			return nil
		}
	}
	var t tracer
	t.trace(v)
	return t.found
}

type tracer struct {
	seen  []ssa.Value // few
	found []ssa.Value
}

func (t *tracer) trace(v ssa.Value) {
	if v == nil || slices.Contains(t.seen, v) {
		return
	}
	t.seen = append(t.seen, v)
	switch v := v.(type) {
	case *ssa.Function:
		t.found = append(t.found, original(v))
	case *ssa.Parameter:
		t.found = append(t.found, v)
	case *ssa.MakeClosure:
		t.trace(v.Fn)
	case *ssa.Phi:
		for _, e := range v.Edges {
			t.trace(e)
		}
	case *ssa.ChangeType:
		t.trace(v.X)
	case *ssa.ChangeInterface:
		t.trace(v.X)
	case *ssa.MakeInterface:
		t.trace(v.X)
	case *ssa.Slice:
		t.trace(v.X)
	case *ssa.Alloc:
		t.elements(v)
	case *ssa.UnOp:
		t.load(v)
	}
}

// load follows a variable to what is stored in it, and an element to its slice.
func (t *tracer) load(v *ssa.UnOp) {
	switch addr := v.X.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		for _, s := range ssapass.Stores(addr) {
			t.trace(s.Val)
		}
	case *ssa.IndexAddr:
		t.trace(addr.X)
	}
}

// elements follows the array of a variadic call to its elements.
func (t *tracer) elements(array *ssa.Alloc) {
	if !isVariadic(array) {
		return
	}
	for _, ref := range *array.Referrers() {
		if elem, ok := ref.(*ssa.IndexAddr); ok {
			for _, s := range ssapass.Stores(elem) {
				t.trace(s.Val)
			}
		}
	}
}

func isVariadic(addr ssa.Value) bool {
	if elem, ok := addr.(*ssa.IndexAddr); ok {
		addr = elem.X
	}
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return false
	}
	_, array := alloc.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	return array
}

// original returns the function that was declared, for an instance of it, a method value or a method expression.
func original(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	if fn.Synthetic == "" || strings.HasPrefix(fn.Synthetic, "from type information") { // as of other packages
		return fn
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if declared := fn.Prog.FuncValue(obj.Origin()); declared != nil {
			return declared
		}
	}
	return fn
}
