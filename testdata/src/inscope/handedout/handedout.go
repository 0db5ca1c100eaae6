// Package handedout starts goroutines in scopes that are not closed where they are opened, and hands functions to what starts them.
package handedout

import (
	"context"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

func notify(context.Context, int) error { return nil }

func work(ctx context.Context) { _ = airlock.Enqueue(ctx, notify, 1) }

// A scope that somebody else closes is open when its function returns.
type daemon struct {
	wg   *sync.WaitGroup
	done chan struct{}
	stop func()
}

func start(ctx context.Context) *daemon {
	var wg sync.WaitGroup
	ctx, scope := airlock.Begin(ctx)
	wg.Go(func() { work(ctx) }) // stop waits for it
	return &daemon{wg: &wg, stop: scope.Discard}
}

func (d *daemon) close() {
	d.wg.Wait()
	d.stop()
}

func startField(ctx context.Context) *daemon {
	d := &daemon{done: make(chan struct{})}
	ctx, scope := airlock.Begin(ctx)
	d.stop = scope.Discard
	go func() { // the scope is the daemon's
		defer close(d.done)
		work(ctx)
	}()
	return d
}

func startLiteral(ctx context.Context) func() {
	var wg sync.WaitGroup
	ctx, scope := airlock.Begin(ctx)
	wg.Go(func() { work(ctx) }) // the literal waits for it
	return func() {
		wg.Wait()
		scope.Discard()
	}
}

func startScope(ctx context.Context) *airlock.Scope {
	ctx, scope := airlock.Begin(ctx)
	go work(ctx) // the scope is the caller's
	return scope
}

func closedHere(ctx context.Context) func() {
	var wg sync.WaitGroup
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	wg.Go(func() { work(ctx) }) // want `this may enqueue after its scope has closed`
	return func() { wg.Wait() }
}

func closedOrHandedOut(ctx context.Context, keep bool) *airlock.Scope {
	ctx, scope := airlock.Begin(ctx)
	go work(ctx) // want `this may enqueue after its scope has closed`
	if keep {
		return scope
	}
	scope.Discard()
	return nil
}

func looked(ctx context.Context) int {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	go work(ctx) // want `this may enqueue after its scope has closed`
	return len(scope.Intents())
}

// What a function that is handed another one does itself is done when it returns.
func watched(ctx context.Context, f func(context.Context)) {
	_, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll()))
	defer scope.Discard()
	go f(ctx)
}

func nothing(ctx context.Context) { <-ctx.Done() }

func handsNothing(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll()))
	defer scope.Discard()
	watched(ctx, nothing) // it opens and closes its scope before it returns
}

func handsWork(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	watched(ctx, work) // want `this may enqueue after its scope has closed`
}

// A scope of the function that starts the goroutine, which does not wait for it on each path.
func impatient(ctx context.Context, f func(context.Context)) {
	inner, scope := airlock.Begin(ctx)
	defer scope.Discard()
	done := make(chan struct{}, 1)
	go func() {
		f(inner)
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

func handsToImpatient(ctx context.Context) {
	impatient(ctx, work) // want `this may enqueue after its scope has closed`
}

func handsNothingToImpatient(ctx context.Context) {
	impatient(ctx, nothing) // it enqueues nothing
}

// The goroutine alone closes the scope: after what it enqueues.
func handsScope(ctx context.Context) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	go func() {
		defer scope.Discard()
		work(ctx)
		_ = scope.Flush(ctx)
	}()
}

func finish(ctx context.Context, scope *airlock.Scope) {
	defer scope.Discard()
	work(ctx)
	_ = scope.Flush(ctx)
}

func handsScopeToFunction(ctx context.Context) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	go finish(ctx, scope)
}

// Another goroutine closes it, once it has waited.
func flushLater(ctx context.Context) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { work(ctx) })
	go func() {
		wg.Wait()
		_ = scope.Flush(ctx)
	}()
}

func flushAnyTime(ctx context.Context) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { work(ctx) }) // want `this may enqueue after its scope has closed`
	go func() { _ = scope.Flush(ctx) }()
}

func handsScopeToOne(ctx context.Context) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	go work(ctx) // want `this may enqueue after its scope has closed`
	go finish(ctx, scope)
}

func handsScopeAndCloses(ctx context.Context, quick bool) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	go finish(ctx, scope) // want `this may enqueue after its scope has closed`
	if quick {
		scope.Discard()
	}
}

func neverClosed(ctx context.Context) {
	ctx, _ = airlock.Begin(airlock.Detach(ctx))
	go work(ctx) // want `this may enqueue after its scope has closed`
}
