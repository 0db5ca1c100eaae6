package noescape

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

// rewriteSites turns the calls of a group into enqueues: of all that allow it.
func (c *check) rewriteSites(sites []effects.Site) (analysis.SuggestedFix, bool) {
	var edits []analysis.TextEdit
	name := ""
	for _, site := range sites {
		call := c.call(at(site))
		if call == nil || site.Used {
			continue
		}
		if edit, ok := c.enqueueCall(call, shortCallee(c.callee(call), call)); ok {
			edits = append(edits, edit...)
			name = shortCallee(c.callee(call), call)
		}
	}
	return c.rewriting(edits, sitesPos(sites), name)
}

func sitesPos(sites []effects.Site) token.Pos { return at(sites[0]) }

// rewriteTask turns the direct call of an effect into an enqueue, if that was asked for.
func (c *check) rewriteTask(call *ast.CallExpr, obj types.Object) []analysis.SuggestedFix {
	if rewrite != "enqueue" {
		return nil
	}
	name := shortCallee(obj, call)
	edits, ok := c.enqueueTask(call)
	if !ok {
		edits, ok = c.enqueueCall(call, name)
	}
	if fix, ok := c.rewriting(edits, call.Pos(), name); ok {
		return []analysis.SuggestedFix{fix}
	}
	return nil
}

// rewriting makes a fix of edits, and imports the runtime.
func (c *check) rewriting(edits []analysis.TextEdit, pos token.Pos, name string) (analysis.SuggestedFix, bool) {
	if len(edits) == 0 {
		return analysis.SuggestedFix{}, false
	}
	if edit, missing := c.importRuntime(c.file(pos)); missing {
		edits = append([]analysis.TextEdit{edit}, edits...)
	}
	return analysis.SuggestedFix{Message: fixEnqueue(name), TextEdits: edits}, true
}

// shortCallee names a task after what it calls: smtp.SendMail.
func shortCallee(obj types.Object, call *ast.CallExpr) string {
	id := calleeIdent(call)
	if obj == nil || obj.Pkg() == nil {
		return id.Name
	}
	return obj.Pkg().Name() + "." + id.Name
}

// enqueueTask rewrites f(ctx, arg) to airlock.Enqueue(ctx, f, arg), for a function that has a task's signature.
func (c *check) enqueueTask(call *ast.CallExpr) ([]analysis.TextEdit, bool) {
	sig, ok := c.pass.TypesInfo.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || sig.Variadic() || sig.Params().Len() != 2 || len(call.Args) != 2 || !isContext(sig.Params().At(0).Type()) ||
		sig.Results().Len() != 1 || !onlyError(sig) {
		return nil, false
	}
	ctx := c.contextAt(call)
	arg, ok := call.Args[0].(*ast.Ident)
	if ctx == nil || !ok || c.pass.TypesInfo.Uses[arg] != ctx || !types.Identical(c.pass.TypesInfo.TypeOf(call.Args[1]), sig.Params().At(1).Type()) {
		return nil, false
	}
	text := fmt.Sprintf("%s.Enqueue(%s, %s, %s)", c.runtimeName(c.file(call.Pos())), ctx.Name(), c.source(call.Fun), c.source(call.Args[1]))
	return c.replaceCall(call, text)
}

// enqueueCall rewrites f(args) to airlock.EnqueueFunc(ctx, name, func(ctx context.Context) error { return f(args) }).
func (c *check) enqueueCall(call *ast.CallExpr, name string) ([]analysis.TextEdit, bool) {
	ctx := c.contextAt(call)
	file := c.file(call.Pos())
	contexts := importName(file, "context")
	if ctx == nil || contexts == "" || !c.keeps(call, ctx) {
		return nil, false
	}
	body, ok := c.body(call)
	if !ok {
		return nil, false
	}
	text := fmt.Sprintf("%s.EnqueueFunc(%s, %s, func(%s %s.Context) error { %s })",
		c.runtimeName(file), ctx.Name(), strconv.Quote(name), ctx.Name(), contexts, body)
	return c.replaceCall(call, text)
}

// body returns the statements of a task that makes the call.
func (c *check) body(call *ast.CallExpr) (string, bool) {
	text := c.source(call)
	if text == "" {
		return "", false
	}
	errorType := types.Universe.Lookup("error").Type()
	switch t := c.pass.TypesInfo.TypeOf(call).(type) {
	case *types.Tuple:
		if t.Len() == 0 {
			return text + "; return nil", true
		}
		if !types.Identical(t.At(t.Len()-1).Type(), errorType) {
			return text + "; return nil", true
		}
		return strings.Repeat("_, ", t.Len()-1) + "err := " + text + "; return err", true
	default:
		if types.Identical(t, errorType) {
			return "return " + text, true
		}
		return text + "; return nil", true
	}
}

// replaceCall replaces a call whose value is an error by another expression, and a call whose value is dropped by one whose error is
// dropped in plain view. Others can't be replaced: a go or defer statement means something else, and an answer is not an error.
func (c *check) replaceCall(call *ast.CallExpr, text string) ([]analysis.TextEdit, bool) {
	switch c.parent(call).(type) {
	case *ast.GoStmt, *ast.DeferStmt, nil:
		return nil, false
	case *ast.ExprStmt:
		text = "_ = " + text
	default:
		if !types.Identical(c.pass.TypesInfo.TypeOf(call), types.Universe.Lookup("error").Type()) {
			return nil, false
		}
	}
	return []analysis.TextEdit{{Pos: call.Pos(), End: call.End(), NewText: []byte(text)}}, true
}

// parent returns the node that a call directly stands in.
func (c *check) parent(call *ast.CallExpr) ast.Node {
	var parent ast.Node
	var stack []ast.Node
	ast.Inspect(c.declaration(call.Pos()), func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if n == call && len(stack) > 0 {
			parent = stack[len(stack)-1]
		}
		stack = append(stack, n)
		return true
	})
	return parent
}

// contextAt returns the variable that holds the context at a call: the innermost in scope, if it is a plain parameter, or comes from
// opening a scope, or is derived from itself. Any other may have no scope.
func (c *check) contextAt(call *ast.CallExpr) *types.Var {
	scope := c.pass.Pkg.Scope().Innermost(call.Pos())
	for ; scope != nil && scope != c.pass.Pkg.Scope(); scope = scope.Parent() {
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if ok && isContext(v.Type()) && v.Pos() < call.Pos() {
				if c.hasScope(v) {
					return v
				}
				return nil
			}
		}
	}
	return nil
}

// hasScope reports whether a context variable is a parameter, or set from one or from Begin, only.
func (c *check) hasScope(v *types.Var) bool {
	decl, ok := c.declaration(v.Pos()).(*ast.FuncDecl)
	if !ok {
		return false
	}
	set, good := false, true
	ast.Inspect(decl, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && c.assigns(assign, v) {
			set = true
			good = good && len(assign.Rhs) == 1 && c.carriesOver(assign.Rhs[0], v)
		}
		return good
	})
	return good && (set || c.isParameter(decl, v))
}

func (c *check) assigns(assign *ast.AssignStmt, v *types.Var) bool {
	for _, lhs := range assign.Lhs {
		if id, ok := lhs.(*ast.Ident); ok && c.pass.TypesInfo.ObjectOf(id) == v {
			return true
		}
	}
	return false
}

// carriesOver reports whether an expression opens a scope, or derives a context from v.
func (c *check) carriesOver(e ast.Expr, v *types.Var) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if fn, ok := c.callee(call).(*types.Func); ok {
		switch airlockapi.Name(fn) {
		case "Begin", "Airlock.Begin":
			return true
		case "Detach":
			return false
		}
	}
	for _, arg := range call.Args {
		if id, ok := arg.(*ast.Ident); ok && c.pass.TypesInfo.Uses[id] == v {
			return true
		}
	}
	return false
}

// isParameter reports whether v is a parameter of decl or of a literal in it.
func (c *check) isParameter(decl *ast.FuncDecl, v *types.Var) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if fn, ok := n.(*ast.FuncType); ok {
			for _, field := range fn.Params.List {
				for _, name := range field.Names {
					found = found || c.pass.TypesInfo.Defs[name] == v
				}
			}
		}
		return !found
	})
	return found
}

// keeps reports whether what a call uses is the same when the task runs: variables that are set once, and of no type that ends with
// the request or transaction.
func (c *check) keeps(call *ast.CallExpr, ctx *types.Var) bool {
	decl := c.declaration(call.Pos())
	good := true
	ast.Inspect(call, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return good
		}
		v, ok := c.pass.TypesInfo.Uses[id].(*types.Var)
		if !ok || v.IsField() || v == ctx || v.Parent() == c.pass.Pkg.Scope() {
			return good
		}
		if _, captured := catalog.Default().Captured(v.Type()); captured || c.changes(decl, v) {
			good = false
		}
		return good
	})
	return good
}

// changes reports whether a variable is set again after its declaration, or its address is taken.
func (c *check) changes(decl ast.Node, v *types.Var) bool {
	changed := false
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				changed = changed || c.rooted(lhs, v)
			}
		case *ast.IncDecStmt:
			changed = changed || c.rooted(n.X, v)
		case *ast.UnaryExpr:
			changed = changed || n.Op == token.AND && c.rooted(n.X, v)
		}
		return !changed
	})
	return changed
}

// rooted reports whether an expression is a use of v, or of a part of it; its declaration is none.
func (c *check) rooted(e ast.Expr, v *types.Var) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return c.pass.TypesInfo.Uses[x] == v
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return false
		}
	}
}

// runtimeName returns the name under which a file imports the runtime, or will.
func (c *check) runtimeName(file *ast.File) string {
	if name := importName(file, airlockapi.Path); name != "" {
		return name
	}
	return "airlock"
}

// importRuntime returns the edit that imports the runtime into a file that does not.
func (c *check) importRuntime(file *ast.File) (analysis.TextEdit, bool) {
	if importName(file, airlockapi.Path) != "" {
		return analysis.TextEdit{}, false
	}
	spec := strconv.Quote(airlockapi.Path)
	pos, text := file.Name.End(), "\n\nimport "+spec
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			break
		}
		if gen.Rparen.IsValid() {
			pos, text = gen.Rparen, "\n\t"+spec+"\n"
			break
		}
		pos, text = gen.End(), "\nimport "+spec
	}
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}, true
}

// importName returns the name by which a file refers to an imported package; "" if it does not import it by a usable name.
func importName(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if strings.Trim(spec.Path.Value, "`\"") != path {
			continue
		}
		switch {
		case spec.Name == nil:
			return path[strings.LastIndexByte(path, '/')+1:]
		case spec.Name.Name != "_" && spec.Name.Name != ".":
			return spec.Name.Name
		}
	}
	return ""
}
