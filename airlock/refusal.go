package airlock

import (
	"context"
	"sync/atomic"
)

// A refusal is an enqueue, a direct effect or a goroutine that failed. Its scope remembers it, so that a caller who ignores
// the error does not get half of the effects dispatched. // I4
type refusal struct {
	err     error
	handled atomic.Bool
}

// remember adds err to what s, and each ancestor up to last, won't flush over. With a last that is no ancestor of s: up to
// the root.
func (s *Scope) remember(err error, last *Scope) *refusal {
	r := &refusal{err: err}
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	for p := s; p != nil; p = p.parent {
		p.refusals = append(p.refusals, r) // I4
		if p == last {
			break
		}
	}
	return r
}

// remembered returns the refusals that nobody has taken back, in order.
func (s *Scope) remembered() []error {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	return s.standing()
}

// standing is remembered for a caller that holds the lock.
func (s *Scope) standing() []error {
	var errs []error
	for _, r := range s.refusals {
		if !r.handled.Load() {
			errs = append(errs, r.err)
		}
	}
	if s.lostErr != nil {
		errs = append(errs, s.lostErr) // I16
	}
	return errs
}

// refuse remembers that i was refused and tells the observers.
func (s *Scope) refuse(ctx context.Context, i *Intent, err error, by *link) error {
	last := s
	var policy Policy
	if by != nil {
		pe := &PolicyError{Policy: by.policy, Intent: i, Err: err}
		err, last, policy = pe, by.owner, by.policy
		pe.refusal = s.remember(err, last)
	} else {
		s.remember(err, last)
	}
	s.set.notify(ctx, IntentEvent{Scope: s, Intent: i, Err: err, Policy: policy}, rejected)
	return err
}
