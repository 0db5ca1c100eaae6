package inscope

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/contexts"
)

// passScoped offers to pass the context of the scope instead of the very variable under which the scope was opened: one that was derived
// from it may have a deadline or a value besides.
func (c *check) passScoped(at ssa.CallInstruction, o contexts.Opening) []analysis.SuggestedFix {
	given, opened := c.contextArgument(at), c.contextArgument(o.Call)
	if given == nil || opened == nil || c.pass.TypesInfo.Uses[given] != c.pass.TypesInfo.Uses[opened] {
		return nil
	}
	scoped := c.scopedContext(o)
	if scoped == nil || !c.means(scoped.Name, given, c.pass.TypesInfo.ObjectOf(scoped)) {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   "pass the context of the scope",
		TextEdits: []analysis.TextEdit{{Pos: given.Pos(), End: given.End(), NewText: []byte(scoped.Name)}},
	}}
}

// contextArgument returns the variable that a call is handed as its context, if it is handed one.
func (c *check) contextArgument(call ssa.CallInstruction) *ast.Ident {
	expr := c.calls.At(call.Common().Pos())
	if expr == nil {
		return nil
	}
	var found *ast.Ident
	for _, arg := range expr.Args {
		if !isContext(c.pass.TypesInfo.TypeOf(arg)) {
			continue
		}
		id, ok := ast.Unparen(arg).(*ast.Ident)
		if !ok || found != nil {
			return nil
		}
		found = id
	}
	return found
}

// scopedContext returns the variable that holds the context of a scope: what the opening is assigned to, or the parameter of the literal
// that it runs.
func (c *check) scopedContext(o contexts.Opening) *ast.Ident {
	if len(o.Scopes) > 0 {
		return c.assigned(o.Call)
	}
	for _, body := range o.Bodies {
		if lit, ok := body.Syntax().(*ast.FuncLit); ok && len(o.Bodies) == 1 {
			return c.contextParam(lit)
		}
	}
	return nil
}

func (c *check) assigned(call ssa.CallInstruction) *ast.Ident {
	expr := c.calls.At(call.Common().Pos())
	if expr == nil {
		return nil
	}
	for _, file := range c.pass.Files {
		if file.FileStart > expr.Pos() || expr.Pos() >= file.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(file, expr.Pos(), expr.End())
		for _, n := range path {
			if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Rhs) == 1 && ast.Unparen(assign.Rhs[0]) == expr {
				return c.contextAmong(assign.Lhs)
			}
		}
	}
	return nil
}

func (c *check) contextAmong(exprs []ast.Expr) *ast.Ident {
	for _, e := range exprs {
		id, ok := e.(*ast.Ident)
		if obj := c.pass.TypesInfo.ObjectOf(id); ok && obj != nil && isContext(obj.Type()) {
			return id
		}
	}
	return nil
}

func (c *check) contextParam(lit *ast.FuncLit) *ast.Ident {
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if obj := c.pass.TypesInfo.Defs[name]; obj != nil && isContext(obj.Type()) {
				return name
			}
		}
	}
	return nil
}

// means reports whether name stands for obj where the identifier at stands.
func (c *check) means(name string, at *ast.Ident, obj types.Object) bool {
	scope := c.pass.Pkg.Scope().Innermost(at.Pos())
	if scope == nil || name == "_" {
		return false
	}
	_, found := scope.LookupParent(name, at.Pos())
	return found != nil && found == obj
}

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}
