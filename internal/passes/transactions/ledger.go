package transactions

import "go/types"

// A ledger remembers whose summaries were asked for to compute whose, so that only what depends on a change is computed again.
type ledger struct {
	current *types.Func                          // whose summary is being computed
	readers map[*types.Func]map[*types.Func]bool // by whose summary they asked for
	stale   map[*types.Func]bool                 // whose summary may depend on one that has changed since it was computed
}

func newLedger() ledger {
	return ledger{readers: map[*types.Func]map[*types.Func]bool{}, stale: map[*types.Func]bool{}}
}

// read notes that the summary of fn was asked for.
func (l *ledger) read(fn *types.Func) {
	if l.current == nil || l.readers[fn][l.current] {
		return
	}
	if l.readers[fn] == nil {
		l.readers[fn] = map[*types.Func]bool{}
	}
	l.readers[fn][l.current] = true
}

// changed notes that the summary of fn has changed.
func (l *ledger) changed(fn *types.Func) {
	for reader := range l.readers[fn] {
		l.stale[reader] = true
	}
}
