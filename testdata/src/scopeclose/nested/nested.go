// Package nested opens scopes inside of others: to discard the outer one discards them, to flush it fails while they are open.
package nested

import (
	"context"
	"testing"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })

func cond() bool { return false }

func use(ctx context.Context) error { return ctx.Err() }

func discarded(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	_, _ = airlock.Begin(ctx) // discarded with the one around it
}

func discardedInView(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	inner, _ := airlock.Begin(ctx) // discarded with the one around it
	_ = use(inner)
	outer.Discard()
}

func discardedOnOnePath(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx) // want `still open at the return on line 38`
	inner, _ := airlock.Begin(ctx)   // want `still open at the return on line 38`
	_ = use(inner)
	if cond() {
		outer.Discard()
	}
}

func discardedByLiteral(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	defer func() { outer.Discard() }()
	_, _ = airlock.Begin(ctx) // discarded with the one around it
}

func discardedByMethodValue(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	done := outer.Discard
	_, _ = airlock.Begin(ctx) // discarded with the one around it
	done()
}

func discardedByGrandparent(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	ctx, _ = airlock.Begin(ctx) // so is this one
	_, _ = airlock.Begin(ctx)   // and the one inside of it
}

func derived(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, _ = airlock.Begin(context.WithValue(ctx, "k", "v")) // discarded with the one around it
}

func flushed(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, scope := airlock.Begin(ctx) // want `this scope is still open when the one around it is flushed on line 76, which fails with ErrOpenChildren: flush or discard it before`
	if err := notify.Enqueue(inner, 1); err != nil {
		return err // here both are discarded
	}
	_ = scope.State()
	return outer.Flush(ctx)
}

func flushedElsewhere(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, scope := airlock.Begin(ctx)
	if err := use(inner); err != nil {
		return err // discarded with the one around it
	}
	if err := scope.Flush(inner); err != nil {
		return err
	}
	return outer.Flush(ctx)
}

func silentlyLost(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, _ := airlock.Begin(ctx)
	return notify.Enqueue(inner, 1) // want `effects are silently lost`
}

func detached(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	_, scope := airlock.Begin(airlock.Detach(ctx)) // want `still open at the return on line 104`
	_ = scope.State()
}

func besides(ctx context.Context) {
	_, outer := airlock.Begin(ctx)
	defer outer.Discard()
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 111`
	_ = scope.State()
}

func before(ctx context.Context) {
	inner, scope := airlock.Begin(ctx) // want `still open at the return on line 118`
	_, outer := airlock.Begin(inner)
	defer outer.Discard()
	_ = scope.State()
}

func bornClosed(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	outer.Discard()
	inner, _ := airlock.Begin(ctx)   // closed from the start
	_ = notify.Enqueue(inner, 1)     // want `closed by now`
	_ = airlock.Detach(inner).Done() // what comes after it has no scope
}

func piledUp(ctx context.Context, n int) {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	for range n {
		inner, _ := airlock.Begin(ctx) // want `still open when the next one takes its place`
		_ = use(inner)
	}
}

func eachTurn(ctx context.Context, n int) {
	for range n {
		func() {
			ctx, outer := airlock.Begin(ctx)
			defer outer.Discard()
			_, _ = airlock.Begin(ctx) // discarded with the one around it, in each turn
		}()
	}
}

func eachTurnInView(ctx context.Context, n int) {
	for range n {
		ctx, outer := airlock.Begin(ctx)
		_, _ = airlock.Begin(ctx) // discarded with the one around it, in each turn
		outer.Discard()
	}
}

func oneOfTwo(ctx context.Context) {
	if cond() {
		var outer *airlock.Scope
		ctx, outer = airlock.Begin(ctx)
		defer outer.Discard()
	}
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 163`
	_ = scope.State()
}

func byRun(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		_, scope := airlock.Begin(ctx) // want `still open at the return on line 169`
		_ = scope.State()
		return nil
	})
}

func exposed(ctx context.Context) context.Context {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	ctx, _ = airlock.Begin(ctx) // closed when it is handed out
	return ctx
}

type worker struct {
	ctx  context.Context
	stop func()
}

func newWorker(ctx context.Context) *worker {
	ctx, scope := airlock.Begin(ctx) // the caller's
	return &worker{ctx, scope.Discard}
}

func object(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	w := newWorker(ctx) // ends with the scope that it was made in
	_ = use(w.ctx)
}

func objectElsewhere(ctx context.Context) {
	_, outer := airlock.Begin(ctx)
	defer outer.Discard()
	w := newWorker(ctx) // want `the scope in this value is still open at the return on line 202`
	_ = use(w.ctx)
}

func newTestWorker() (*worker, func()) {
	ctx, outer := airlock.Begin(context.Background())
	return newWorker(ctx), func() { // the worker's scope ends with the one around it
		outer.Discard()
		println("done")
	}
}

func together(t *testing.T) {
	w, done := newTestWorker() // ends with done
	defer done()
	_ = use(w.ctx)
}

func togetherCleanup(t *testing.T) {
	w, done := newTestWorker() // ends with done, when the test does
	t.Cleanup(done)
	_ = use(w.ctx)
}

func togetherStopped(t *testing.T) {
	w, done := newTestWorker() // want `the scope opened here is still open at the return on line 228`
	w.stop()
	_ = done
}

func togetherForgotten(t *testing.T) {
	w, _ := newTestWorker() // want `scope` `scope`
	_ = use(w.ctx)
}

func newStrictWorker(t *testing.T) *worker {
	ctx, outer := airlock.Begin(context.Background())
	t.Cleanup(outer.Discard)
	w := newWorker(ctx) // ends with the test
	return w
}

func inTest(t *testing.T) {
	w := newStrictWorker(t)
	_ = use(w.ctx)
}

func newWorkerOfFlusher(ctx context.Context) (*worker, func() error) {
	ctx, outer := airlock.Begin(ctx)
	return newWorker(ctx), func() error { return outer.Flush(ctx) }
}

func flushedTogether(ctx context.Context) error {
	w, done := newWorkerOfFlusher(ctx) // want `the scope in this value is still open when the one around it is flushed on line 255`
	_ = use(w.ctx)
	return done()
}

func helperDiscards(ctx context.Context) {
	ctx, outer := airlock.Begin(ctx)
	_, _ = airlock.Begin(ctx) // discarded with the one around it
	discard(outer)
}

func discard(scope *airlock.Scope) { scope.Discard() }

func goroutine(ctx context.Context, done chan bool) {
	ctx, outer := airlock.Begin(ctx)
	_, _ = airlock.Begin(ctx) // discarded with the one around it, some time
	go func() {
		<-done
		outer.Discard()
	}()
}

type registry struct{ stop func() }

func (r *registry) keep(stop func()) { r.stop = stop }

// Whoever has the function may never call it.
func kept(ctx context.Context, r *registry) {
	ctx, outer := airlock.Begin(ctx)
	r.keep(outer.Discard)
	for range 3 {
		inner, scope := airlock.Begin(ctx) // want `still open when the next one takes its place`
		_ = use(inner)
		_ = scope.State()
	}
}

func cleanup(t *testing.T) {
	ctx, outer := airlock.Begin(t.Context())
	t.Cleanup(func() { outer.Discard() })
	_, _ = airlock.Begin(ctx) // ends with the test
}

func muted(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll()))
	defer outer.Discard()
	inner, scope := airlock.Begin(context.WithValue(ctx, "k", "v")) // the outer policy drops what is enqueued here, too
	defer scope.Discard()
	return notify.Enqueue(inner, 1)
}

func mutedApart(ctx context.Context) error {
	ctx, outer := airlock.Begin(airlock.Detach(airlock.WithLocalPolicy(ctx, airlock.DropAll())))
	defer outer.Discard()
	return notify.Enqueue(ctx, 1)
}
