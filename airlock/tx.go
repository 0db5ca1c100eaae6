package airlock

import "context"

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
	mustOptions(opts, "airlock.InTx")
	must(transact != nil, "airlock.InTx", "nil Transact")
	must(fn != nil, "airlock.InTx", "nil function")
	return inTx(ctx, nil, transact, fn, opts)
}

// InTx is the package's InTx with a's defaults.
func (a *Airlock) InTx(ctx context.Context, transact Transact, fn func(ctx context.Context) error, opts ...ScopeOption) error {
	mustContext(ctx, "airlock.Airlock.InTx")
	mustOptions(opts, "airlock.Airlock.InTx")
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
