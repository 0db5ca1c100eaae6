package scopes

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A function that returns no error tells of a failure in another way: it answers it, logs it, or exits with a code. There an error that
// was found says that the work has failed, and so does the answer; to ask the work itself how it went says that what follows is meant.

// judge notes what it says of the work so far that cond is truth.
func (k *walker) judge(w world, cond ssa.Value, truth bool) world {
	if k.coarse || !k.f.errorless || w.life != open || !w.has(dirty|doubted) || w.has(failed) {
		return w
	}
	switch found, about := finds(cond, truth); {
	case found:
		w.flags |= failed
	case !about && !w.has(asked) && k.f.asks(cond):
		w.flags |= asked
	}
	return w
}

// answersFailure reports whether a call answers a request with a failure: http.Error(w, …), w.WriteHeader(404), c.AbortWithStatus(401),
// c.Status(500).JSON(…), and what an own helper does that is handed who answers and the status.
func (p *program) answersFailure(c *ssa.CallCommon) bool {
	if fn := p.resolved(c).obj; fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "net/http" && (fn.Name() == "Error" || fn.Name() == "NotFound") {
		return true
	}
	operands := c.Args
	if c.IsInvoke() {
		operands = append([]ssa.Value{c.Value}, operands...)
	}
	if len(operands) == 0 {
		return false
	}
	if before, ok := operands[0].(*ssa.Call); ok && answers(before) && p.answersFailure(&before.Call) {
		return true
	}
	return slices.ContainsFunc(operands, isFailureStatus) && slices.ContainsFunc(operands, answers)
}

// answers reports whether v answers requests: a response writer, or the context of a framework.
func answers(v ssa.Value) bool {
	switch v.Type().Underlying().(type) {
	case *types.Interface, *types.Pointer:
		return ssapass.MayHaveMethod(v.Type(), "WriteHeader", "JSON", "NoContent", "SendStatus", "AbortWithStatus")
	}
	return false
}

// isFailureStatus reports whether v is the HTTP status of a failure.
func isFailureStatus(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	status := c.Int64()
	return 400 <= status && status < 600
}

// reportsFailure reports whether what is returned says that the work has failed, although it is no error: an exit code, or a response that is
// made here with the status of a failure.
func reportsFailure(ret *ssa.Return) bool {
	if len(ret.Results) == 1 && types.Identical(ret.Results[0].Type(), types.Typ[types.Int]) {
		code, ok := ssapass.Returned(ret, 0).(*ssa.Const)
		return ok && code.Value != nil && code.Int64() != 0
	}
	for i := range ret.Results {
		if isFailureResponse(ssapass.Returned(ret, i)) {
			return true
		}
	}
	return false
}

func isFailureResponse(v ssa.Value) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	made, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *made.Referrers() {
		field, ok := ref.(*ssa.FieldAddr)
		if ok && strings.HasPrefix(ssapass.Field(made.Type(), field.Field).Name(), "Status") &&
			slices.ContainsFunc(ssapass.Stores(field), func(s *ssa.Store) bool { return isFailureStatus(s.Val) }) {
			return true
		}
	}
	return false
}

// finds reports whether there is an error where cond is truth, and whether cond is about an error at all.
func finds(cond ssa.Value, truth bool) (found, about bool) {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return finds(c.X, !truth)
		}
	case *ssa.BinOp:
		about = isError(c.X.Type()) || isError(c.Y.Type())
		differ := c.Op == token.NEQ && truth || c.Op == token.EQL && !truth
		return about && differ && (ssapass.IsNil(c.X) || ssapass.IsNil(c.Y)), about
	case *ssa.Call:
		return truth && matchesError(c), matchesError(c)
	case *ssa.Extract:
		if t, ok := c.Tuple.(*ssa.TypeAssert); ok {
			return truth && isError(t.X.Type()), isError(t.X.Type())
		}
	}
	return false, false
}

// matchesError reports whether a call is one of errors.Is and errors.As, which hold for no nil error.
func matchesError(c *ssa.Call) bool {
	fn := c.Call.StaticCallee()
	if fn == nil {
		return false
	}
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Pkg() != nil && obj.Pkg().Path() == "errors" && len(c.Call.Args) == 2 && isError(c.Call.Args[0].Type())
}

// asks reports whether a condition is made of what the work said: of the result of a call that may enqueue, or of what such a call was
// handed to fill in, as a middleware's recorder is.
func (f *frame) asks(cond ssa.Value) bool {
	yes, known := f.asking[cond]
	if !known {
		yes = f.program.saidByWork(cond, maxOperands)
		f.asking[cond] = yes
	}
	return yes
}

// maxOperands bounds how deep a condition is looked into.
const maxOperands = 8

func (p *program) saidByWork(v ssa.Value, depth int) bool {
	switch {
	case v == nil || depth == 0: // as the bounds of s[:] are
		return false
	case p.isWork(v) || p.handedToWork(v):
		return true
	}
	switch v := v.(type) {
	case *ssa.Alloc:
		return slices.ContainsFunc(ssapass.Stores(v), func(st *ssa.Store) bool { return p.saidByWork(st.Val, depth-1) })
	case *ssa.Call, *ssa.BinOp, *ssa.UnOp, *ssa.Field, *ssa.FieldAddr, *ssa.Index, *ssa.IndexAddr, *ssa.Lookup, *ssa.Extract, *ssa.Slice,
		*ssa.Convert, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.TypeAssert:
		var rands [8]*ssa.Value
		return slices.ContainsFunc(v.(ssa.Instruction).Operands(rands[:0]), func(op *ssa.Value) bool { return p.saidByWork(*op, depth-1) })
	}
	return false
}

func (p *program) isWork(v any) bool {
	call, ok := v.(ssa.CallInstruction)
	return ok && p.callCouldEnqueue(call.Common(), p.resolved(call.Common())) > impossible
}

// handedToWork reports whether v is something that a call which may enqueue was handed and could change. A request is asked for what was
// wanted, not for what came of it, and so is the function's own object.
func (p *program) handedToWork(v ssa.Value) bool {
	if v.Referrers() == nil || isContext(v.Type()) || isScope(v.Type()) || isRequest(v.Type()) || isReceiver(v) {
		return false
	}
	switch v.Type().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Map, *types.Signature:
	default:
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.MakeClosure:
			if p.handedToWork(ref.(ssa.Value)) {
				return true
			}
		case ssa.CallInstruction:
			if p.isWork(ref) {
				return true
			}
		}
	}
	return false
}

func isReceiver(v ssa.Value) bool {
	p, ok := v.(*ssa.Parameter)
	return ok && p.Parent().Signature.Recv() != nil && p == p.Parent().Params[0]
}

func isRequest(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && named.Obj().Name() == "Request" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "net/http"
}
