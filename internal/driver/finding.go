package driver

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/finding"
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
	Sink     string   // full name of the function at the chain's end, "" if there is none
	Chain    []Step   // from the place down to the sink
	Fixes    []Fix
	Allowed  *Allowed // the directive that lets it pass; nil for one that is to be printed
}

// A Step is one call of a chain.
type Step struct {
	Func string // full name of what is called
	Pos  string // file:line:col, the file relative to its module; "" where it is not known
}

// Allowed is the directive that lets a finding pass.
type Allowed struct {
	Pos    Position
	Reason string
	Until  time.Time // the last day on which it does; the zero time: for good
}

// Expired reports whether the directive's last day is over.
func (a *Allowed) Expired(now time.Time) bool {
	return a != nil && !a.Until.IsZero() && !now.Before(a.Until.AddDate(0, 0, 1))
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

// findings turns what one analyzer said of the package into findings. A check's log knows more than its diagnostics.
func (a *analysed) findings(an *analysis.Analyzer) []Finding {
	return freeze(a.universe.fset, a.unit.id, a.files, a.info, an, a.results[an], a.found[an])
}

func freeze(fset *token.FileSet, id string, files []*ast.File, info *types.Info, an *analysis.Analyzer, result any, found []analysis.Diagnostic) []Finding {
	records := map[diagnosticKey]*finding.Record{}
	log, _ := result.(*finding.Log)
	if log == nil {
		log = new(finding.Log)
	}
	for i, rec := range log.Records {
		if rec.Allow != nil {
			found = append(found, analysis.Diagnostic{Pos: rec.Pos, End: rec.End, Category: rec.Rule.Name, Message: rec.Message, URL: rec.Rule.URL()})
		}
		records[diagnosticKey{rec.Pos, rec.Rule.Name, rec.Message}] = &log.Records[i]
	}
	var findings []Finding
	for _, d := range found {
		f := frozen(fset, d)
		f.Package, f.Analyzer = id, an.Name
		if rec := records[diagnosticKey{d.Pos, d.Category, d.Message}]; rec != nil {
			f.record(fset, rec)
		} else {
			f.Func = enclosing(files, info, d.Pos)
		}
		findings = append(findings, f)
	}
	return findings
}

type diagnosticKey struct {
	pos               token.Pos
	category, message string
}

func frozen(fset *token.FileSet, d analysis.Diagnostic) Finding {
	end := d.End
	if !end.IsValid() {
		end = d.Pos
	}
	return Finding{
		Category: d.Category,
		Message:  d.Message,
		URL:      d.URL,
		Pos:      position(fset, d.Pos, true),
		End:      position(fset, end, true),
		Raw:      position(fset, d.Pos, false),
		Fixes:    freezeFixes(fset, d.SuggestedFixes),
	}
}

// record takes over what a diagnostic can't carry.
func (f *Finding) record(fset *token.FileSet, rec *finding.Record) {
	f.Func, f.Sink = rec.Function, rec.Sink
	for _, step := range rec.Chain {
		f.Chain = append(f.Chain, Step(step))
	}
	if rec.Allow != nil {
		f.Allowed = &Allowed{Pos: position(fset, rec.Allow.Pos, true), Reason: rec.Allow.Reason, Until: rec.Allow.Until}
	}
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
