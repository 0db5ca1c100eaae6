package airlock

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Flush closes the scope and dispatches its intents in the order in which they were enqueued, apart from those that a policy
// drops; if the scope is nested, it hands them up instead to the first enclosing scope that captures them. It waits for the
// goroutines that [Go] started, and then, unless their executors say otherwise, for the effects.
//
// The effects see ctx's values, but neither its cancellation nor a scope. Flush returns
//
//   - [ErrScopeClosed], also where another Flush is under way.
//   - [ErrOpenChildren] if a nested scope is still open; this scope stays open.
//   - what was refused and ignored, joined: the scope has been discarded.
//   - a *[FlushError] if an allowed intent was not dispatched: the others were.
//   - [ErrPolicyEnqueue]: ctx was given to a policy, an observer or a propagator; the scope stays as it is.
func (s *Scope) Flush(ctx context.Context) error {
	mustContext(ctx, "airlock.Scope.Flush")
	e := envOf(ctx)
	if e.guarded {
		return fmt.Errorf("%w: Flush", ErrPolicyEnqueue) // I12
	}
	if e.going.within(s) {
		return fmt.Errorf("%w: Flush is called by a goroutine that the scope waits for", ErrOpenChildren) // I8
	}
	if s.inTx {
		return errTxFlush // I16
	}
	return s.flush(ctx)
}

func (s *Scope) flush(ctx context.Context) error {
	if err := s.shut(closing); err != nil {
		return err
	}
	kept, err := s.handUp(&s.held, false)
	if err != nil {
		return err
	}
	return s.dispatch(ctx, kept)
}

// shut waits for the Go children and takes s from Open to next, unless something speaks against it.
func (s *Scope) shut(next State) error {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if s.closed() || s.flushing {
		return fmt.Errorf("%w: cannot flush, it is %v", ErrScopeClosed, s.closedAs()) // I7
	}
	if s.going.Load() > 0 {
		s.flushing = true
		s.await() // I8
		s.flushing = false
		if s.closed() {
			return fmt.Errorf("%w: it was discarded while Flush waited for its goroutines", ErrScopeClosed)
		}
	}
	if s.nested != nil {
		return s.openChildren() // I6
	}
	if refused := s.standing(); len(refused) > 0 {
		return s.giveUp(refused)
	}
	if next == closing && s.parent == nil {
		next = Flushed // nobody to ask
	}
	s.setState(next)
	return nil
}

// giveUp discards s and returns what was refused. The caller holds the lock. // I4
func (s *Scope) giveUp(refused []error) error {
	gone := s.drop(nil, false)
	s.tree.mu.Unlock()
	defer s.tree.mu.Lock()
	err := errors.Join(append(refused, s.lostErr)...)
	announce(gone, err)
	return err
}

func (s *Scope) openChildren() error {
	var begun []string
	for c := s.nested; c != nil; c = c.next {
		if c.begun != 0 {
			begun = append(begun, "begun at "+position(c.begun))
		}
	}
	if len(begun) == 0 {
		return fmt.Errorf("%w: close them first", ErrOpenChildren)
	}
	return fmt.Errorf("%w: %s", ErrOpenChildren, strings.Join(begun, ", "))
}
