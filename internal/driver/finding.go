package driver

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Finding is a diagnostic that outlives the syntax it was found in: it can be printed, compared and kept in the cache.
type Finding struct {
	Package  string // ID of the package: example.com/shop, example.com/shop [example.com/shop.test]
	Analyzer string
	Category string // the rule, without the analyzer
	Message  string
	URL      string
	Pos, End Position // adjusted by //line comments: what is printed
	Raw      Position // as in the file itself: what directives, baselines and fixes match
	Func     string   // full name of the enclosing declared function, "" outside of one
	Fixes    []Fix
}

// Rule returns the full name of the rule: noescape/direct.
func (f Finding) Rule() string {
	if f.Category == "" {
		return f.Analyzer
	}
	return f.Analyzer + "/" + f.Category
}

// A Position is a place in a file. The zero Position is unknown.
type Position struct {
	File      string // absolute
	Line, Col int
	Offset    int // of the byte in the file; meaningful in an unadjusted position
}

// String returns file:line:col.
func (p Position) String() string {
	if p.File == "" {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// A Fix is a change that resolves its finding, to be applied as a whole.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// freeze turns the diagnostics of one analyzer on one package into findings.
func freeze(fset *token.FileSet, id string, files []*ast.File, info *types.Info, analyzer string, diagnostics []analysis.Diagnostic) []Finding {
	var findings []Finding
	for _, d := range diagnostics {
		end := d.End
		if !end.IsValid() {
			end = d.Pos
		}
		findings = append(findings, Finding{
			Package:  id,
			Analyzer: analyzer,
			Category: d.Category,
			Message:  d.Message,
			URL:      d.URL,
			Pos:      position(fset, d.Pos, true),
			End:      position(fset, end, true),
			Raw:      position(fset, d.Pos, false),
			Func:     enclosing(files, info, d.Pos),
			Fixes:    freezeFixes(fset, d.SuggestedFixes),
		})
	}
	return findings
}

func freezeFixes(fset *token.FileSet, suggested []analysis.SuggestedFix) []Fix {
	var fixes []Fix
	for _, s := range suggested {
		fix := Fix{Message: s.Message}
		for _, e := range s.TextEdits {
			end := e.End
			if !end.IsValid() {
				end = e.Pos
			}
			start := position(fset, e.Pos, false)
			fix.Edits = append(fix.Edits, Edit{File: start.File, Start: start.Offset, End: position(fset, end, false).Offset, New: string(e.NewText)})
		}
		fixes = append(fixes, fix)
	}
	return fixes
}

func position(fset *token.FileSet, pos token.Pos, adjusted bool) Position {
	if !pos.IsValid() {
		return Position{}
	}
	p := fset.PositionFor(pos, adjusted)
	return Position{File: p.Filename, Line: p.Line, Col: p.Column, Offset: p.Offset}
}

// enclosing returns the full name of the declared function that pos lies in.
func enclosing(files []*ast.File, info *types.Info, pos token.Pos) string {
	for _, file := range files {
		if pos < file.FileStart || pos >= file.FileEnd {
			continue
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || pos < fn.Pos() || pos >= fn.End() {
				continue
			}
			if obj, ok := info.Defs[fn.Name].(*types.Func); ok {
				return obj.FullName()
			}
		}
	}
	return ""
}

// sortFindings orders findings by place and drops those that say the same of the same place: a file belongs to a package and to its
// test variant.
func sortFindings(findings []Finding) []Finding {
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			strings.Compare(a.Rule(), b.Rule()),
			strings.Compare(a.Message, b.Message),
			strings.Compare(a.Package, b.Package),
		)
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool {
		return a.Pos == b.Pos && a.Rule() == b.Rule() && a.Message == b.Message
	})
}
