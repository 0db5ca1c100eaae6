// Package closed uses scopes that are closed.
package closed

import (
	"context"
	"fmt"
	"log"

	"github.com/airlock-go/airlock/airlock"
)

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })

func cond() bool { return false }

func work(ctx context.Context) error { return notify.Enqueue(ctx, 1) }

func pure(ctx context.Context) error { return ctx.Err() }

// A64, S15
func a64FlushTwice(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx) // want `this scope is closed by now: Flush fails with ErrScopeClosed`
}

func a64DiscardTwice(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	scope.Discard()
	scope.Discard() // idempotent
}

func a64DiscardAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	err := scope.Flush(ctx)
	scope.Discard() // a no-op
	return err
}

// A65, S14, B17
func a65EnqueueAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return notify.Enqueue(ctx, 1) // want `the scope of this context is closed by now: Enqueue fails with ErrScopeClosed`
}

func a65HelperAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return work(ctx) // want `this enqueues in, or flushes, a scope that is closed by now`
}

func a65RunAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return airlock.Run(ctx, work) // want `the scope of this context is closed by now: airlock.Run fails`
}

func otherContext(outer context.Context) error {
	ctx, scope := airlock.Begin(outer)
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	if err := pure(ctx); err != nil { // enqueues nothing
		return err
	}
	if err := work(airlock.Detach(ctx)); err != nil { // not in this scope
		return err
	}
	return work(outer) // not in this scope
}

func derived(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	child, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return notify.Enqueue(child, 1) // want `the scope of this context is closed by now`
}

// S15
func s15FlushInLoop(ctx context.Context, n int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	for range n {
		if err := notify.Enqueue(ctx, 1); err != nil {
			return err
		}
		if err := scope.Flush(ctx); err != nil { // want `this scope is closed by now`
			return err
		}
	}
	return scope.Flush(ctx)
}

func s15Retry(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	for {
		err := scope.Flush(ctx) // want `this scope is closed by now`
		if err == nil {
			return
		}
		log.Print(err)
	}
}

func s15BeginInLoop(ctx context.Context, n int) error {
	for range n {
		ctx, scope := airlock.Begin(ctx)
		if err := scope.Flush(ctx); err != nil { // a scope of its own in each turn
			return err
		}
	}
	return nil
}

// S16
func s16DiscardThenFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	scope.Discard()
	return scope.Flush(ctx) // want `this scope is closed by now`
}

// S17
func s17Branches(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if cond() {
		scope.Discard()
		return nil
	}
	return scope.Flush(ctx) // the other branch has returned
}

func maybeClosed(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if cond() {
		scope.Discard()
	}
	return scope.Flush(ctx) // open on one of the paths that lead here
}

// S46, B17
func s46ReadAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	err := scope.Flush(ctx)
	for _, i := range scope.Intents() { // reading is fine
		fmt.Println(i)
	}
	fmt.Println(scope.Report(), scope.State())
	return err
}

// A66
func a66Idiom(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard() // a no-op after Flush
	return scope.Flush(ctx)
}

func deferredFlushAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		if err := scope.Flush(ctx); err != nil { // want `this scope is closed by now`
			log.Print(err)
		}
	}()
	return scope.Flush(ctx)
}

func finish(ctx context.Context, scope *airlock.Scope) error { return scope.Flush(ctx) }

func helperTwice(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := finish(ctx, scope); err != nil {
		return err
	}
	return finish(ctx, scope) // want `this enqueues in, or flushes, a scope that is closed by now`
}

func closesIt(ctx context.Context, scope *airlock.Scope) error {
	scope.Discard()
	return scope.Flush(ctx) // want `this scope is closed by now`
}

func literalAfter(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	send := func() error { return notify.Enqueue(ctx, 1) } // want `the scope of this context is closed by now`
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return send()
}

func literalBeforeAndAfter(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	send := func() error { return notify.Enqueue(ctx, 1) } // open when it is called first
	if err := send(); err != nil {
		scope.Discard()
		return err
	}
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return send()
}

// Scopes that others have opened.
func fromContext(ctx context.Context) error {
	if scope, ok := airlock.FromContext(ctx); ok {
		if err := scope.Flush(ctx); err != nil {
			return err
		}
		return scope.Flush(ctx) // want `this scope is closed by now`
	}
	return nil
}

func fromContextOnce(ctx context.Context) error {
	if scope, ok := airlock.FromContext(ctx); ok {
		return scope.Flush(ctx) // once
	}
	return nil
}
