// Package listing says where effects happen: every innermost effect call of a package, as a fact that can be kept and printed without
// the package's syntax.
package listing

import (
	"cmp"
	"encoding/json"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/report"
)

// Analyzer exports the [Sites] of each package.
var Analyzer = &analysis.Analyzer{
	Name:      "airlocksites",
	Doc:       "list the innermost effect calls of a package",
	Requires:  effects.Requires,
	Run:       run,
	FactTypes: []analysis.Fact{new(Sites)},

	RunDespiteErrors: true, // what type-checks is listed
}

// Sites is the fact of a package with effect calls.
type Sites struct{ List []Site }

// AFact marks Sites as a fact.
func (*Sites) AFact() {}

// A Site is a call that has an effect, of a function whose body is not the user's own.
type Site struct {
	File    string `json:"file"` // in a fact: relative to the module
	Line    int    `json:"line"`
	Col     int    `json:"col"` // of the callee's identifier
	Func    string `json:"func"`
	Callee  string `json:"callee"`
	Kind    string `json:"kind"`
	Command bool   `json:"command"`
	Used    bool   `json:"used"`
}

func run(pass *analysis.Pass) (any, error) {
	found := effects.For(pass).Sites()
	if len(found) == 0 {
		return nil, nil
	}
	names := calleeNames(pass.Files)
	fact := new(Sites)
	for _, s := range found {
		pos := ssapass.CallPos(s.Call.Common())
		if id := names[pos]; id != nil {
			pos = id.Pos()
		}
		fact.List = append(fact.List, siteAt(pass, pos, s))
	}
	pass.ExportPackageFact(fact)
	return nil, nil
}

func siteAt(pass *analysis.Pass, pos token.Pos, s effects.Site) Site {
	p := pass.Fset.Position(pos)
	if pass.Module != nil && pass.Module.Dir != "" {
		p.Filename = report.Relative(pass.Module.Dir, p.Filename)
	}
	return Site{
		File: p.Filename, Line: p.Line, Col: p.Column,
		Func: functionName(s.Func), Callee: s.Callee,
		Kind: s.Effect.Kind().String(), Command: s.Effect.IsCommand(), Used: s.Used,
	}
}

func functionName(fn *ssa.Function) string {
	if obj, ok := fn.Object().(*types.Func); ok {
		return effects.FullName(obj)
	}
	return fn.String()
}

// calleeNames finds the identifier that names the function of each call, by the call's left parenthesis.
func calleeNames(files []*ast.File) map[token.Pos]*ast.Ident {
	names := map[token.Pos]*ast.Ident{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				names[call.Lparen] = nameOf(call.Fun)
			}
			return true
		})
	}
	return names
}

func nameOf(fun ast.Expr) *ast.Ident {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr:
		return nameOf(fun.X)
	case *ast.IndexListExpr:
		return nameOf(fun.X)
	}
	return nil
}

// Of returns the sites of the packages that were asked for, by place, files relative to the session's root.
func Of(s *driver.Session) []Site {
	sites := []Site{}
	for _, p := range s.Packages {
		var fact Sites
		if !p.Asked || !p.PackageFact(&fact) {
			continue
		}
		for _, site := range fact.List {
			if p.Module != nil && p.Module.Dir != "" && !filepath.IsAbs(site.File) {
				site.File = report.Relative(s.Root, filepath.Join(p.Module.Dir, filepath.FromSlash(site.File)))
			}
			sites = append(sites, site)
		}
	}
	slices.SortFunc(sites, func(a, b Site) int {
		return cmp.Or(
			strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			strings.Compare(a.Kind, b.Kind), strings.Compare(a.Callee, b.Callee),
		)
	})
	return sites
}

// JSON writes the sites as an array.
func JSON(w io.Writer, sites []Site) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(sites)
}
