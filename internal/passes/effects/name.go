package effects

import (
	"go/token"
	"go/types"
)

// Display returns the short name by which messages call a function: as [Result.Chain] has it.
func (r *Result) Display(fn *types.Func) string {
	if r.code == nil {
		return FullName(fn)
	}
	return r.display(FullName(fn), false)
}

// Position returns a position in the form that summaries keep: file:line:col, the file relative to the module.
func (r *Result) Position(pos token.Pos) string {
	if r.code == nil {
		return ""
	}
	return formatPosition(r.code.position(pos))
}

// EnqueueChain returns the way to an enqueue, of a summary of this package or of one that it imports, in the names that messages use.
func (r *Result) EnqueueChain(q Enqueued) []string {
	var names []string
	for _, h := range q.Way.hops() {
		if h.Callee != "" {
			names = append(names, r.display(h.Callee, false))
		}
	}
	return append(names, "airlock.Enqueue")
}
