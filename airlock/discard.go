package airlock

import (
	"context"
	"fmt"
	"log/slog"
)

func (s *Scope) discard(pending bool) {
	s.tree.mu.Lock()
	var gone []*Scope
	if st := State(s.state.Load()); st == Open || st == Pending && pending {
		gone = s.drop(nil, false)
	}
	s.tree.mu.Unlock()
	announce(gone, nil)
}

// abort discards a scope that is being closed.
func (s *Scope) abort() {
	s.tree.mu.Lock()
	var gone []*Scope
	if State(s.state.Load()) == closing {
		gone = s.drop(nil, false)
	}
	s.tree.mu.Unlock()
	announce(gone, nil)
}

// drop closes s and the scopes nested in it, those first, and adds them to gone. The caller holds the lock. // I6
func (s *Scope) drop(gone []*Scope, orphan bool) []*Scope {
	for s.nested != nil {
		gone = s.nested.drop(gone, true)
	}
	s.leave()
	s.orphaned = orphan
	s.rest = OutcomeDiscarded
	if s.tree.committed {
		s.countLost()
	}
	s.setState(Discarded)
	return append(gone, s)
}

// announce tells the observers of scopes that were discarded. No lock is held.
func announce(gone []*Scope, err error) {
	for _, s := range gone {
		if s.lost > 0 {
			s.lament()
		}
		if len(s.set.observers) > 0 {
			for _, i := range inOrder(s.lists()) {
				i.set.notify(&s.ctx, IntentEvent{Scope: s, Intent: i, Outcome: OutcomeDiscarded}, dispatched)
			}
			s.set.notifyScope(&s.ctx, s.event(err), closed)
		}
	}
}

// lament says aloud that effects of committed transactions were lost. // I16
func (s *Scope) lament() {
	var first *Intent
	for _, i := range inOrder(s.lists()) {
		if !i.Committed() {
			continue
		}
		if first == nil {
			first = i
		}
		i.set.notify(&s.ctx, IntentEvent{Scope: s, Intent: i, Outcome: OutcomeDiscarded, Err: ErrCommitted}, lost)
	}
	slog.WarnContext(context.Background(), "airlock: effects of a committed transaction were discarded",
		"count", s.lost, "first", first)
}

// countLost counts what has been committed and is dropped. The caller holds the lock. // I16
func (s *Scope) countLost() {
	for _, list := range s.content() {
		for _, i := range list {
			if i.Committed() {
				s.lost++
			}
		}
	}
	if s.lost > 0 {
		s.lostErr = fmt.Errorf("%w: %d were discarded with the scope that held them", ErrCommitted, s.lost)
	}
}
