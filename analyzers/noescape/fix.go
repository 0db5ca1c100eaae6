package noescape

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/effects"
)

// directFixes offers to enqueue the calls of a group, if that was asked for; otherwise to mark a wrapper, a function that does nothing
// but perform, as an effect. alone says that the declaration performs effects of no other kind.
func (c *check) directFixes(sites []effects.Site, alone bool) []analysis.SuggestedFix {
	if rewrite == "enqueue" {
		if fix, ok := c.rewriteSites(sites); ok {
			return []analysis.SuggestedFix{fix}
		}
	}
	if len(sites) == 1 && alone && c.isWrapper(sites[0]) {
		return []analysis.SuggestedFix{c.markFix(sites[0])}
	}
	return nil
}

// isWrapper reports whether the declaration around a site exists for the sake of the effect: it has no result but an error, performs
// during the call, and goes home after it.
func (c *check) isWrapper(site effects.Site) bool {
	pos := at(site)
	decl, ok := c.declaration(pos).(*ast.FuncDecl)
	if !ok || c.markable(pos) == "" || site.Used || site.Async != effects.Sync || site.Call.Parent() != site.Func {
		return false
	}
	fn, ok := c.pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok || !onlyError(fn.Signature()) || handlesRequest(fn.Signature()) {
		return false
	}
	for i, stmt := range decl.Body.List {
		if stmt.Pos() <= pos && pos < stmt.End() {
			return goesHome(decl.Body.List[i+1:])
		}
	}
	return false
}

func onlyError(sig *types.Signature) bool {
	results := sig.Results()
	return results.Len() == 0 || results.Len() == 1 && types.Identical(results.At(0).Type(), types.Universe.Lookup("error").Type())
}

// handlesRequest reports whether a function answers an HTTP request: an effect is not what it is for.
func handlesRequest(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if strings.HasSuffix(p.Type().String(), "net/http.ResponseWriter") {
			return true
		}
	}
	return false
}

// goesHome reports whether statements only look at what was done, and return.
func goesHome(rest []ast.Stmt) bool {
	for _, stmt := range rest {
		switch stmt := stmt.(type) {
		case *ast.ReturnStmt:
		case *ast.IfStmt:
			if !goesHome(stmt.Body.List) || stmt.Else != nil {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// markFix adds //airlock:effect to the comment of the declaration around a site.
func (c *check) markFix(site effects.Site) analysis.SuggestedFix {
	decl := c.declaration(at(site)).(*ast.FuncDecl)
	text := "//airlock:effect " + site.Effect.Kind().String() + "\n"
	if decl.Doc != nil && !isDirective(decl.Doc.List[len(decl.Doc.List)-1].Text) {
		text = "//\n" + text
	}
	return analysis.SuggestedFix{Message: fixMark, TextEdits: []analysis.TextEdit{{Pos: decl.Type.Pos(), End: decl.Type.Pos(), NewText: []byte(text)}}}
}

// isDirective reports whether a line comment is one for tools: //go:noinline.
func isDirective(comment string) bool {
	text, ok := strings.CutPrefix(comment, "//")
	name, _, colon := strings.Cut(text, ":")
	return ok && colon && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// source returns the text of a node.
func (c *check) source(n ast.Node) string {
	file := c.pass.Fset.File(n.Pos())
	text, ok := c.texts[file]
	if !ok {
		read := c.pass.ReadFile
		if read == nil {
			read = os.ReadFile // Bazel's nogo has no other way
		}
		text, _ = read(file.Name())
		if c.texts == nil {
			c.texts = map[*token.File][]byte{}
		}
		c.texts[file] = text
	}
	from, to := file.Offset(n.Pos()), file.Offset(n.End())
	if to > len(text) {
		return ""
	}
	return string(bytes.TrimSpace(text[from:to]))
}
