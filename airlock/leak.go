package airlock

import (
	"context"
	"log/slog"
	"runtime"
	"sync/atomic"
)

// A leak is what is known of a scope of Begin that is open, kept apart from it: it outlives the scope if nobody closes
// that. A nil *leak is that of a scope of Run or InTx, which can't leak, and does nothing. // I14
type leak struct {
	set   *settings
	begun uintptr
	first atomic.Uintptr // the first Enqueue
	count atomic.Int64
}

// watch reports s if it is garbage collected open and with intents.
func (s *Scope) watch() {
	s.leak = &leak{set: s.set, begun: s.begun}
	s.cleanup = runtime.AddCleanup(s, (*leak).report, s.leak)
}

// note counts an intent.
func (l *leak) note(i *Intent) {
	if l != nil {
		l.first.CompareAndSwap(0, i.pc)
		l.count.Add(1)
	}
}

func (l *leak) noteAll(list []*Intent) {
	if l != nil {
		l.first.CompareAndSwap(0, list[0].pc)
		l.count.Add(int64(len(list)))
	}
}

// stop is called when s closes.
func (l *leak) stop(s *Scope) {
	if l != nil {
		s.cleanup.Stop()
	}
}

// report says aloud that the scope was lost.
func (l *leak) report() {
	n := int(l.count.Load())
	if n == 0 {
		return
	}
	e := ScopeEvent{State: Open, Intents: n, Begun: position(l.begun), First: position(l.first.Load())}
	slog.Warn("airlock: a scope was garbage collected open; its effects are lost: defer scope.Discard() and Flush it",
		"intents", n, "begun", e.Begun, "first", e.First)
	l.set.notifyScope(context.Background(), e, leaked)
}
