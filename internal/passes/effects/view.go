package effects

import (
	"crypto/sha256"
	"fmt"
)

// View returns a table with the same answers, which calls asked with each interface method that it is asked for: what a result that is
// kept depends on. asked must be safe for concurrent use if the table is used so.
func (t *Table) View(asked func(method string)) *Table {
	view := *t
	view.asked = asked
	return &view
}

func (t *Table) ask(method string) {
	if t.asked != nil {
		t.asked(method)
	}
}

// Digests returns, for each interface method that is bound, a digest of what the table answers. Positions are no part of it.
func (t *Table) Digests() map[string]string {
	digests := map[string]string{}
	for method, bindings := range t.byMethod {
		h := sha256.New()
		for _, i := range bindings {
			b := t.Bindings[i]
			fmt.Fprintf(h, "%q\n", b.To)
			for _, p := range b.Performs {
				fmt.Fprintf(h, "%d %v %d %q\n", p.Effect, p.Used, p.Async, p.Way.names())
			}
		}
		digests[method] = string(h.Sum(nil))
	}
	for place := range t.full {
		digests[place] = "full"
	}
	return digests
}
