// Package finding is how a check says what it found: it decides whether a finding may pass, gives it the form that every driver prints,
// and remembers what was let pass, so that a directive without effect is itself a finding.
package finding

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/rule"
	"github.com/airlock-go/airlock/internal/whose"
)

// Requires lists the analyzers whose results a [Reporter] needs: a check has them among its own requirements.
var Requires = []*analysis.Analyzer{directive.Analyzer, config.Analyzer, whose.Analyzer}

// ResultType is the result type of a check: what [Reporter.Finish] returns.
var ResultType = reflect.TypeFor[*Log]()

// A Finding is what a check has to say about a place.
type Finding struct {
	Rule    string // without the analyzer's name: direct
	Range   analysis.Range
	Message string
	Sink    string // full name of the function at the chain's end, if there is one: what a baseline goes by, as lines move
	Chain   []Step // what the message names in short, with positions, from the place down to the sink
	Fixes   []analysis.SuggestedFix
}

// A Step is one call of a chain.
type Step struct {
	Func string // full name of what is called
	Pos  string // file:line:col of the call, relative to the module; "" where it is not known
}

// A Record is a finding as it was reported or let pass.
type Record struct {
	Rule     rule.Rule
	Pos, End token.Pos
	Message  string
	Function string // full name of the declaration around it
	Sink     string
	Chain    []Step
	Allow    *directive.Allow // which let it pass; nil for a finding that was reported
}

// A Log is the result of a check: its findings in the order in which it made them, those that an allow let pass included. Reporters
// take from it what a diagnostic can't carry.
type Log struct{ Records []Record }

// A Reporter takes the findings of one check on one package. It is not for concurrent use.
type Reporter struct {
	pass     *analysis.Pass
	analyzer string
	own      bool
	config   *config.Config
	index    *directive.Index
	log      *Log
	used     map[usage]bool
	seen     map[diagnostic]bool
	files    map[*token.File]file
}

type usage struct {
	allow *directive.Allow
	rule  rule.Rule
}

type diagnostic struct {
	rule    rule.Rule
	pos     token.Pos
	message string
}

// file is what matters of the file that a finding is in.
type file struct {
	syntax          *ast.File
	test, generated bool
}

// New returns a reporter for the check of that name. Where the settings have an error it reports nothing.
func New(pass *analysis.Pass, analyzer string) *Reporter {
	r := &Reporter{
		pass: pass, analyzer: analyzer,
		config: pass.ResultOf[config.Analyzer].(*config.Config),
		index:  pass.ResultOf[directive.Analyzer].(*directive.Index),
		log:    new(Log),
		used:   map[usage]bool{},
		seen:   map[diagnostic]bool{},
		files:  map[*token.File]file{},
	}
	r.own = whose.Of(pass) == whose.Own && r.config.Err == nil
	for _, syntax := range pass.Files {
		tf := pass.Fset.File(syntax.FileStart)
		r.files[tf] = file{syntax: syntax, test: strings.HasSuffix(tf.Name(), "_test.go"), generated: whose.Generated(syntax)}
	}
	return r
}

// On reports whether findings of the rule could be reported at pos at all: the package is the user's own, the rule is on, and the file is
// neither generated nor a test in which the rule is off.
func (r *Reporter) On(name string, pos token.Pos) bool { return r.on(r.rule(name), pos) }

func (r *Reporter) on(rl rule.Rule, pos token.Pos) bool {
	f := r.files[r.pass.Fset.File(pos)]
	return r.own && r.config.Severity(rl) != config.Off && !f.generated && !(f.test && rl.OffTests)
}

// Allowed reports whether an allow lets findings of the rule pass at pos, and counts that allow as used. A check asks where it looks
// further for the first finding of several, and where a finding would be made if its kind were on.
func (r *Reporter) Allowed(name string, pos token.Pos) bool { return r.allow(r.rule(name), pos) != nil }

func (r *Reporter) allow(rl rule.Rule, pos token.Pos) *directive.Allow {
	var first *directive.Allow
	for _, a := range r.index.Allows() {
		if a.Covers(rl, pos) {
			r.used[usage{a, rl}] = true
			if first == nil {
				first = a
			}
		}
	}
	return first
}

// Report reports a finding that has no chain.
func (r *Reporter) Report(name string, rng analysis.Range, message string, fixes ...analysis.SuggestedFix) {
	r.Add(Finding{Rule: name, Range: rng, Message: message, Fixes: fixes})
}

// Add reports a finding, unless it may pass or was made before.
func (r *Reporter) Add(f Finding) {
	rl := r.rule(f.Rule)
	pos := f.Range.Pos()
	if !r.on(rl, pos) {
		return
	}
	d := diagnostic{rl, pos, f.Message}
	if r.seen[d] {
		return
	}
	r.seen[d] = true
	if len(r.pass.TypeErrors) > 0 {
		f.Fixes = nil
	}
	rec := Record{
		Rule: rl, Pos: pos, End: f.Range.End(), Message: f.Message,
		Function: r.function(pos), Sink: f.Sink, Chain: f.Chain,
	}
	if rl.Name != rule.AllowRule {
		rec.Allow = r.allow(rl, pos)
	}
	r.log.Records = append(r.log.Records, rec)
	if rec.Allow == nil {
		r.pass.Report(analysis.Diagnostic{Pos: rec.Pos, End: rec.End, Category: rl.Name, Message: f.Message, URL: rl.URL(), SuggestedFixes: f.Fixes})
	}
}

// Finish reports the allows that name this check's rules and let nothing pass, and returns the log: the check's result. In a package that
// does not compile, what an allow is for may not have been seen.
func (r *Reporter) Finish() *Log {
	if len(r.pass.TypeErrors) > 0 {
		return r.log
	}
	for _, a := range r.index.Allows() {
		for _, rl := range a.Rules {
			if rl.Analyzer == r.analyzer && !r.used[usage{a, rl}] && r.on(rl, a.Pos) {
				r.Report(rule.AllowRule, span{a.Pos, a.End}, unused(rl))
			}
		}
	}
	return r.log
}

func unused(rl rule.Rule) string {
	return "this allow of " + rl.String() + " suppresses nothing: remove it"
}

func (r *Reporter) rule(name string) rule.Rule {
	rl, ok := rule.Of(r.analyzer, name)
	if !ok {
		panic("finding: " + r.analyzer + " has no rule " + name)
	}
	return rl
}

// function returns the full name of the function declared around pos; for a package variable's initialiser that of init.
func (r *Reporter) function(pos token.Pos) string {
	f := r.files[r.pass.Fset.File(pos)]
	if f.syntax == nil {
		return ""
	}
	for _, decl := range f.syntax.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= pos && pos <= fn.End() {
			if obj, ok := r.pass.TypesInfo.Defs[fn.Name].(*types.Func); ok {
				return obj.FullName()
			}
		}
	}
	return r.pass.Pkg.Path() + ".init"
}

// span is a range of two positions.
type span struct{ pos, end token.Pos }

func (s span) Pos() token.Pos { return s.pos }
func (s span) End() token.Pos { return s.end }

// Span returns a range from pos to end.
func Span(pos, end token.Pos) analysis.Range { return span{pos, end} }
