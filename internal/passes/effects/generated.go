package effects

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/whose"
)

// generated reports whether a tool wrote fn. Findings are not reported in such a file, so effects are told where it is called.
func (e *engine) generated(fn *ssa.Function) bool {
	if e.tools == nil {
		e.tools = map[*token.File]bool{}
		for _, syntax := range e.pass.Files {
			e.tools[e.pass.Fset.File(syntax.FileStart)] = whose.Generated(syntax)
		}
	}
	return fn.Pos().IsValid() && e.tools[e.pass.Fset.File(fn.Pos())]
}

// byTool reports whether an entry is of generated code that has the effect without code of the user in between. seen are those that
// are being asked.
func (e *engine) byTool(en *entry, seen map[*entry]bool) bool {
	if en.tool || seen[en] {
		return en.tool
	}
	if en.what != performs || en.unit.fn == nil || !e.generated(en.unit.fn) {
		return false
	}
	seen[en] = true
	for _, l := range en.links {
		if !e.own(l.edge.callee.pkg()) && l.edge.callee.fn == nil || l.from != nil && e.byTool(l.from, seen) {
			return true
		}
	}
	return false
}
