package inscope

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/contexts"
)

// keepOpen offers what makes a spawn independent of when its scope closes: a context without the scope for what opens its own, airlock.Go
// for what enqueues in it.
func (c *check) keepOpen(s *contexts.Spawn) []analysis.SuggestedFix {
	opens := func(u contexts.Use) bool { return u.Opens }
	switch {
	case !slices.ContainsFunc(s.Uses, func(u contexts.Use) bool { return !u.Opens }):
		return c.detach(s)
	case !slices.ContainsFunc(s.Uses, opens):
		return c.waitFor(s)
	}
	return nil
}

// detach offers to open the scopes of a spawn below none.
func (c *check) detach(s *contexts.Spawn) []analysis.SuggestedFix {
	var edits []analysis.TextEdit
	seen := map[*ast.Ident]bool{}
	for _, u := range s.Uses {
		ctx := c.contextArgument(u.Call)
		if ctx == nil {
			return nil
		}
		runtime := c.imported(airlockapi.Path, ctx.Pos())
		if runtime == "" {
			return nil
		}
		if !seen[ctx] {
			seen[ctx] = true
			edits = append(edits,
				analysis.TextEdit{Pos: ctx.Pos(), End: ctx.Pos(), NewText: []byte(runtime + ".Detach(")},
				analysis.TextEdit{Pos: ctx.End(), End: ctx.End(), NewText: []byte(")")})
		}
	}
	return []analysis.SuggestedFix{{Message: "open the scope below none", TextEdits: edits}}
}

// waitFor offers to start a goroutine with airlock.Go, where the context is one that a scope's opening returned for sure, and the
// goroutine ends by itself: the scope will wait for it.
func (c *check) waitFor(s *contexts.Spawn) []analysis.SuggestedFix {
	stmt, lit := c.started(s.Call)
	if lit == nil || !endsByItself(lit.Body) {
		return nil
	}
	ctx := c.sharedContext(s.Uses)
	if ctx == nil || c.pass.TypesInfo.Uses[ctx].Pos() > lit.Pos() {
		return nil
	}
	runtime, std := c.imported(airlockapi.Path, stmt.Pos()), c.imported("context", stmt.Pos())
	if runtime == "" || std == "" {
		return nil
	}
	start := fmt.Sprintf("%s.Go(%s, func(%s %s.Context) error ", runtime, ctx.Name, ctx.Name, std)
	return []analysis.SuggestedFix{{
		Message: "have the scope wait for the goroutine",
		TextEdits: []analysis.TextEdit{
			{Pos: stmt.Pos(), End: lit.Body.Pos(), NewText: []byte(start)},
			{Pos: lit.Body.Rbrace, End: stmt.End(), NewText: []byte("\nreturn nil\n})")},
		},
	}}
}

// started returns the statement that starts a literal without parameters in a goroutine.
func (c *check) started(call ssa.CallInstruction) (*ast.GoStmt, *ast.FuncLit) {
	expr := c.calls.At(call.Common().Pos())
	if expr == nil {
		return nil, nil
	}
	lit, ok := ast.Unparen(expr.Fun).(*ast.FuncLit)
	if !ok || len(expr.Args) > 0 || lit.Type.Results != nil {
		return nil, nil
	}
	for _, file := range c.pass.Files {
		if file.FileStart <= expr.Pos() && expr.Pos() < file.FileEnd {
			path, _ := astutil.PathEnclosingInterval(file, expr.Pos(), expr.End())
			if len(path) > 1 {
				if stmt, ok := path[1].(*ast.GoStmt); ok {
					return stmt, lit
				}
			}
		}
	}
	return nil, nil
}

// endsByItself reports whether a body plainly comes to its end: nothing in it waits, goes round or returns early.
func endsByItself(body *ast.BlockStmt) bool {
	ends := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.SelectStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.BranchStmt, *ast.FuncLit:
			ends = false
		case *ast.UnaryExpr:
			ends = ends && n.Op != token.ARROW
		}
		return ends
	})
	return ends
}

// sharedContext returns the one variable that all uses are handed as their context, if it is that of a scope for sure.
func (c *check) sharedContext(uses []contexts.Use) *ast.Ident {
	var shared *ast.Ident
	for _, u := range uses {
		ctx := c.contextArgument(u.Call)
		if ctx == nil || slices.ContainsFunc(u.Roots, func(r contexts.Root) bool { return r.Kind != contexts.Scoped }) {
			return nil
		}
		if shared != nil && c.pass.TypesInfo.Uses[shared] != c.pass.TypesInfo.Uses[ctx] {
			return nil
		}
		shared = ctx
	}
	return shared
}

// imported returns what the package with that path is called at pos; empty where it has no name.
func (c *check) imported(path string, pos token.Pos) string {
	scope := c.pass.Pkg.Scope().Innermost(pos)
	for s := scope; s != nil; s = s.Parent() {
		for _, name := range s.Names() {
			if pkg, ok := s.Lookup(name).(*types.PkgName); ok && pkg.Imported().Path() == path && name != "_" && name != "." {
				if _, found := scope.LookupParent(name, pos); found == pkg {
					return name
				}
			}
		}
	}
	return ""
}
