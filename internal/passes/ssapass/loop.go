package ssapass

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A loop over a function is a call of that function, its iterator, which is given the loop's body as its last argument.

// LoopBody returns the body of the loop whose iterator the call calls, nil for other calls.
func LoopBody(call *ssa.CallCommon) *ssa.Function {
	if len(call.Args) == 0 {
		return nil
	}
	body := call.Args[len(call.Args)-1]
	if made, ok := body.(*ssa.MakeClosure); ok {
		body = made.Fn
	}
	if fn, ok := body.(*ssa.Function); ok {
		if _, ok := fn.Syntax().(*ast.RangeStmt); ok {
			return fn
		}
	}
	return nil
}

// CallPos returns where a call is known to be: at its left parenthesis, that of a loop's iterator at the loop's "range".
func CallPos(call *ssa.CallCommon) token.Pos {
	if body := LoopBody(call); body != nil {
		return body.Pos()
	}
	return call.Pos()
}
