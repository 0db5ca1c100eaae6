// Package decorated calls handlers that another package has decorated.
package decorated

import (
	"context"

	"github.com/airlock-go/airlock/airlock"

	"example.com/fixtures/inscope/decorated/lib"
	"example.com/fixtures/inscope/decorated/scoping"
)

func send(ctx context.Context, id int) error { return nil }

func place(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

func nothing(ctx context.Context, id int) error { return nil }

func called() error {
	return lib.Logged(place)(context.Background(), 1) // want `this context carries no scope \(context.Background\): lib.Logged → place → airlock.Enqueue`
}

func kept() error {
	h := lib.Logged(place)
	return h(context.Background(), 1) // want `lib.Logged → place → airlock.Enqueue`
}

func withValue() error {
	h := lib.Named("a", place)
	return h(context.Background(), 1) // want `lib.Named → place → airlock.Enqueue`
}

func twice() error {
	h := lib.Logged(lib.Named("a", place))
	return h(context.Background(), 1) // want `lib.Logged → lib.Named → place → airlock.Enqueue`
}

func handed(ids []int) error {
	return lib.Each(context.Background(), ids, lib.Logged(place)) // want `lib.Each → lib.Logged → place → airlock.Enqueue`
}

func literal() error {
	h := lib.Logged(func(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) })
	return h(context.Background(), 1) // want `lib.Logged → airlock.Enqueue`
}

func parameter(ctx context.Context) error { return lib.Logged(place)(ctx, 1) }

func parameterUnscoped() error {
	return parameter(context.Background()) // want `parameter → lib.Logged → place → airlock.Enqueue`
}

func started(ctx context.Context) {
	go lib.Logged(place)(ctx, 1) // want `this may enqueue after its scope has closed: lib.Logged → place → airlock.Enqueue`
}

func inScope() error {
	return airlock.Run(context.Background(), func(ctx context.Context) error { return lib.Logged(place)(ctx, 1) })
}

func scoped(ids []int) error {
	if err := scoping.Scoped(place)(context.Background(), 1); err != nil { // it opens one
		return err
	}
	if err := lib.Logged(scoping.Scoped(place))(context.Background(), 1); err != nil {
		return err
	}
	return lib.Each(context.Background(), ids, scoping.Scoped(place))
}

func enqueuesNothing() error { return lib.Logged(nothing)(context.Background(), 1) }

func unknown() error { return lib.Never(place)(context.Background(), 1) } // nil carries nothing that came from here

func endless() error {
	var h lib.Handler
	h = lib.Logged(func(ctx context.Context, id int) error { return h(ctx, id) })
	var g lib.Handler
	func() { g = lib.Logged(g) }()
	_ = g(context.Background(), 1)
	return h(context.Background(), 1)
}
