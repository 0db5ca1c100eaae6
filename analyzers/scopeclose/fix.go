package scopeclose

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/scopes"
)

// fixes offers to discard a scope when its function returns, where that changes nothing for a scope that is closed: nobody else is handed
// it, the next one does not take its place, and the process does not exit under it.
func (c *check) fixes(l *scopes.Lifetime) []analysis.SuggestedFix {
	if l.Kind != scopes.Scope || l.Shared || l.Begin.Common().Signature().Results().Len() != 2 {
		return nil
	}
	for _, exit := range l.Leaks {
		if exit.How != scopes.AtReturn {
			return nil
		}
	}
	assign, scope := c.assignment(l)
	if assign == nil || c.handedOn(scope) {
		return nil
	}
	at := c.code.lineEnd(assign.End())
	text := fmt.Sprintf("\ndefer %s.Discard()", scope.Name)
	return []analysis.SuggestedFix{{
		Message:   "discard the scope when the function returns",
		TextEdits: []analysis.TextEdit{{Pos: at, End: at, NewText: []byte(text)}},
	}}
}

// handedOn reports whether a scope may live on in what is made of it: it is used for more than to call its methods, and functions that
// return nothing but an error.
func (c *check) handedOn(scope *ast.Ident) bool {
	obj := c.pass.TypesInfo.ObjectOf(scope)
	for id, used := range c.pass.TypesInfo.Uses {
		if used == obj && !c.stays(id) {
			return true
		}
	}
	return false
}

func (c *check) stays(id *ast.Ident) bool {
	for _, n := range c.code.path(id.Pos()) {
		switch n := n.(type) {
		case *ast.Ident, *ast.SelectorExpr:
		case *ast.CallExpr:
			t := c.pass.TypesInfo.TypeOf(n)
			return t == nil || t == types.Universe.Lookup("error").Type() || isEmpty(t) || isMethodOf(n, id)
		default:
			return false
		}
	}
	return false
}

func isEmpty(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && tuple.Len() == 0
}

// isMethodOf reports whether a call is one of a method of what id names.
func isMethodOf(call *ast.CallExpr, id *ast.Ident) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	return ok && method.X == id
}

// assignment returns the statement that assigns the scope to a variable, if a statement can follow it and runs no more than once.
func (c *check) assignment(l *scopes.Lifetime) (assign *ast.AssignStmt, scope *ast.Ident) {
	path := c.code.callPath(l.Begin)
	if len(path) < 3 {
		return nil, nil
	}
	assign, ok := path[1].(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 2 || inLoop(path) {
		return nil, nil
	}
	switch path[2].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	default:
		return nil, nil
	}
	scope, ok = assign.Lhs[1].(*ast.Ident)
	if !ok || scope.Name == "_" {
		return nil, nil
	}
	return assign, scope
}

func inLoop(path []ast.Node) bool {
	for _, n := range path {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			return true
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}
