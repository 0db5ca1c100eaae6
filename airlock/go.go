package airlock

import (
	"context"
	"fmt"
	"runtime"
)

// A goFrame says that a context belongs to a Go child of a scope, inside others.
type goFrame struct {
	scope *Scope
	outer *goFrame
}

// Go calls fn in a new goroutine that the scope of ctx waits for: Flush before it closes the scope, Run and InTx in every
// case. fn's context is ctx and so is cancelled with it. An error, a panic or a runtime.Goexit of fn is remembered: the scope
// won't flush, and returns it. fn must not flush the scope itself, which would wait for it: [ErrOpenChildren].
//
// Go returns [ErrNoScope], [ErrScopeClosed] or [ErrPolicyEnqueue] if it has not started fn.
func Go(ctx context.Context, fn func(ctx context.Context) error) error {
	mustContext(ctx, "airlock.Go")
	must(fn != nil, "airlock.Go", "nil function")
	e := envOf(ctx)
	if e.guarded {
		return fmt.Errorf("%w: Go", ErrPolicyEnqueue) // I12
	}
	s := e.enclosing()
	if s == nil {
		return fmt.Errorf("%w: Go needs one to wait for the goroutine: open one with airlock.Run or airlock.Begin", ErrNoScope)
	}
	if !s.start() {
		return fmt.Errorf("%w: Go in a scope that is %v", ErrScopeClosed, s.closedAs())
	}
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	child := *e
	child.going = &goFrame{s, e.going}
	go s.child(with(ctx, child), pcs[0], fn)
	return nil
}

// child runs fn and remembers how it ended, if badly. // I8
func (s *Scope) child(ctx context.Context, pc uintptr, fn func(ctx context.Context) error) {
	defer s.stop()
	err := error(errGoexit)
	done := false
	defer func() {
		if !done {
			err = caught(recover())
		}
		if err != nil {
			s.remember(fmt.Errorf("airlock: goroutine started at %s: %w", position(pc), err), s)
		}
	}()
	err = fn(ctx)
	done = true
}

// start counts a goroutine in, unless the scope has closed.
func (s *Scope) start() bool {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if s.closed() {
		return false
	}
	s.going.Add(1)
	return true
}

// stop counts a goroutine out.
func (s *Scope) stop() {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if s.going.Add(-1) == 0 && s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

// end discards s after its Go children have ended, also those that start meanwhile.
func (s *Scope) end(pending bool) {
	s.join()
	s.discard(pending)
	s.join()
}

// join waits until no Go child of s runs.
func (s *Scope) join() {
	if s.going.Load() == 0 {
		return
	}
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	s.await()
}

// await is join for a caller that holds the lock, and holds it again from the moment on in which none runs.
func (s *Scope) await() {
	for s.going.Load() > 0 {
		if s.idle == nil {
			s.idle = make(chan struct{})
		}
		idle := s.idle
		s.tree.mu.Unlock()
		<-idle
		s.tree.mu.Lock()
	}
}

// within says whether a context belongs to a Go child of s.
func (f *goFrame) within(s *Scope) bool {
	for ; f != nil; f = f.outer {
		if f.scope == s {
			return true
		}
	}
	return false
}
