package ssapass

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Fails marks a function whose last result is an error that is never nil: one that makes errors.
type Fails struct{}

func (*Fails) AFact()         {}
func (*Fails) String() string { return "fails" }

// failing answers which errors are not nil.
type failing struct {
	pass  *analysis.Pass
	pkg   *ssa.Package
	known map[*types.Func]bool
}

// export states the facts of the package.
func (f *failing) export(funcs []*ssa.Function) {
	for _, fn := range funcs {
		obj, ok := fn.Object().(*types.Func)
		if ok && fn.Parent() == nil && f.fails(obj, fn) {
			f.pass.ExportObjectFact(obj, new(Fails))
		}
	}
}

// Fails reports whether the error that fn returns last is never nil, as far as its body shows.
func (s *SSA) Fails(fn *types.Func) bool { return s.failing != nil && s.failing.never(fn) }

// NotNil reports whether the error v is plainly not nil when control reaches instr: by what it is, or by what was asked on the way.
func (s *SSA) NotNil(v ssa.Value, instr ssa.Instruction) bool {
	if s.failing == nil {
		return false
	}
	q := &question{failing: s.failing, seen: map[ssa.Value]bool{}}
	return q.notNil(v, instr)
}

// never reports whether the error of fn is never nil.
func (f *failing) never(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	fn = fn.Origin()
	switch fn.Pkg().Path() {
	case "errors":
		return fn.Name() == "New"
	case "fmt":
		return fn.Name() == "Errorf"
	case "net/http": // a server serves until it fails
		return strings.HasPrefix(fn.Name(), "ListenAndServe") || fn.Name() == "Serve" || fn.Name() == "ServeTLS"
	}
	if fn.Pkg() == f.pass.Pkg {
		return f.fails(fn, f.pkg.Prog.FuncValue(fn))
	}
	known, ok := f.known[fn]
	if !ok {
		known = f.pass.ImportObjectFact(fn, new(Fails))
		f.known[fn] = known
	}
	return known
}

// fails is never for a function of the package. One that returns what it returns itself, in a circle, is not known to fail.
func (f *failing) fails(obj *types.Func, fn *ssa.Function) bool {
	known, ok := f.known[obj]
	if !ok {
		f.known[obj] = false
		known = f.alwaysFails(fn)
		f.known[obj] = known
	}
	return known
}

func (f *failing) alwaysFails(fn *ssa.Function) bool {
	if fn == nil {
		return false
	}
	last := fn.Signature.Results().Len() - 1
	if last < 0 || !isErrorType(fn.Signature.Results().At(last).Type()) {
		return false
	}
	var returns []*ssa.Return
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		if isNilConst(ret.Results[last]) {
			return false // as most do, somewhere
		}
		returns = append(returns, ret)
	}
	return len(returns) > 0 && !slices.ContainsFunc(returns, func(ret *ssa.Return) bool {
		q := &question{failing: f, seen: map[ssa.Value]bool{}}
		return !q.notNil(Returned(ret, last), ret)
	})
}

// Returned is result i of a return: for a named result, what was stored in it right before.
func Returned(ret *ssa.Return, i int) ssa.Value {
	load, ok := ret.Results[i].(*ssa.UnOp)
	if !ok || load.Op != token.MUL || !IsVariable(load.X) {
		return ret.Results[i]
	}
	for _, instr := range slices.Backward(ret.Block().Instrs) {
		if s, ok := instr.(*ssa.Store); ok && s.Addr == load.X {
			return s.Val
		}
	}
	return load
}

func isErrorType(t types.Type) bool { return types.Unalias(t) == types.Universe.Lookup("error").Type() }

// A question is whether one error is not nil.
type question struct {
	*failing
	seen map[ssa.Value]bool
}

func (q *question) notNil(v ssa.Value, at ssa.Instruction) bool {
	if _, ok := v.(*ssa.Const); ok {
		return false
	}
	if q.asked(v, at) {
		return true
	}
	if q.seen[v] {
		return false
	}
	q.seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.ChangeInterface:
		return q.notNil(v.X, at)
	case *ssa.Phi:
		for i, e := range v.Edges {
			pred := v.Block().Preds[i]
			if !q.notNil(e, pred.Instrs[len(pred.Instrs)-1]) && !foundOn(pred, v.Block(), e) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		return q.loaded(v, at)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && v.Index == call.Type().(*types.Tuple).Len()-1 && q.never(Callee(&call.Call))
	case *ssa.Call:
		return q.never(Callee(&v.Call)) || q.joined(v, at) || q.ended(v) || isStatusError(v)
	}
	return false
}

// loaded answers for an error that is read from somewhere: an error variable of a package is set once, to something; an element of a
// list of errors is one.
func (q *question) loaded(v *ssa.UnOp, at ssa.Instruction) bool {
	if v.Op != token.MUL {
		return false
	}
	switch addr := v.X.(type) {
	case *ssa.Global:
		return addr.Object() != nil && isErrorType(v.Type())
	case *ssa.IndexAddr:
		return q.collected(addr.X, at)
	}
	return false
}

// joined reports whether a call is errors.Join with an argument that is not nil, or with a list of errors that is not empty.
func (q *question) joined(call *ssa.Call, at ssa.Instruction) bool {
	fn := Callee(&call.Call)
	if fn == nil || fn.Name() != "Join" || fn.Pkg() == nil || fn.Pkg().Path() != "errors" {
		return false
	}
	list := call.Call.Args[0]
	return slices.ContainsFunc(Elements(list), func(err ssa.Value) bool { return q.notNil(err, at) }) || q.collected(list, at)
}

// collected reports whether a list of errors was found not to be empty, all of whose elements are errors that are not nil.
func (q *question) collected(list ssa.Value, at ssa.Instruction) bool {
	if !branches(at.Block(), func(cond ssa.Value, truth bool) bool { return notEmpty(cond, truth, list) }) {
		return false
	}
	return q.onlyErrors(list, map[ssa.Value]bool{})
}

// onlyErrors reports whether nothing but errors that are not nil is appended to a list that is made here.
func (q *question) onlyErrors(list ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[list] {
		return true
	}
	seen[list] = true
	switch v := list.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.MakeSlice:
		n, ok := v.Len.(*ssa.Const)
		return ok && n.Int64() == 0
	case *ssa.Slice:
		array, ok := v.X.(*ssa.Alloc)
		if ok && array.Comment == "slicelit" {
			return len(Elements(v)) == 0
		}
		n, made := v.High.(*ssa.Const) // of make([]error, 0, 4)
		return ok && array.Comment == "makeslice" && made && n.Int64() == 0
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !q.onlyErrors(e, seen) {
				return false
			}
		}
		return true
	case *ssa.UnOp:
		if !IsVariable(v.X) {
			return false
		}
		for _, s := range Stores(v.X) {
			if !q.onlyErrors(s.Val, seen) {
				return false
			}
		}
		return true
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" || !q.onlyErrors(v.Call.Args[0], seen) {
			return false
		}
		added := Elements(v.Call.Args[1])
		return len(added) > 0 && !slices.ContainsFunc(added, func(err ssa.Value) bool { return !q.notNil(err, v) })
	}
	return false
}

// notEmpty reports whether cond, being truth, says that list has elements.
func notEmpty(cond ssa.Value, truth bool, list ssa.Value) bool {
	c, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	n, ok := c.X.(*ssa.Call)
	if !ok {
		return false
	}
	if b, ok := n.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" || !sameValue(n.Call.Args[0], list) {
		return false
	}
	k, ok := c.Y.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.Int {
		return false
	}
	switch c.Op {
	case token.GTR:
		return truth && k.Int64() >= 0
	case token.GEQ:
		return truth && k.Int64() >= 1
	case token.NEQ:
		return truth && k.Int64() == 0
	case token.EQL:
		return !truth && k.Int64() == 0 || truth && k.Int64() > 0
	case token.LSS:
		return !truth && k.Int64() >= 1
	case token.LEQ:
		return !truth && k.Int64() >= 0
	}
	return false
}

// ended reports whether a call asks a context for its error after it was done, or something else for one that it has just said it has.
func (q *question) ended(call *ssa.Call) bool {
	subject := subjectOf(call)
	if subject == nil {
		return false
	}
	again := func(v ssa.Value) bool {
		other, ok := v.(*ssa.Call)
		return ok && sameQuestion(call, other)
	}
	if isContextType(subject.Type()) && (done(call, subject) || branches(call.Block(), func(cond ssa.Value, truth bool) bool {
		return q.found(cond, truth, func(v ssa.Value) bool { return again(v) && settled(subject, v.(*ssa.Call)) })
	})) {
		return true
	}
	return q.justAsked(call, again)
}

// subjectOf returns what a call asks for an error that stays what it is: ctx in ctx.Err() and context.Cause(ctx), x in x.Err() and in a method
// that only reads a field; nil for any other call.
func subjectOf(call *ssa.Call) ssa.Value {
	fn := Callee(&call.Call)
	if fn == nil || call.Call.Signature().Results().Len() != 1 {
		return nil
	}
	method := fn.Signature().Recv() != nil
	switch c := call.Common(); {
	case c.IsInvoke():
		if len(c.Args) == 0 && fn.Name() == "Err" {
			return c.Value
		}
	case len(c.Args) != 1:
	case method && (fn.Name() == "Err" || onlyReads(c.StaticCallee())), !method && fn.FullName() == "context.Cause":
		return c.Args[0]
	}
	return nil
}

// onlyReads reports whether a function computes what it returns from its arguments, and does nothing else.
func onlyReads(fn *ssa.Function) bool {
	if fn == nil || len(fn.Blocks) != 1 {
		return false
	}
	for _, instr := range fn.Blocks[0].Instrs {
		switch instr.(type) {
		case *ssa.FieldAddr, *ssa.Field, *ssa.UnOp, *ssa.Return:
		default:
			return false
		}
	}
	return true
}

// sameQuestion reports whether two calls ask the same thing for its error; of a context, its cause is as good.
func sameQuestion(a, b *ssa.Call) bool {
	x, y := subjectOf(a), subjectOf(b)
	return x != nil && y != nil && sameValue(x, y) && (isContextType(x.Type()) || Callee(&a.Call) == Callee(&b.Call))
}

// settled reports whether v, if it is read from a variable, is what it was when earlier ran: all that is assigned to it was by then.
func settled(v ssa.Value, earlier ssa.Instruction) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || !IsVariable(load.X) {
		return true
	}
	return !slices.ContainsFunc(Stores(load.X), func(s *ssa.Store) bool { return !precedes(s, earlier) })
}

// precedes reports whether first has run whenever second runs.
func precedes(first, second ssa.Instruction) bool {
	if first.Parent() != second.Parent() {
		return false
	}
	if first.Block() != second.Block() {
		return first.Block().Dominates(second.Block())
	}
	instrs := first.Block().Instrs
	return slices.Index(instrs, first) < slices.Index(instrs, second)
}

// done reports whether the context was seen to be done on the way to a call: <-ctx.Done(), by itself or in a select.
func done(call *ssa.Call, ctx ssa.Value) bool {
	isDone := func(ch ssa.Value) bool {
		c, ok := ch.(*ssa.Call)
		return ok && c.Call.IsInvoke() && c.Call.Method.Name() == "Done" && sameValue(c.Call.Value, ctx) && settled(ctx, c)
	}
	for b := call.Block(); b != nil; b = b.Idom() {
		for _, instr := range b.Instrs {
			if instr == ssa.Instruction(call) {
				break
			}
			if ch := receivedBy(instr); ch != nil && isDone(ch) {
				return true
			}
		}
	}
	return branches(call.Block(), func(cond ssa.Value, truth bool) bool {
		ch := received(cond, truth)
		return ch != nil && isDone(ch)
	})
}

// receivedBy returns the channel from which an instruction receives in any case.
func receivedBy(instr ssa.Instruction) ssa.Value {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return instr.X
		}
	case *ssa.Select:
		if instr.Blocking && len(instr.States) == 1 && instr.States[0].Dir == types.RecvOnly {
			return instr.States[0].Chan
		}
	}
	return nil
}

// NotZero reports whether the integer v was found not to be 0 on the way to instr.
func NotZero(v ssa.Value, instr ssa.Instruction) bool {
	return branches(instr.Block(), func(cond ssa.Value, truth bool) bool {
		c, ok := cond.(*ssa.BinOp)
		if !ok || c.X != v {
			return false
		}
		zero, ok := c.Y.(*ssa.Const)
		if !ok || zero.Value == nil || zero.Value.Kind() != constant.Int || zero.Int64() != 0 {
			return false
		}
		return c.Op == token.EQL && !truth || truth && (c.Op == token.NEQ || c.Op == token.GTR || c.Op == token.LSS)
	})
}

// received returns the channel from which a select received, if cond, being truth, says that it did.
func received(cond ssa.Value, truth bool) ssa.Value {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL || !truth {
		return nil
	}
	index, ok := eq.X.(*ssa.Extract)
	if !ok || index.Index != 0 {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	chosen, isConst := eq.Y.(*ssa.Const)
	if !ok || !isConst || chosen.Value == nil {
		return nil
	}
	if i := chosen.Int64(); i >= 0 && i < int64(len(sel.States)) && sel.States[i].Dir == types.RecvOnly {
		return sel.States[i].Chan
	}
	return nil
}

// asked reports whether v was found not to be nil on the way to instr, or what v was read from was, right before.
func (q *question) asked(v ssa.Value, instr ssa.Instruction) bool {
	if branches(instr.Block(), func(cond ssa.Value, truth bool) bool {
		return q.found(cond, truth, func(x ssa.Value) bool { return x == v })
	}) {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && q.justAsked(load, func(x ssa.Value) bool { return sameValue(x, load) })
}

// justAsked reports whether the branch by which control came to the block of an instruction says that is holds of something that is not nil,
// and nothing that could change that happens in between.
func (q *question) justAsked(instr ssa.Instruction, is func(ssa.Value) bool) bool {
	b := instr.Block()
	if len(b.Preds) != 1 {
		return false
	}
	for _, before := range b.Instrs {
		if before == instr {
			break
		}
		switch before.(type) {
		case *ssa.Store, *ssa.Call, *ssa.MapUpdate, *ssa.Send, *ssa.Go, *ssa.RunDefers:
			return false
		}
	}
	cond, truth, ok := taken(b.Preds[0], b)
	return ok && q.found(cond, truth, is) && quiet(cond)
}

// quiet reports whether nothing happens between what cond was read from and the branch on it.
func quiet(cond ssa.Value) bool {
	instr, ok := cond.(ssa.Instruction)
	if !ok {
		return false
	}
	var rands [4]*ssa.Value
	read := map[ssa.Instruction]bool{}
	for _, op := range instr.Operands(rands[:0]) {
		if from, ok := (*op).(ssa.Instruction); ok {
			read[from] = true
		}
	}
	for _, later := range slices.Backward(instr.Block().Instrs) {
		if read[later] {
			return true
		}
		switch later.(type) {
		case *ssa.Store, *ssa.MapUpdate, *ssa.Send, *ssa.Go, *ssa.Call:
			return false
		}
	}
	return false
}

// found reports whether cond, being truth, says that an error which is holds of is not nil.
func (q *question) found(cond ssa.Value, truth bool, is func(ssa.Value) bool) bool {
	switch c := cond.(type) {
	case *ssa.UnOp:
		return c.Op == token.NOT && q.found(c.X, !truth, is)
	case *ssa.BinOp:
		if err := StatusError(c, truth); err != nil && is(err) {
			return true
		}
		x, y := c.X, c.Y
		if !is(x) {
			x, y = y, x
		}
		if !is(x) {
			return false
		}
		if isNilConst(y) {
			return c.Op == token.NEQ && truth || c.Op == token.EQL && !truth
		}
		return c.Op == token.EQL && truth && isSentinel(y) || c.Op == token.NEQ && !truth && isSentinel(y)
	case *ssa.Call:
		return truth && holdsOfErrors(c) && is(c.Call.Args[0])
	case *ssa.Extract:
		t, ok := c.Tuple.(*ssa.TypeAssert)
		return ok && truth && c.Index == 1 && is(t.X)
	}
	return false
}

// StatusError returns the error that is known not to be nil where cond is truth: status.Code(err) was compared with a code.
func StatusError(cond ssa.Value, truth bool) ssa.Value {
	c, ok := cond.(*ssa.BinOp)
	if !ok || c.Op != token.EQL && c.Op != token.NEQ {
		return nil
	}
	if err := statusOf(c.X); err != nil && (c.Op == token.EQL) == truth != isOK(c.Y) {
		return err
	}
	return nil
}

// statusOf returns the error of which v is gRPC's code: status.Code(err).
func statusOf(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok || !isStatusFunc(Callee(&call.Call), "Code") {
		return nil
	}
	return call.Call.Args[0]
}

// isStatusError reports whether a call makes an error of a gRPC status that is one: status.New(codes.NotFound, …).Err().
func isStatusError(call *ssa.Call) bool {
	fn := Callee(&call.Call)
	if fn == nil || fn.Name() != "Err" || call.Call.IsInvoke() || len(call.Call.Args) != 1 {
		return false
	}
	made, ok := call.Call.Args[0].(*ssa.Call)
	if !ok {
		return false
	}
	by := Callee(&made.Call)
	return (isStatusFunc(by, "New") || isStatusFunc(by, "Newf")) && isConst(made.Call.Args[0]) && !isOK(made.Call.Args[0])
}

func isStatusFunc(fn *types.Func, name string) bool {
	return fn != nil && fn.Name() == name && fn.Pkg() != nil && fn.Pkg().Path() == "google.golang.org/grpc/status" && fn.Signature().Recv() == nil
}

func isConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil
}

// isOK reports whether v is gRPC's code for no error.
func isOK(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Uint64() == 0
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// isSentinel reports whether v is an error variable of a package.
func isSentinel(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Object() != nil && isErrorType(v.Type())
}

// holdsOfErrors reports whether a call asks about its first argument what holds of no nil error.
func holdsOfErrors(c *ssa.Call) bool {
	fn := Callee(&c.Call)
	if fn == nil || fn.Pkg() == nil || len(c.Call.Args) == 0 {
		return false
	}
	switch fn.Pkg().Path() {
	case "errors":
		return fn.Name() == "Is" || fn.Name() == "As"
	case "os":
		return strings.HasPrefix(fn.Name(), "Is") && len(c.Call.Args) == 1 && isErrorType(c.Call.Args[0].Type())
	}
	return false
}

// branches reports whether what says something of one of the branches that lead to b in any case.
func branches(b *ssa.BasicBlock, says func(cond ssa.Value, truth bool) bool) bool {
	for ; b.Idom() != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		if cond, truth, ok := taken(b.Preds[0], b); ok && says(cond, truth) {
			return true
		}
	}
	return false
}

// taken returns the condition on which control goes from b to succ, and what it is then.
func taken(b, succ *ssa.BasicBlock) (cond ssa.Value, truth, ok bool) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return nil, false, false
	}
	return branch.Cond, b.Succs[0] == succ, true
}

// foundOn reports whether control goes from b to succ only where v is not nil.
func foundOn(b, succ *ssa.BasicBlock, v ssa.Value) bool {
	cond, truth, ok := taken(b, succ)
	if !ok {
		return false
	}
	q := new(question)
	return q.found(cond, truth, func(x ssa.Value) bool { return x == v })
}

// sameValue reports whether two values are the same, or read from the same place.
func sameValue(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch x := a.(type) {
	case *ssa.UnOp:
		y, ok := b.(*ssa.UnOp)
		return ok && x.Op == token.MUL && y.Op == token.MUL && samePlace(x.X, y.X)
	case *ssa.Field:
		y, ok := b.(*ssa.Field)
		return ok && x.Field == y.Field && sameValue(x.X, y.X)
	case *ssa.ChangeInterface:
		y, ok := b.(*ssa.ChangeInterface)
		return ok && sameValue(x.X, y.X)
	}
	return false
}

func samePlace(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch x := a.(type) {
	case *ssa.FieldAddr:
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && sameValue(x.X, y.X)
	case *ssa.IndexAddr:
		y, ok := b.(*ssa.IndexAddr)
		return ok && sameValue(x.Index, y.Index) && sameValue(x.X, y.X)
	}
	return false
}

func isContextType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}
