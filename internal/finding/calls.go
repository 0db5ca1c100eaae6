package finding

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
)

// Calls finds the call expressions of a package by their left parentheses, which is what SSA knows of them. The zero value finds none.
type Calls struct {
	Files []*ast.File
	at    map[token.Pos]*ast.CallExpr
}

// At returns the call with that left parenthesis; nil if there is none in the source.
func (c *Calls) At(lparen token.Pos) *ast.CallExpr {
	if c.at == nil {
		c.at = map[token.Pos]*ast.CallExpr{}
		for _, file := range c.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					c.at[call.Lparen] = call
				}
				return true
			})
		}
	}
	return c.at[lparen]
}

// Callee returns the name of the function that a call names, the smallest range that says which call it is. A literal that is called
// has none: its arguments stand for it.
func (c *Calls) Callee(lparen token.Pos) analysis.Range {
	call := c.At(lparen)
	if call == nil {
		return Span(lparen, lparen)
	}
	fun := ast.Unparen(call.Fun)
	switch index := fun.(type) {
	case *ast.IndexExpr:
		fun = index.X
	case *ast.IndexListExpr:
		fun = index.X
	}
	switch fun := fun.(type) {
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.FuncLit:
		return Span(call.Lparen, fun.End())
	}
	return fun
}
