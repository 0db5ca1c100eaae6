package airlock

import (
	"context"
	"log/slog"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// A canary is held by an open scope of Begin and by nothing else, so that it is garbage collected when the scope is. To
// register a cleanup is slow, so canaries of scopes that were closed are used again. The nil canary is that of a scope of Run
// or InTx, which can't leak, and does nothing. // I14
type canary struct{ leak *leak }

// A leak is what is known of a canary's scope, kept apart from both: it outlives them.
type leak struct {
	set   *settings
	begun uintptr
	first uintptr      // the first Enqueue
	count atomic.Int64 // of intents; far below zero where no scope has the canary. It publishes the rest
}

const noScope = math.MinInt64

var canaries = sync.Pool{New: func() any {
	c := &canary{new(leak)}
	runtime.AddCleanup(c, (*leak).report, c.leak)
	return c
}}

// watch reports s if it is garbage collected open and with intents.
func (s *Scope) watch() {
	c := canaries.Get().(*canary)
	c.leak.set, c.leak.begun, c.leak.first = s.set, s.begun, 0
	c.leak.count.Store(0)
	if s.parent == nil { // nobody else knows it yet
		s.canary = c
		return
	}
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	s.canary = c
	if s.closed() { // born so, or by now
		s.release()
	}
}

// note counts n intents more. The caller holds the scope's lock.
func (c *canary) note(first *Intent, n int) {
	if c == nil {
		return
	}
	if c.leak.first == 0 {
		c.leak.first = first.pc
	}
	c.leak.count.Add(int64(n))
}

// release takes the canary back from a scope that has closed.
func (s *Scope) release() {
	if c := s.canary; c != nil {
		s.canary = nil
		c.leak.count.Store(noScope)
		canaries.Put(c)
	}
}

// report says aloud that a scope was lost.
func (l *leak) report() {
	n := int(l.count.Load())
	if n <= 0 {
		return
	}
	e := ScopeEvent{State: Open, Intents: n, Begun: position(l.begun), First: position(l.first)}
	slog.Warn("airlock: a scope was garbage collected open and its effects are lost: defer scope.Discard() after Begin, and Flush",
		"intents", n, "begun", e.Begun, "first", e.First)
	l.set.notifyScope(context.Background(), e, leaked)
}
