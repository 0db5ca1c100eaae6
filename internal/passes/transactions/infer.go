package transactions

import (
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// maxRounds bounds the rounds of a fixed point: how long a chain of wrappers in one package, listed in the worst order, may be.
const maxRounds = 12

// infer computes the summaries of the package's declared functions. Each step is a fixed point of its own that only adds: first what
// errors mean, then what opens and ends transactions, what runs inside them, and last what callees do on which paths.
func (k *knower) infer(fns []*ssa.Function) {
	own := k.class(k.pass.Pkg) == whose.Own // of third parties, what they do with transactions is enough
	if own {
		k.fix(fns, k.errors, k.constant, k.implies)
	}
	k.fix(fns, k.opens, k.ends)
	for fn, s := range k.own {
		if len(s.Opens) > 0 {
			s.Opens = nil // what was opened may have been ended by a function of which that was not known yet
			k.ledger.changed(fn)
		}
	}
	k.fix(fns, k.opens, k.runs)
	if own {
		k.listed(fns)
		k.fix(fns, k.keeps, k.flushes, k.paths)
	}
}

// fix takes the steps one after the other, each until it adds nothing.
func (k *knower) fix(fns []*ssa.Function, steps ...func(*ssa.Function, *Summary) bool) {
	for _, step := range steps {
		k.fixed(fns, step)
	}
	k.ledger.current = nil
}

// fixed takes a step for each declared function, and again for those whose summary depends on what has changed since.
func (k *knower) fixed(fns []*ssa.Function, step func(*ssa.Function, *Summary) bool) {
	pending := map[*types.Func]bool{}
	for _, fn := range fns {
		if obj := object(fn); obj != nil && fn.Parent() == nil && len(fn.Blocks) > 0 {
			pending[obj] = true
		}
	}
	for range maxRounds {
		changed := false
		for _, fn := range fns {
			obj := object(fn)
			if fn.Parent() != nil || !pending[obj] && !k.ledger.stale[obj] {
				continue
			}
			delete(pending, obj)
			k.renew(fn)
			s := k.own[obj]
			if s == nil {
				s = new(Summary)
			}
			if step(fn, s) {
				k.own[obj] = s
				k.ledger.changed(obj)
				pending[obj], changed = true, true
			}
		}
		if !changed {
			return
		}
	}
}

// errors finds out whether the function's error is never nil.
func (k *knower) errors(fn *ssa.Function, s *Summary) bool {
	i := errorIndex(fn.Signature)
	if i < 0 || s.Never || returnsNil(fn, i) {
		return k.translates(fn, s, i)
	}
	if k.alwaysFails(fn, nil) {
		s.Never = true
		return true
	}
	return k.translates(fn, s, i)
}

// translates finds out whether the function returns an error whenever it is given one.
func (k *knower) translates(fn *ssa.Function, s *Summary, i int) bool {
	if i < 0 || s.Never {
		return false
	}
	changed := false
	for p, param := range fn.Params {
		if isError(param.Type()) && !slices.Contains(s.NilIf, p) && k.alwaysFails(fn, map[ssa.Value]Value{param: isNonNil}) {
			s.NilIf = append(s.NilIf, p)
			changed = true
		}
	}
	return changed
}

func (k *knower) alwaysFails(fn *ssa.Function, given map[ssa.Value]Value) bool {
	if len(fn.Blocks) > 60 {
		return false
	}
	w := k.run(fn, noHandle(), nil, given)
	return len(w.returns) > 0 && !slices.ContainsFunc(w.returns, func(r returned) bool { return r.err.Is != NonNil })
}

// returnsNil reports whether some return plainly returns a nil error.
func returnsNil(fn *ssa.Function, i int) bool {
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(r.Results) {
			if c, ok := r.Results[i].(*ssa.Const); ok && c.IsNil() {
				return true
			}
		}
	}
	return false
}

// constant finds the only value that a method without parameters returns.
func (k *knower) constant(fn *ssa.Function, s *Summary) bool {
	sig := fn.Signature
	if sig.Recv() == nil || sig.Params().Len() > 0 || sig.Results().Len() != 1 || isError(sig.Results().At(0).Type()) || s.Result != (Value{}) {
		return false
	}
	var only Value
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		is := plain(r.Results[0])
		if is.Is == Unknown || only.Is != Unknown && only != is || is.Is == Constant && is != isTrue && is != isFalse {
			return false
		}
		only = is
	}
	s.Result = only
	return only.Is != Unknown
}

func plain(v ssa.Value) Value {
	if c, ok := v.(*ssa.Const); ok {
		return constantOf(c)
	}
	return inherent(v)
}

func noHandle() *handle { return &handle{values: map[ssa.Value]bool{}, spots: map[spot]bool{}} }

// callsOf lists the calls of a declared function and its literals.
func (k *knower) callsOf(fn *ssa.Function) []ssa.CallInstruction {
	if len(fn.AnonFuncs) == 0 {
		return k.ssa.CallsIn(fn)
	}
	calls, known := k.family[fn]
	if !known {
		for _, f := range family(fn) {
			calls = append(calls, k.ssa.CallsIn(f)...)
		}
		k.family[fn] = calls
	}
	return calls
}

// callsWithin is callsOf where nobody is there to remember.
func callsWithin(fn *ssa.Function) []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for _, f := range family(fn) {
		calls = append(calls, ssapass.Walk(f, nil).Calls...)
	}
	return calls
}

// ends finds the parameters whose transaction the function ends.
func (k *knower) ends(fn *ssa.Function, s *Summary) bool {
	calls := slices.DeleteFunc(slices.Clone(k.callsOf(fn)), func(c ssa.CallInstruction) bool { return len(k.meaning(c).ends) == 0 })
	if len(calls) == 0 {
		return false
	}
	changed := false
	for i, p := range fn.Params {
		if !k.carries(p.Type()) {
			continue
		}
		h := k.trace(fn, p)
		if !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return k.endsHandle(c, h) }) {
			continue
		}
		if e, ok := k.end(fn, h, i); ok && s.addEnd(e) {
			changed = true
		}
	}
	return changed
}

// carries reports whether a parameter of the type may be or hold a transaction. Other people's types do only if they can commit: an
// engine that makes sessions does not.
func (k *knower) carries(t types.Type) bool {
	if k.txLike(t) || isContext(t) {
		return true
	}
	elem := t
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		elem = p.Elem()
	}
	if named, ok := types.Unalias(elem).(*types.Named); ok && k.class(named.Obj().Pkg()) != k.class(k.pass.Pkg) {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Struct:
		return !isError(t)
	}
	return false
}

func (k *knower) endsHandle(call ssa.CallInstruction, h *handle) bool {
	for _, e := range k.meaning(call).ends {
		if h.is(operand(call.Common(), e.Param)) {
			return true
		}
	}
	return false
}

// end walks the function with the parameter's transaction open, and sees whether it is when it returns.
func (k *knower) end(fn *ssa.Function, h *handle, i int) (End, bool) {
	e := End{Param: i, Rollback: true, Commit: true}
	w := k.run(fn, h, nil, nil)
	for _, r := range w.returns {
		if r.open {
			continue
		}
		e.OnSuccess = e.OnSuccess || r.err.Is != NonNil
		e.OnFailure = e.OnFailure || r.err.Is != Nil && errorIndex(fn.Signature) >= 0
	}
	for _, call := range k.callsOf(fn) {
		if k.endsHandle(call, h) {
			m := k.meaning(call)
			e.Rollback, e.Commit = e.Rollback && m.rollsBack(h, call), e.Commit && m.commits(h, call)
		}
	}
	return e, e.OnSuccess || e.OnFailure
}

// opens finds the transactions that are open when the function has returned.
func (k *knower) opens(fn *ssa.Function, s *Summary) bool {
	changed := false
	for _, o := range k.openers(fn) {
		w := k.run(o.root, o.handle, o.call, nil)
		if o.root != fn {
			continue
		}
		for _, r := range w.returns {
			if r.open && r.err.Is != NonNil {
				changed = w.leaves(fn, s, o, r) || changed
			}
		}
	}
	return changed
}

// leaves notes where an open transaction goes when the function returns: into results, functions that end it among them, and parameters.
func (w *walk) leaves(fn *ssa.Function, s *Summary, o opening, r returned) bool {
	changed := false
	for i, v := range r.instr.Results {
		if !isError(v.Type()) && (o.handle.is(v) || w.ending(v)) {
			changed = s.addOpen(Open{Result: true, Index: i, If: conditions(r.holds), How: o.how}) || changed
		}
	}
	for i, p := range fn.Params {
		if o.handle.values[p] && !isContext(p.Type()) {
			changed = s.addOpen(Open{Index: i, If: conditions(r.holds), How: o.how}) || changed
		}
	}
	return changed
}

// An opening is a call that opens a transaction, and that transaction.
type opening struct {
	call   ssa.CallInstruction
	handle *handle
	how    string
	root   *ssa.Function // in which its region lies
}

// openers lists the calls in a declared function and its literals that open a transaction.
func (k *knower) openers(fn *ssa.Function) []opening {
	var list []opening
	for _, call := range k.callsOf(fn) {
		m := k.meaning(call)
		if len(m.opens) == 0 {
			continue
		}
		h := k.trace(fn, opened(call, m.opens)...)
		list = append(list, opening{call: call, handle: h, how: m.opens[0].How, root: k.root(call.Parent(), h)})
	}
	return list
}

// opened lists the values that are an opened transaction.
func opened(call ssa.CallInstruction, opens []Open) []ssa.Value {
	var seeds []ssa.Value
	for _, o := range opens {
		if !o.Result {
			seeds = append(seeds, operand(call.Common(), o.Index))
			continue
		}
		v := call.Value()
		if v == nil {
			continue
		}
		if !isTuple(v.Type()) {
			seeds = append(seeds, v)
			continue
		}
		for _, ref := range *v.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == o.Index {
				seeds = append(seeds, x)
			}
		}
	}
	return seeds
}

// root returns the function whose paths see all of the transaction: the one around a literal that is called at once, where the
// literal leaves the transaction to it.
func (k *knower) root(fn *ssa.Function, h *handle) *ssa.Function {
	for fn.Parent() != nil && escapes(h, fn) && calledAtOnce(fn) {
		fn = fn.Parent()
	}
	return fn
}

// escapes reports whether the handle lies in a variable outside fn.
func escapes(h *handle, fn *ssa.Function) bool {
	for s := range h.spots {
		if s.root.Parent() != nil && s.root.Parent() != fn && !within(s.root.Parent(), fn) {
			return true
		}
	}
	for v := range h.values {
		if v.Parent() != nil && v.Parent() != fn && !within(v.Parent(), fn) {
			return true
		}
	}
	return false
}

func within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}

func calledAtOnce(fn *ssa.Function) bool {
	for _, call := range callsWithin(fn.Parent()) {
		if call.Parent() == fn.Parent() && literal(call.Common()) == fn {
			_, async := call.(*ssa.Go)
			return !async
		}
	}
	return false
}

// runs finds the function arguments that the function calls inside a transaction.
func (k *knower) runs(fn *ssa.Function, s *Summary) bool {
	if !takesFunctions(fn.Signature) {
		return false
	}
	changed := false
	held := sync.OnceValue(func() map[ssa.CallInstruction]few[param, Value] { return k.heldAt(fn) })
	for _, o := range k.openers(fn) {
		changed = k.runsWhileOpen(s, o) || changed
	}
	for _, g := range k.givens(fn, s) {
		changed = k.runsWhileOpen(s, g) || changed
	}
	for _, b := range k.bodiesOf(fn) {
		in := around{how: b.how, made: b.made, by: b.by, outcome: func(q question, is ending) bool {
			return k.holds(q, b.fn, k.given(b.fn), nil, func(r returned) bool { return b.ending(r) == is })
		}}
		in.holds = append(runConditions(held()[b.call]), b.holds...)
		for _, instr := range instructions(b.fn) {
			changed = k.runsAt(s, instr, in) || changed
		}
	}
	for _, call := range k.callsOf(fn) {
		for _, r := range k.meaning(call).runs {
			if r.Made {
				continue
			}
			r.If, r.By = append(runConditions(held()[call]), passed(call, r)...), calledBy(call, r)
			changed = k.passesOn(fn, s, call, r) || changed
		}
	}
	return changed
}

// runsWhileOpen notes the function arguments that are called while the transaction is open.
func (k *knower) runsWhileOpen(s *Summary, o opening) bool {
	changed := false
	in := around{how: o.how, outcome: func(q question, is ending) bool {
		return k.holds(q, o.root, o.handle, o.call, func(r returned) bool { return r.how == is && !r.open })
	}}
	for _, e := range openAt(k.run(o.root, o.handle, o.call, nil).happenings()) {
		in.holds = runConditions(e.holds)
		changed = k.runsAt(s, e.instr, in) || changed
	}
	return changed
}

// openAt lists the events at which the transaction is open: one for each instruction, with what holds at all of its.
func openAt(events []event) []event {
	var list []event
	for _, e := range events {
		if !e.open {
			continue
		}
		i := slices.IndexFunc(list, func(old event) bool { return old.instr == e.instr })
		if i < 0 {
			list = append(list, e)
			continue
		}
		list[i].holds = agree(list[i].holds, e.holds)
	}
	return list
}

// givens lists the transactions that a function ends and of which nothing tells where they were begun: those of its parameters, which
// were open when it was called, and those that a call returned, which are from then on.
func (k *knower) givens(fn *ssa.Function, s *Summary) []opening {
	how := object(fn).FullName()
	var list []opening
	for _, call := range k.callsOf(fn) {
		m := k.meaning(call)
		if call.Parent() != fn || len(m.opens) > 0 || call.Value() == nil {
			continue
		}
		var made []ssa.Value
		for _, v := range results(call.Value()) {
			if k.txLike(v.Type()) {
				made = append(made, v)
			}
		}
		if len(made) == 0 {
			continue
		}
		if h := k.trace(fn, made...); k.endsTx(fn, h, false) {
			list = append(list, opening{call: call, handle: h, how: how, root: fn})
		}
	}
	for _, e := range s.Ends {
		if h := k.trace(fn, fn.Params[e.Param]); k.endsTx(fn, h, true) {
			list = append(list, opening{handle: h, how: how, root: fn})
		}
	}
	return list
}

// results lists what a call returns, one by one.
func results(call *ssa.Call) []ssa.Value {
	if !isTuple(call.Type()) {
		return []ssa.Value{call}
	}
	var all []ssa.Value
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok {
			all = append(all, x)
		}
	}
	return all
}

// endsTx reports whether a function ends the transaction that a handle is, as one that can also be taken back, and does not begin it.
// Of one that came whole, what a call has made of it is another.
func (k *knower) endsTx(fn *ssa.Function, h *handle, whole bool) bool {
	ends := false
	for _, call := range k.callsOf(fn) {
		m := k.meaning(call)
		if slices.ContainsFunc(opened(call, m.opens), h.is) {
			return false
		}
		for _, e := range m.ends {
			v := operand(call.Common(), e.Param)
			ends = ends || h.is(v) && k.txLike(v.Type()) && !(whole && comesFromCall(v))
		}
	}
	return ends
}

// comesFromCall reports whether a call has returned a value. What a context is asked for was put there.
func comesFromCall(v ssa.Value) bool {
	v = origin(v)
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	return ok && !asked(call.Common())
}

// takesFunctions reports whether some parameter is a function, or may hold one, or the result is a function that may take some.
func takesFunctions(sig *types.Signature) bool {
	// A result's type may be the function's own: type state func() state.
	for seen := map[*types.Signature]bool{}; sig != nil && !seen[sig]; sig = made(sig) {
		seen[sig] = true
		for p := range sig.Params().Variables() {
			if holdsFunctions(p.Type()) {
				return true
			}
		}
	}
	return false
}

// made is the signature of the only result, nil if that is no function.
func made(sig *types.Signature) *types.Signature {
	if sig.Results().Len() != 1 {
		return nil
	}
	result, _ := sig.Results().At(0).Type().Underlying().(*types.Signature)
	return result
}

func holdsFunctions(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Signature, *types.Struct, *types.Interface, *types.Slice:
		return true
	}
	return false
}

// instructions lists those of fn and its literals.
func instructions(fn *ssa.Function) []ssa.Instruction {
	var list []ssa.Instruction
	for _, f := range family(fn) {
		for _, b := range f.Blocks {
			list = append(list, b.Instrs...)
		}
	}
	return list
}

// runsAt notes the function argument that an instruction inside a transaction calls. Where the instruction stands in a literal that calls
// have made, it is an argument of these.
func (k *knower) runsAt(s *Summary, instr ssa.Instruction, in around) bool {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	c := call.Common()
	if v := goesOn(c); v != nil {
		if r, ok := argument(v); ok && r.Field == "" {
			r.Field, r.Commits = nextMethod, in.commits(call)
			return s.addOuter(r, in)
		}
	}
	r, ok := argument(c.Value)
	if !ok || c.IsInvoke() && (r.Field != "" || !callsNext(c)) {
		return k.passedInside(s, call, in)
	}
	if c.IsInvoke() {
		r.Field = c.Method.Name() + "()"
	}
	r.Commits, r.Undo = in.commits(call), in.undo(call)
	return s.addOuter(r, in)
}

// addOuter adds an argument of the innermost of the calls that made a literal, as one of the function around the outermost.
func (s *Summary) addOuter(r Run, in around) bool {
	commits, undo := r.Commits, r.Undo
	for _, call := range in.made {
		v := operand(call.Common(), r.Param)
		if v == nil || r.Made {
			return false
		}
		from, ok := argument(v)
		if !ok || from.Field != "" && r.Field != "" {
			return false
		}
		if from.Field == "" {
			from.Field = r.Field
		}
		r = from
	}
	r.How, r.Commits, r.Undo, r.If, r.By = in.how, commits, undo, in.holds, in.by
	return s.addRun(r)
}

// callsNext reports whether a call is of an interface of one method that is not the user's: next.ServeHTTP.
func callsNext(c *ssa.CallCommon) bool {
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	return ok && iface.NumMethods() == 1 && !isContext(c.Value.Type()) && c.Method.Name() == "ServeHTTP"
}

// nextMethod is the method of a web framework's context that runs what a middleware stands before.
const nextMethod = "Next()"

// goesOn returns the context of a call c.Next(), nil for any other call.
func goesOn(c *ssa.CallCommon) ssa.Value {
	fn := callee(c)
	if fn == nil || fn.Name()+"()" != nextMethod || fn.Signature().Recv() == nil || fn.Signature().Params().Len() > 0 {
		return nil
	}
	if results := fn.Signature().Results(); results.Len() > 1 || results.Len() == 1 && !isError(results.At(0).Type()) {
		return nil // of an iterator
	}
	t := fn.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); !ok || named.Obj().Name() != "Context" && named.Obj().Name() != "Ctx" {
		return nil
	}
	return operand(c, 0)
}

// passedInside notes the function arguments that a call inside a transaction hands on to a function that calls them.
func (k *knower) passedInside(s *Summary, call ssa.CallInstruction, in around) bool {
	changed := false
	c := call.Common()
	for i := range operands(c) {
		v := operand(c, i)
		if _, ok := v.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		if r, ok := argument(v); ok && k.invokes(call, i) {
			changed = s.addOuter(r, in) || changed
		}
	}
	return changed
}

// passesOn notes that the function hands its own function argument to a call that runs it inside a transaction.
func (k *knower) passesOn(fn *ssa.Function, s *Summary, call ssa.CallInstruction, r Run) bool {
	if whole := operand(call.Common(), r.Param); r.Field != "" && whole != nil {
		if from, ok := argument(whole); ok && from.Field == "" { // a struct of options, handed on
			return s.addRun(r.of(from.Param, r.Field, from.Made))
		}
	}
	v := k.callback(call, r)
	if v == nil {
		return false
	}
	from, ok := argument(v)
	if !ok {
		return false
	}
	return s.addRun(r.of(from.Param, from.Field, from.Made))
}

// of is the same of another parameter.
func (r Run) of(param int, field string, made bool) Run {
	r.Param, r.Field, r.Made = param, field, made
	return r
}

// argument returns the parameter that v is, or the field of one: of the declared function, or of the literal that it returns.
func argument(v ssa.Value) (Run, bool) {
	v = origin(v)
	if i := paramIndex(v); i >= 0 {
		return Run{Param: i}, true
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return Run{Param: slices.Index(v.Parent().Params, v), Made: true}, returnedLiteral(v.Parent())
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.IndexAddr); ok {
			return argument(at.X) // one of several functions
		}
		if i := paramIndex(origin(v.X)); i >= 0 {
			return Run{Param: i}, true // a struct of options, handed on
		}
		i, field, ok := fieldOf(spotOf(v.X))
		return Run{Param: i, Field: field}, ok
	case *ssa.Field:
		r, ok := argument(v.X)
		r.Field = fieldName(v.X.Type(), v.Field)
		return r, ok
	}
	return Run{}, false
}

// returnedLiteral reports whether a literal is what the declared function around it returns.
func returnedLiteral(lit *ssa.Function) bool {
	fn := lit.Parent()
	if fn == nil || fn.Parent() != nil {
		return false
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && len(ret.Results) == 1 && functionOf(origin(ret.Results[0])) == lit {
			return true
		}
	}
	return false
}

func fieldOf(s spot) (int, string, bool) {
	if len(s.path) < 2 || s.path[0] != '.' {
		return 0, "", false
	}
	root := s.root
	if a, ok := root.(*ssa.Alloc); ok {
		if v := onlyStore(a); v != nil {
			root = origin(v)
		}
	}
	i := paramIndex(root)
	if i < 0 || i == 0 && root.Parent().Signature.Recv() != nil {
		return 0, "", false // a field of the receiver is no argument
	}
	return i, s.path[1:], true
}

// paths finds what the function performs only where it fails, after it has ended a transaction, or under a condition.
func (k *knower) paths(fn *ssa.Function, s *Summary) bool {
	if !k.performsAnything(fn) {
		return len(s.Ends) > 0 && slices.ContainsFunc(instructions(fn), k.callsHeld) && k.pasts(fn, s)
	}
	w := k.run(fn, noHandle(), nil, nil)
	var all, stands effect.Set
	for _, e := range w.happenings() {
		all = all.Join(e.set)
	}
	changed := false
	if errorIndex(fn.Signature) >= 0 {
		for _, e := range w.inside() {
			stands = stands.Join(e.set)
		}
		if failing := all.Minus(stands); failing != s.Failing {
			s.Failing, changed = failing, true
		}
	}
	if absent := w.ruled.Minus(all); absent != s.Absent {
		s.Absent, changed = absent, true
	}
	if guards := guards(w.happenings(), all); !slices.EqualFunc(guards, s.Guards, func(a, b Guard) bool { return a == b }) {
		s.Guards, changed = guards, true
	}
	return k.pasts(fn, s) || changed
}

// pasts finds what is performed only after a parameter's transaction has been ended.
func (k *knower) pasts(fn *ssa.Function, s *Summary) bool {
	var found []Past
	for _, e := range s.Ends {
		w := k.run(fn, k.trace(fn, fn.Params[e.Param]), nil, nil)
		var all, open effect.Set
		var called, within bool // functions that parameters hold
		for _, h := range w.happenings() {
			given := k.callsHeld(h.instr)
			all, called = all.Join(h.set), called || given
			if h.open {
				open, within = open.Join(h.set), within || given
			}
		}
		if p := (Past{Param: e.Param, Set: all.Minus(open), Given: called && !within}); p.Set != 0 || p.Given {
			found = append(found, p)
		}
	}
	if slices.Equal(found, s.Past) {
		return false
	}
	s.Past = found
	return true
}

func (k *knower) performsAnything(fn *ssa.Function) bool {
	for _, instr := range instructions(fn) {
		switch instr := instr.(type) {
		case ssa.CallInstruction:
			if k.performs(instr) != 0 {
				return true
			}
		case *ssa.Send, *ssa.Select:
			if k.sends(instr) != 0 {
				return true
			}
		}
	}
	return false
}

// happenings lists the calls and sends on all paths.
func (w *walk) happenings() []event {
	var list []event
	for _, n := range w.order {
		for _, e := range n.events {
			if e.kind == happens {
				list = append(list, e)
			}
		}
	}
	return list
}

// guards lists the conditions under which each effect is performed, wherever it is.
func guards(events []event, all effect.Set) []Guard {
	var list []Guard
	for e := range all.All() {
		var common few[param, Value]
		first := true
		for _, ev := range events {
			if !ev.set.Has(e) {
				continue
			}
			if first {
				common, first = ev.holds, false
				continue
			}
			common = agree(common, ev.holds)
		}
		for _, c := range conditions(common) {
			list = addGuard(list, Guard{Condition: c, Set: effect.SetOf(e)})
		}
	}
	return list
}

func agree(a, b few[param, Value]) few[param, Value] {
	var common few[param, Value]
	for _, e := range a {
		v, _ := b.get(e.key)
		if is := meet(e.value, v); is.Is != Unknown {
			common.set(e.key, is)
		}
	}
	return common
}

// runConditions lists what holds where a function argument is called: also that a parameter is not nil, such as the database.
func runConditions(holds few[param, Value]) []Condition {
	list := conditions(holds)
	for _, e := range holds {
		if e.value == isNonNil && e.key.method == "" {
			list = append(list, Condition{Param: e.key.index, Is: isNonNil})
		}
	}
	return list
}

// conditions lists what is worth telling a caller, in order.
func conditions(holds few[param, Value]) []Condition {
	var list []Condition
	for _, e := range holds {
		p, v := e.key, e.value
		if v.Is == Nil || v.Is == Constant || v.Is == Not || v.Is == NonZero || v.Is == NonNil && p.method != "" {
			list = append(list, Condition{Param: p.index, Method: p.method, Is: v})
		}
	}
	slices.SortFunc(list, func(a, b Condition) int {
		if a.Param != b.Param {
			return a.Param - b.Param
		}
		if a.Method < b.Method {
			return -1
		}
		if a.Method > b.Method {
			return 1
		}
		return 0
	})
	return list
}

func addGuard(list []Guard, g Guard) []Guard {
	for i := range list {
		if list[i].Condition == g.Condition {
			list[i].Set = list[i].Set.Join(g.Set)
			return list
		}
	}
	return append(list, g)
}
