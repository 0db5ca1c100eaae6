package airlock

import "fmt"

// handUp gives the intents of lists to the enclosing scopes that capture them, closes s, and returns those that all of them
// released, in order. A transaction that is not the last word is handed to the parent unasked. // I6
func (s *Scope) handUp(lists [][]*Intent, unasked bool) ([]*Intent, error) {
	if s.parent == nil {
		return flat(lists), nil
	}
	if !unasked && s.mayBeReleased() {
		list := flat(lists)
		return s.close(list, s.ask(list))
	}
	return s.close(nil, nil, lists...)
}

// close gives list to the takers, and lists to the parent. It returns what nobody took.
func (s *Scope) close(list []*Intent, takers []*Scope, lists ...[]*Intent) (kept []*Intent, err error) {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if st := State(s.state.Load()); st != closing && st != Pending {
		return nil, fmt.Errorf("%w: an enclosing scope was discarded", ErrScopeClosed)
	}
	s.leave()
	given := 0
	for _, l := range lists {
		given += s.parent.take(l)
	}
	shares := share(list, takers)
	for p := s.parent; p != nil && shares != nil; p = p.parent {
		given += p.take(shares[p])
	}
	s.setState(Flushed)
	if given > 0 {
		s.rest = OutcomeCaptured
		s.setState(Captured)
	}
	return shares[nil], nil
}

// mayBeReleased says whether any enclosing scope has an opinion.
func (s *Scope) mayBeReleased() bool {
	for p := s.parent; p != nil; p = p.parent {
		if p.capture != nil {
			return true
		}
	}
	return false
}

// ask returns for each intent the innermost enclosing scope that captures it, or nil. If a hook panics, s is discarded and the
// panic goes on. No lock is held.
func (s *Scope) ask(list []*Intent) []*Scope {
	done := false
	defer func() {
		if !done {
			s.abort()
		}
	}()
	takers := make([]*Scope, len(list))
	for k, i := range list {
		p := s.parent
		for p != nil && p.capture != nil && !p.capture(s, i) { // I6
			p = p.parent
		}
		takers[k] = p
	}
	done = true
	return takers
}

// share sorts list by takers.
func share(list []*Intent, takers []*Scope) map[*Scope][]*Intent {
	if len(list) == 0 {
		return nil
	}
	shares := make(map[*Scope][]*Intent)
	for k, i := range list {
		shares[takers[k]] = append(shares[takers[k]], i)
	}
	return shares
}

// take adds what a nested scope hands up, and says how much that is. Long lists are kept as they are, and merged only when
// somebody wants to see them; short ones are copied, so as not to keep the scope in memory that they are part of.
func (s *Scope) take(list []*Intent) int {
	if len(list) == 0 {
		return 0
	}
	s.canary.note(list...)
	if len(list) > len(s.few) {
		s.taken = append(s.taken, list)
		return len(list)
	}
	n := len(s.taken)
	if n == 0 || s.copied != n || s.taken[n-1][len(s.taken[n-1])-1].seq > list[0].seq {
		s.taken = append(s.taken, nil)
		n++
		s.copied = n
	}
	s.taken[n-1] = append(s.taken[n-1], list...)
	return len(list)
}
