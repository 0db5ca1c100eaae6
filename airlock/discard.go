package airlock

import (
	"context"
	"fmt"
	"log/slog"
)

// discard closes s if it is open or, where that is meant too, pending.
func (s *Scope) discard(pending bool) {
	if s.closed() && !pending { // as after every Flush
		return
	}
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
	if st := State(s.state.Load()); st == closing || st == Pending {
		gone = s.drop(nil, false)
	}
	s.tree.mu.Unlock()
	announce(gone, nil)
}

// drop closes s and the scopes nested in it, those first, and adds them to gone. The caller holds the lock. // I6
func (s *Scope) drop(gone []*Scope, orphan bool) []*Scope {
	for s.nested != nil {
		child := s.nested
		gone = child.drop(gone, true)
		if child.lostErr != nil {
			s.lostErr = child.lostErr // for the caller of the outermost
		}
	}
	s.leave()
	s.orphaned = orphan
	s.rest = fate(OutcomeDiscarded)
	if s.tree.committed {
		s.mourn()
	}
	s.setState(Discarded)
	return append(gone, s)
}

// announce tells the observers of scopes that were discarded. No lock is held.
func announce(gone []*Scope, err error) {
	for _, s := range gone {
		if s.lostErr != nil {
			s.lament()
		}
		if s.heard {
			for _, i := range inOrder(s.lists()) {
				i.set.notify(&s.ctx, IntentEvent{Scope: s, Intent: i, Outcome: OutcomeDiscarded}, dispatched)
			}
			s.set.notifyScope(&s.ctx, s.event(err), closed)
		}
	}
}

// lament says aloud that effects of committed transactions were lost. // I16
func (s *Scope) lament() {
	gone := s.committed()
	if len(gone) == 0 { // a nested scope's
		return
	}
	for _, i := range gone {
		i.set.notify(&s.ctx, IntentEvent{Scope: s, Intent: i, Outcome: OutcomeDiscarded, Err: ErrCommitted}, lost)
	}
	slog.WarnContext(context.Background(), "airlock: effects of a committed transaction were discarded",
		"count", len(gone), "first", gone[0])
}

// mourn notes what has been committed and is dropped. The caller holds the lock. // I16
func (s *Scope) mourn() {
	if n := len(s.committed()); n > 0 {
		s.lostErr = fmt.Errorf("%w: %d were discarded with the scope that held them", ErrCommitted, n)
	}
}

// committed returns the intents of a closed scope whose transaction has committed, apart from what was written inside it.
func (s *Scope) committed() []*Intent {
	list := s.held.flat()
	if s.written != nil {
		list = without(list, s.written.list)
	}
	var is []*Intent
	for _, i := range list {
		if i.Committed() {
			is = append(is, i)
		}
	}
	return is
}
