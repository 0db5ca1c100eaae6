package scopeclose

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/scopes"
)

// fixes offers to discard a scope when its function returns, where that changes nothing for a scope that is closed: nobody else has
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
	assign, name := c.assignment(l)
	if assign == nil {
		return nil
	}
	text := fmt.Sprintf("\ndefer %s.Discard()", name)
	return []analysis.SuggestedFix{{
		Message:   "discard the scope when the function returns",
		TextEdits: []analysis.TextEdit{{Pos: assign.End(), End: assign.End(), NewText: []byte(text)}},
	}}
}

// assignment returns the statement that assigns the scope to a variable, if a statement can follow it and runs no more than once.
func (c *check) assignment(l *scopes.Lifetime) (*ast.AssignStmt, string) {
	path := c.code.callPath(l.Begin)
	if len(path) < 3 {
		return nil, ""
	}
	assign, ok := path[1].(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 2 || inLoop(path) {
		return nil, ""
	}
	switch path[2].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	default:
		return nil, ""
	}
	id, ok := assign.Lhs[1].(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil, ""
	}
	return assign, id.Name
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
