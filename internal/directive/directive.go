// Package directive reads what people wrote in //airlock: comments: which functions are effects, pure or handed a scope, and which
// findings are allowed for a reason.
//
//	//airlock:effect [kind]      a function, an interface method, a variable of function type: an effect, run through Enqueue
//	//airlock:effects [kind]     at the package clause: an adapter, whose commands are effects to the rest of the program
//	//airlock:pure [strict]      a function that must not perform or enqueue
//	//airlock:scoped             a function that its framework hands a context with a scope
//	//airlock:allow RULE[,RULE] REASON [until=YYYY-MM-DD]
//
// A directive ends where a further comment begins (" //"). An allow at the end of a line covers that line and what begins there; on a
// line of its own the statement, case, declaration or element that follows, with its block; before the package clause the file.
package directive

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/effect"
)

// Analyzer reads the package's directives. Its result is an [Index].
var Analyzer = &analysis.Analyzer{
	Name:             "airlockdirective",
	Doc:              "read //airlock: comments",
	Run:              run,
	ResultType:       reflect.TypeFor[*Index](),
	RunDespiteErrors: true,
}

// A Mark is what a declaration says of an effect: that it is one, and of which kind if it says so.
type Mark struct {
	Kind  effect.Kind
	Named bool // Kind is given; otherwise the kind is what the body performs
}

// A Problem is a directive that means nothing: misspelt, misplaced or without a reason.
type Problem struct {
	Pos, End token.Pos
	Message  string
}

// An Index holds the directives of a package. The zero Index has none.
type Index struct {
	effects  map[types.Object]Mark
	pure     map[*types.Func]bool // whether strict
	scoped   map[*types.Func]bool
	adapter  *Mark
	allows   []*Allow
	problems []Problem
}

// Effect returns what the declaration of a function, interface method or variable says of it.
func (x *Index) Effect(obj types.Object) (m Mark, declared bool) {
	if fn, ok := obj.(*types.Func); ok {
		obj = fn.Origin()
	}
	m, declared = x.effects[obj]
	return m, declared
}

// Effects returns what the package clause says: whether the package is an adapter, and the kind of its effects.
func (x *Index) Effects() (m Mark, adapter bool) {
	if x.adapter == nil {
		return Mark{}, false
	}
	return *x.adapter, true
}

// Pure reports whether fn is declared pure, and whether strictly so.
func (x *Index) Pure(fn *types.Func) (strict, declared bool) {
	strict, declared = x.pure[fn.Origin()]
	return strict, declared
}

// Scoped reports whether fn is declared to be handed a context that carries a scope.
func (x *Index) Scoped(fn *types.Func) bool { return x.scoped[fn.Origin()] }

// Allows returns the package's well-formed allows, in source order.
func (x *Index) Allows() []*Allow { return x.allows }

// Problems returns the directives that mean nothing, in source order.
func (x *Index) Problems() []Problem { return x.problems }

func run(pass *analysis.Pass) (any, error) {
	x := &Index{effects: map[types.Object]Mark{}, pure: map[*types.Func]bool{}, scoped: map[*types.Func]bool{}}
	for _, file := range pass.Files {
		r := &reader{pass: pass, index: x, file: file}
		for _, group := range file.Comments {
			for _, comment := range group.List {
				r.read(group, comment)
			}
		}
	}
	return x, nil
}

// A reader places the directives of one file.
type reader struct {
	pass   *analysis.Pass
	index  *Index
	file   *ast.File
	owners map[*ast.CommentGroup]owner // of the comments that document a declaration; made at first use
	lines  *extents                    // made at first use
}

func (r *reader) read(group *ast.CommentGroup, comment *ast.Comment) {
	d, ok, err := parse(comment.Text)
	switch {
	case !ok:
		return
	case err != nil:
		r.problem(comment, err.Error())
		if len(d.rules) == 0 {
			return
		}
	}
	switch d.verb {
	case verbAllow:
		r.allow(comment, d)
	case verbEffects:
		r.adapter(comment, d)
	default:
		r.mark(group, comment, d)
	}
}

func (r *reader) problem(comment *ast.Comment, message string) {
	r.index.problems = append(r.index.problems, Problem{Pos: comment.Pos(), End: comment.Pos() + token.Pos(len(strip(comment.Text))), Message: message})
}
