package noescape

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/effects"
)

func (c *check) directFixes(site effects.Site, call *ast.CallExpr, others int) []analysis.SuggestedFix {
	return nil
}

func (c *check) rewriteTask(call *ast.CallExpr, obj types.Object) []analysis.SuggestedFix { return nil }
