package airlock

import (
	"context"
	"errors"
	"fmt"
)

// A Transact runs fn inside a transaction, which it commits if fn returned nil and rolls back otherwise, and returns nil only
// after a commit. fn's context carries the transaction. It may call fn again, to retry. It is to airlock what
// airlocksql.Transact is for database/sql; others are a few lines.
type Transact func(ctx context.Context, fn func(ctx context.Context) error) error

// InTx runs fn in a scope around which transact keeps a transaction open. Effects leave after the commit, and only then; those
// of a [TxExecutor] are written before it, inside.
//
// Each call by transact is an attempt with a fresh scope; what an earlier attempt enqueued is dropped. After fn has returned
// nil, still inside the transaction, InTx waits for the goroutines that [Go] started; what was refused and ignored, a failed
// goroutine, or a nested scope still open is returned to transact, which rolls back. When transact has returned nil, the
// effects are dispatched as by [Scope.Flush], with ctx and not with the transaction's. InTx returns
//
//   - transact's error. If fn had succeeded, it also matches [ErrInDoubt]: only the database knows about the commit.
//   - an error that matches [ErrCommitted] if the transaction has committed and effects were not dispatched; it then also is
//     the error of the flush.
//
// Inside an outer scope, the effects are captured as with any nested scope, and marked (see [Intent.Committed]): if the outer
// scope is then discarded, they are lost although their transaction has committed, which is observed, logged, and makes
// Run's error match ErrCommitted. InTx(Detach(ctx), …) dispatches at once.
func InTx(ctx context.Context, transact Transact, fn func(ctx context.Context) error, opts ...ScopeOption) error {
	mustContext(ctx, "airlock.InTx")
	must(transact != nil, "airlock.InTx", "nil Transact")
	must(fn != nil, "airlock.InTx", "nil function")
	return inTx(ctx, nil, transact, fn, opts)
}

// InTx is the package's InTx with a's defaults.
func (a *Airlock) InTx(ctx context.Context, transact Transact, fn func(ctx context.Context) error, opts ...ScopeOption) error {
	mustContext(ctx, "airlock.Airlock.InTx")
	must(transact != nil, "airlock.Airlock.InTx", "nil Transact")
	must(fn != nil, "airlock.Airlock.InTx", "nil function")
	return inTx(ctx, a, transact, fn, opts)
}

// Joined returns a context that a Transact hands to its function where it has not begun a transaction, but joined one that an
// InTx further out will commit: the effects then wait for that one. Without a scope further out InTx fails: nobody would wait.
func Joined(ctx context.Context) context.Context {
	mustContext(ctx, "airlock.Joined")
	e := *envOf(ctx)
	e.joined = true
	return with(ctx, e)
}

// An attempt is one call of InTx's function by transact.
type attempt struct {
	scope   *Scope
	joined  bool
	written *flight // by TxExecutors
	err     error
}

func inTx(ctx context.Context, a *Airlock, transact Transact, fn func(ctx context.Context) error, opts []ScopeOption) error {
	outer := envOf(ctx)
	if err := outer.runnable("InTx"); err != nil {
		return err
	}
	var last *attempt
	done := false
	defer func() {
		if !done && last != nil {
			last.scope.discard(true) // I3
		}
	}()
	err := transact(ctx, func(txctx context.Context) error {
		if last != nil {
			last.scope.discard(true) // I16: each attempt starts empty
		}
		e := envOf(txctx)
		if e == outside {
			e = outer // a context of transact's own making: policies bind nevertheless
		}
		last = &attempt{joined: e.joined, scope: open(txctx, e, a, opts)}
		last.scope.inTx = true
		last.err = last.run(fn)
		return last.err
	})
	err = last.settle(ctx, err)
	done = true
	return err
}

// run calls fn and, if all is well, closes the scope until the commit. // I16
func (t *attempt) run(fn func(ctx context.Context) error) error {
	s := t.scope
	done := false
	defer func() {
		if !done { // I3
			s.join()
			s.discard(true)
		}
	}()
	err := fn(&s.ctx)
	s.join() // I8
	if err == nil {
		err = t.prepare()
	} else {
		s.discard(false)
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
		s.discard(false)
		return errJoinedAlone
	}
	if err := s.shut(Pending); err != nil {
		s.discard(false)
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

// report tells what has become of the intents in f.
func (f *flight) report() *Report {
	replay := f.replay()
	results := make([]Result, len(f.list))
	for k, i := range f.list {
		results[k].Intent = i
		replay(&results[k])
	}
	return &Report{results}
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
