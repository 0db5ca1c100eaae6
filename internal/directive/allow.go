package directive

import (
	"go/ast"
	"go/token"
	"time"

	"github.com/airlock-go/airlock/internal/rule"
)

// An Allow lets findings of some rules pass, over a stretch of a file, for a reason.
type Allow struct {
	Pos, End token.Pos
	Rules    []rule.Rule
	Reason   string
	Until    time.Time // last day on which it holds; the zero time: for good. The command judges it when it prints.

	file     *token.File
	from, to int // lines
}

// Covers reports whether the allow is for rule r at pos.
func (a *Allow) Covers(r rule.Rule, pos token.Pos) bool {
	if pos < token.Pos(a.file.Base()) || pos > token.Pos(a.file.Base()+a.file.Size()) {
		return false
	}
	line := a.file.PositionFor(pos, false).Line
	return a.from <= line && line <= a.to && a.Names(r)
}

// Names reports whether the allow is for rule r.
func (a *Allow) Names(r rule.Rule) bool {
	for _, own := range a.Rules {
		if own == r {
			return true
		}
	}
	return false
}

func (r *reader) allow(comment *ast.Comment, d parsed) {
	if r.lines == nil {
		r.lines = newExtents(r.pass.Fset, r.file)
	}
	a := &Allow{
		Pos: comment.Pos(), End: comment.Pos() + token.Pos(len(strip(comment.Text))),
		Rules: d.rules, Reason: d.reason, Until: d.until,
		file: r.lines.file,
	}
	a.from, a.to = r.lines.of(comment)
	r.index.allows = append(r.index.allows, a)
}
