package scopeclose

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/finding"
)

// code finds the source of what was seen in SSA.
type code struct{ pass *analysis.Pass }

func newCode(pass *analysis.Pass) *code { return &code{pass} }

// path returns the syntax around pos, innermost first.
func (c *code) path(pos token.Pos) []ast.Node {
	for _, f := range c.pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			path, _ := astutil.PathEnclosingInterval(f, pos, pos)
			return path
		}
	}
	return nil
}

// callPath returns the syntax around a call, the call first.
func (c *code) callPath(call ssa.CallInstruction) []ast.Node {
	path := c.path(call.Pos())
	for i, n := range path {
		switch n := n.(type) {
		case *ast.CallExpr:
			return path[i:]
		case *ast.DeferStmt:
			return append([]ast.Node{n.Call}, path[i:]...)
		case *ast.GoStmt:
			return append([]ast.Node{n.Call}, path[i:]...)
		}
	}
	return nil
}

// call is the range of a call's function, or of the statement for one that is deferred.
func (c *code) call(call ssa.CallInstruction) analysis.Range {
	path := c.callPath(call)
	if len(path) == 0 {
		return finding.Span(call.Pos(), call.Pos())
	}
	expr := path[0].(*ast.CallExpr)
	if _, ok := call.(*ssa.Call); ok {
		return expr.Fun
	}
	return finding.Span(call.Pos(), expr.End())
}

// statement is the range of the return at pos, or of the brace that ends a function.
func (c *code) statement(pos token.Pos) analysis.Range {
	for _, n := range c.path(pos) {
		if ret, ok := n.(*ast.ReturnStmt); ok && ret.Pos() == pos {
			return ret
		}
	}
	return finding.Span(pos, pos+1)
}

// blank reports whether the result of a call is assigned to _, which is a decision.
func (c *code) blank(call *ssa.Call) bool {
	path := c.callPath(call)
	for i, n := range path {
		switch n := n.(type) {
		case *ast.ParenExpr, *ast.CallExpr:
			continue
		case *ast.AssignStmt:
			return allBlank(n, path[i-1])
		case *ast.ValueSpec:
			return len(n.Names) == 1 && n.Names[0].Name == "_"
		}
		return false
	}
	return false
}

func allBlank(assign *ast.AssignStmt, value ast.Node) bool {
	for i, rhs := range assign.Rhs {
		if rhs == value && i < len(assign.Lhs) {
			id, ok := assign.Lhs[i].(*ast.Ident)
			return ok && id.Name == "_"
		}
	}
	return false
}

// lineEnd is where the line of pos ends, the end of a statement: behind the comment that follows it there, if one does.
func (c *code) lineEnd(pos token.Pos) token.Pos {
	for _, f := range c.pass.Files {
		if pos < f.FileStart || f.FileEnd <= pos {
			continue
		}
		for _, group := range f.Comments {
			if first := group.List[0]; first.Pos() >= pos && c.line(first.Pos()) == c.line(pos) && c.line(first.End()) == c.line(pos) {
				return first.End()
			}
		}
	}
	return pos
}

func (c *code) line(pos token.Pos) int { return c.pass.Fset.Position(pos).Line }
