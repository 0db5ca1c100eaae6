package airlock

import (
	"context"
	"errors"
	"fmt"
)

// An attempt is one call of InTx's function by transact.
type attempt struct {
	scope   *Scope
	joined  bool
	written *flight // by TxExecutors
	err     error
}

// run calls fn and, if all is well, closes the scope until the commit. // I16
func (t *attempt) run(fn func(ctx context.Context) error) error {
	s := t.scope
	done := false
	defer func() {
		if !done { // I3
			s.end(true)
		}
	}()
	err := fn(&s.ctx)
	s.join() // I8
	if err == nil {
		err = t.prepare()
	} else {
		s.end(false)
		err = joinNew(err, s.remembered())
	}
	done = true
	return err
}

// prepare closes the scope and has the TxExecutors write.
func (t *attempt) prepare() error {
	s := t.scope
	if s.closed() { // by fn itself
		if s.orphaned {
			return fmt.Errorf("%w: an enclosing scope was discarded", ErrScopeClosed)
		}
		return joinNew(nil, s.remembered())
	}
	if t.joined && s.parent == nil {
		s.end(false)
		return errJoinedAlone
	}
	if err := s.shut(Pending); err != nil {
		s.end(false)
		return err
	}
	var list []*Intent
	for _, i := range s.held.flat() {
		if _, ok := i.executor().(TxExecutor); ok {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return nil
	}
	t.written = newFlight(s, list)
	t.written.ctx = s.txContext()
	if err := t.written.write(); err != nil {
		s.discard(true)
		return err
	}
	return nil
}

// txContext is the context of TxExecutors: the transaction's, without a scope.
func (s *Scope) txContext() context.Context {
	e := envOf(&s.ctx).detached()
	e.dispatching = true
	return with(&s.ctx, e)
}

// write hands the intents to their TxExecutors, up to the first error.
func (f *flight) write() error {
	f.judge()
	for k := 0; k < len(f.list) && !f.failed.Load(); {
		if !f.pends(k) {
			k++
			continue
		}
		end := f.extent(k)
		f.batch(f.pending(k, end), f.list[k].executor().(TxExecutor).ExecuteTx)
		k = end
	}
	if !f.failed.Load() {
		return nil
	}
	for k := range f.fates {
		if f.pends(k) {
			f.skip(k)
		}
	}
	return &FlushError{Report: f.report()}
}

// settle decides after transact has returned err.
func (t *attempt) settle(ctx context.Context, err error) error {
	switch {
	case t == nil && err == nil:
		return errors.New("airlock: InTx: transact returned nil without calling its function")
	case t == nil:
		return err
	}
	s := t.scope
	pending := s.State() == Pending
	switch {
	case err != nil:
		s.discard(true) // I16
		if t.err == nil && pending {
			err = fmt.Errorf("%w: %w", ErrInDoubt, err)
		}
		return joinNew(err, []error{s.lostErr})
	case t.err != nil:
		return fmt.Errorf("%w: transact returned nil although its function failed: %w", ErrInDoubt, t.err)
	case !pending && s.orphaned:
		return t.orphan()
	case !pending: // fn closed the scope itself
		return nil
	}
	return t.commit(ctx)
}

// commit hands up or dispatches the effects of a transaction that has committed. // I16
func (t *attempt) commit(ctx context.Context) error {
	s := t.scope
	t.mark()
	rest := &s.held
	if t.written != nil {
		rest = &cargo{own: without(rest.flat(), t.written.list)}
	}
	if s.parent == nil {
		s.resolve(Flushed)
	}
	kept, err := s.handUp(rest, t.joined)
	if err == nil {
		err = s.dispatch(ctx, kept)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCommitted, err)
	}
	return nil
}

// orphan tells that the outer scope was discarded before the commit. // I16
func (t *attempt) orphan() error {
	s := t.scope
	if t.joined {
		return fmt.Errorf("%w: an enclosing scope was discarded", ErrScopeClosed)
	}
	t.mark()
	s.tree.mu.Lock()
	s.mourn()
	s.tree.mu.Unlock()
	if s.lostErr != nil {
		s.lament()
	}
	return s.lostErr
}

// mark says that the transaction has committed, unless it is only part of another one.
func (t *attempt) mark() {
	s := t.scope
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	s.written = t.written
	if t.joined {
		return
	}
	s.tree.committed = true
	for _, list := range s.held.lists() {
		for _, i := range list {
			i.committed.Store(true)
		}
	}
}

// resolve takes s from Pending to st.
func (s *Scope) resolve(st State) {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	s.setState(st)
}

// without returns the intents of list that are not in other, which holds some of them in the same order.
func without(list, other []*Intent) []*Intent {
	var rest []*Intent
	for _, i := range list {
		if len(other) > 0 && other[0] == i {
			other = other[1:]
			continue
		}
		rest = append(rest, i)
	}
	return rest
}
