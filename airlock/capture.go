package airlock

import "fmt"

// A cargo is what a scope holds: its own intents, and lists of those that nested scopes handed up. Each list is in order; how
// they mesh is settled when somebody wants to see them, and not each time that one is handed up.
type cargo struct {
	own      []*Intent
	captured [][]*Intent
	size     int // of captured
}

// flat returns all intents in order. // I2
func (c *cargo) flat() []*Intent {
	if len(c.captured) == 0 {
		return c.own
	}
	return inOrder(c.lists())
}

func (c *cargo) lists() [][]*Intent {
	return append([][]*Intent{c.own}, c.captured...)
}

// any returns some intent, or nil.
func (c *cargo) any() *Intent {
	switch {
	case len(c.own) > 0:
		return c.own[0]
	case len(c.captured) > 0:
		return c.captured[0][0]
	}
	return nil
}

// handUp gives the intents of c to the enclosing scopes that capture them, closes s, and returns those that all of them
// released, in order. A transaction that is not the last word is handed to the parent unasked. // I6
func (s *Scope) handUp(c *cargo, unasked bool) ([]*Intent, error) {
	switch {
	case s.parent == nil:
		return c.flat(), nil
	case s.hooked && !unasked:
		list := c.flat()
		return s.close(nil, list, s.ask(list))
	}
	return s.close(c, nil, nil)
}

// close gives whole to the parent, or list to the takers. It returns what nobody took.
func (s *Scope) close(whole *cargo, list []*Intent, takers []*Scope) (kept []*Intent, err error) {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if st := State(s.state.Load()); st != closing && st != Pending {
		return nil, fmt.Errorf("%w: an enclosing scope was discarded", ErrScopeClosed)
	}
	s.leave()
	given := 0
	if whole != nil {
		given = s.parent.take(s, whole)
	}
	shares := share(list, takers)
	for p := s.parent; p != nil && shares != nil; p = p.parent {
		given += p.take(s, &cargo{own: shares[p]})
	}
	s.setState(Flushed)
	if given > 0 {
		s.rest = fate(OutcomeCaptured)
		s.setState(Captured)
	}
	return shares[nil], nil
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

// take adds what a nested scope hands up, and returns how much that is. However deep scopes are nested, it costs no more than
// the shorter of both lists of lists.
func (s *Scope) take(from *Scope, c *cargo) int {
	n := len(c.own) + c.size
	if n == 0 {
		return 0
	}
	s.heard = s.heard || from.heard
	s.canary.note(c.any(), n)
	s.held.size += n
	if len(c.captured) > 0 {
		more := c.captured
		if len(more) > len(s.held.captured) {
			more, s.held.captured = s.held.captured, more
		}
		s.held.captured = append(s.held.captured, more...)
		s.copied = false
	}
	s.takeList(c.own)
	return n
}

// takeList adds a list. Short ones are copied, so as not to keep the scope in memory that they are part of.
func (s *Scope) takeList(list []*Intent) {
	n := len(s.held.captured)
	switch {
	case len(list) == 0:
	case len(list) > len(s.few):
		s.held.captured = append(s.held.captured, list)
		s.copied = false
	case s.copied && s.held.captured[n-1][len(s.held.captured[n-1])-1].seq < list[0].seq:
		s.held.captured[n-1] = append(s.held.captured[n-1], list...)
	default:
		s.held.captured = append(s.held.captured, append([]*Intent(nil), list...))
		s.copied = true
	}
}
