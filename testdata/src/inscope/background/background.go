// Package background hands functions to helpers that run them later, in scopes that are opened there or elsewhere.
package background

import (
	"context"
	"sync"
	"time"

	"example.com/fixtures/inscope/background/worker"
	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, id int) error { return nil }

func place(ctx context.Context) error { return airlock.Enqueue(ctx, send, 1) }

// The goroutine opens the scope in which it calls h.
func run(ctx context.Context, h func(context.Context) error) {
	ctx = airlock.Detach(ctx)
	go func() {
		if err := airlock.Run(ctx, func(ctx context.Context) error { return h(ctx) }); err != nil {
			println(err)
		}
	}()
}

func begin(ctx context.Context, h func(context.Context) error) {
	ctx = airlock.Detach(ctx)
	go func() {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard()
		if err := h(ctx); err != nil {
			return
		}
		if err := scope.Flush(ctx); err != nil {
			println(err)
		}
	}()
}

func later(ctx context.Context, h func(context.Context) error) {
	ctx = airlock.Detach(ctx)
	time.AfterFunc(time.Second, func() {
		_ = airlock.Run(ctx, func(ctx context.Context) error { return h(ctx) })
	})
}

func generic[T any](ctx context.Context, v T, h func(context.Context, T) error) {
	ctx = airlock.Detach(ctx)
	go func() { _ = airlock.Run(ctx, func(ctx context.Context) error { return h(ctx, v) }) }()
}

func withItem(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

func uses(ctx context.Context) {
	run(ctx, place)
	run(context.Background(), place)
	begin(ctx, place)
	later(ctx, place)
	generic(ctx, 1, withItem)
	generic(ctx, 1, func(ctx context.Context, _ int) error { return place(ctx) })
	run(ctx, func(ctx context.Context) error { return airlock.Run(ctx, place) }) // below the goroutine's scope
	worker.Go(ctx, place)
}

// The context that the literal captures is not the one that the goroutine opens.
func captured(ctx context.Context) {
	run(ctx, func(context.Context) error { return place(ctx) })       // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
	worker.Go(ctx, func(context.Context) error { return place(ctx) }) // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
}

// What opens the scope doesn't run in the goroutine.
func opensOutside(ctx context.Context, h func(context.Context) error) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { _ = h(ctx) }()
		return nil
	})
}

// One of two goroutines opens its own.
func opensSometimes(ctx context.Context, detached bool, h func(context.Context) error) error {
	if detached {
		run(ctx, h)
		return nil
	}
	return opensOutside(ctx, h)
}

// The goroutine opens the scope, and starts another one that it doesn't wait for.
func twice(ctx context.Context, h func(context.Context) error) {
	ctx = airlock.Detach(ctx)
	go func() {
		_ = airlock.Run(ctx, func(ctx context.Context) error {
			go func() { _ = h(ctx) }()
			return nil
		})
	}()
}

func plain(ctx context.Context, h func(context.Context) error) {
	go func() { _ = h(ctx) }()
}

func found(ctx context.Context) {
	_ = opensOutside(ctx, place)          // want `this may enqueue after its scope has closed: opensOutside → place → airlock.Enqueue`
	_ = opensSometimes(ctx, false, place) // want `this may enqueue after its scope has closed: opensSometimes → place → airlock.Enqueue`
	twice(ctx, place)                     // want `this may enqueue after its scope has closed: twice → place → airlock.Enqueue`
	plain(ctx, place)                     // want `this may enqueue after its scope has closed: plain → place → airlock.Enqueue`
	_ = worker.Forget(ctx, place)         // want `this may enqueue after its scope has closed: worker.Forget → place → airlock.Enqueue`
}

// Helpers on top of helpers.
func subscribe(ctx context.Context, in <-chan int, h func(context.Context) error) {
	go func() {
		for range in {
			_ = h(ctx)
		}
	}()
}

func subscribeScoped(ctx context.Context, in <-chan int, h func(context.Context) error) {
	subscribe(ctx, in, func(ctx context.Context) error {
		return airlock.Run(ctx, func(ctx context.Context) error { return h(ctx) })
	})
}

func runAgain(ctx context.Context, h func(context.Context) error) { run(ctx, h) }

func runLiteral(ctx context.Context, h func(context.Context) error) {
	worker.Go(ctx, func(ctx context.Context) error { return h(ctx) })
}

func again(ctx context.Context, in <-chan int) {
	subscribe(ctx, in, place) // want `subscribe → place → airlock.Enqueue`
	subscribeScoped(ctx, in, place)
	runAgain(ctx, place)
	runLiteral(ctx, place)
}

// A helper that also calls the function itself: in a scope that is open while it does.
func nowAndLater(ctx context.Context, h func(context.Context) error) error {
	run(ctx, h)
	return airlock.Run(ctx, h)
}

func both(ctx context.Context) error { return nowAndLater(ctx, place) }

// What a named function opens in the goroutine is open there.
func inScope(ctx context.Context, h func(context.Context) error) {
	_ = airlock.Run(airlock.Detach(ctx), h)
}

func named(ctx context.Context) {
	go inScope(ctx, place)
	var wg sync.WaitGroup
	wg.Go(func() { inScope(ctx, place) })
}
