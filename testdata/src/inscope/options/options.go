// Package options: which context a callback in a struct of options is handed.
package options

import (
	"context"

	"github.com/airlock-go/airlock/airlock"

	"example.com/fixtures/inscope/options/lib"
)

func send(ctx context.Context, to string) error { return nil }

func notify(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

func scoped(ctx context.Context) error {
	return lib.Do(ctx, lib.Options{
		OnDone: func(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") },
	})
}

func scopeless(ctx context.Context) error {
	return lib.Do(ctx, lib.Options{ // want `carries no scope \(lib.Do\): airlock.Enqueue`
		OnError: func(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") },
	})
}

func declared(ctx context.Context) error {
	return lib.Do(ctx, lib.Options{OnDone: notify, OnError: notify}) // want `carries no scope \(lib.Do\): lib.Do → notify → airlock.Enqueue`
}

func given() {
	opts := &lib.Options{}
	opts.OnDone = func(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }
	lib.Then(context.Background(), opts) // want `carries no scope \(context.Background\): airlock.Enqueue`
}

// A call without the callback needs nothing, whatever others pass.
func without() { then(context.Background(), lib.Options{}) }

func with(ctx context.Context) {
	then(ctx, lib.Options{OnDone: func(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }})
}

func then(ctx context.Context, opts lib.Options) {
	if opts.OnDone != nil {
		opts.OnDone(ctx)
	}
}

// Where the callback is handed no scope for sure, any function that the package puts into the field counts.
func called(opts lib.Options) {
	opts.OnDone(context.Background()) // want `carries no scope \(context.Background\): notify → airlock.Enqueue`
}

// What options come from elsewhere hold is unknown.
func elsewhere(opts lib.Options) { lib.Then(context.Background(), &opts) }
