package airlock

import (
	"context"
	"fmt"
)

// Run calls fn with the context of a new scope and flushes the scope if fn returned nil. If fn returns an error, panics or
// calls runtime.Goexit, the scope is discarded; a panic goes on untouched. Run waits for the goroutines that [Go] started.
//
// Run returns fn's error, joined with the refused enqueues that fn ignored (see [PolicyError]), or the error of the flush
// (see [Scope.Flush]). Below a scope that has closed Run returns [ErrScopeClosed] without calling fn. A scope that fn closed
// itself is left as it is.
func Run(ctx context.Context, fn func(ctx context.Context) error, opts ...ScopeOption) error {
	mustContext(ctx, "airlock.Run")
	mustOptions(opts, "airlock.Run")
	must(fn != nil, "airlock.Run", "nil function")
	return run(ctx, nil, fn, opts)
}

// Run is the package's Run with a's defaults.
func (a *Airlock) Run(ctx context.Context, fn func(ctx context.Context) error, opts ...ScopeOption) error {
	mustContext(ctx, "airlock.Airlock.Run")
	mustOptions(opts, "airlock.Airlock.Run")
	must(fn != nil, "airlock.Airlock.Run", "nil function")
	return run(ctx, a, fn, opts)
}

func run(ctx context.Context, a *Airlock, fn func(ctx context.Context) error, opts []ScopeOption) error {
	e := envOf(ctx)
	if err := e.runnable("Run"); err != nil {
		return err
	}
	s := open(ctx, e, a, opts)
	return s.run(&s.ctx, ctx, fn)
}

// runnable returns the reason why no function may run in a scope below e.
func (e *env) runnable(call string) error {
	if e.guarded {
		return fmt.Errorf("%w: %s", ErrPolicyEnqueue, call)
	}
	if s := e.enclosing(); s != nil && s.closed() {
		return fmt.Errorf("%w: %s below a scope that is %v; for work that outlives it pass airlock.Detach(ctx)",
			ErrScopeClosed, call, s.closedAs()) // I7
	}
	return nil
}

// run runs fn and closes s, flushing with the values of outer.
func (s *Scope) run(ctx, outer context.Context, fn func(ctx context.Context) error) error {
	done := false
	defer func() {
		if !done { // I3: no recover, so that the panic and its stack stay what they are
			s.end(false)
		}
	}()
	err := fn(ctx)
	err = s.finish(outer, err)
	done = true
	return err
}

// finish closes s after its function has returned err.
func (s *Scope) finish(outer context.Context, err error) error {
	s.join() // I8
	if !s.wantsFlush(err) {
		s.end(false)
		return joinNew(err, s.remembered()) // I4
	}
	if s.closed() && !s.orphaned { // by fn itself: its decision
		return joinNew(err, s.remembered())
	}
	ferr := s.flush(outer)
	switch {
	case !s.closed(): // nested scopes are open
		s.end(false) // I6
	case s.State() == Discarded && !s.orphaned: // because of what was refused
		return joinNew(err, s.remembered()) // I4
	}
	return joinNew(err, []error{ferr, s.lostErr})
}

func (s *Scope) wantsFlush(err error) bool {
	if s.shouldFlush != nil {
		return s.shouldFlush(err)
	}
	return err == nil // I3
}
