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

// Digests returns, for each open end with something behind it, a digest of what the table answers. Positions are no part of it.
func (t *Table) Digests() map[string]string {
	digests := map[string]string{}
	d := digester{}
	for name, performs := range t.performs {
		h := sha256.New()
		for _, p := range performs {
			sum := d.digest(p.Beyond)
			fmt.Fprintf(h, "%q", p.To)
			h.Write(sum[:])
		}
		digests[name] = string(h.Sum(nil))
	}
	for place := range t.program.full {
		digests[place] = "full"
	}
	return digests
}
