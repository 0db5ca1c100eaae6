package ssapass

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// This file knows the errors of gRPC's status.

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
