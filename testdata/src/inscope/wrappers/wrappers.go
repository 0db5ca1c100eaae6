// Package wrappers: home-made functions that open scopes, derive contexts and call back.
package wrappers

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func begin(ctx context.Context) (context.Context, *airlock.Scope) { // S37
	return airlock.Begin(ctx)
}

func WithScope[T any](ctx context.Context, f func(ctx context.Context) (T, error)) (T, error) { // S45
	var res T
	err := airlock.Run(ctx, func(ctx context.Context) (err error) {
		res, err = f(ctx)
		return err
	})
	return res, err
}

func Retry(ctx context.Context, f func(ctx context.Context) error) error {
	for f(ctx) != nil {
	}
	return nil
}

func fresh() context.Context { return context.Background() }

func withUser(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, 1) }

type key struct{}

type traced struct {
	context.Context
	id string
}

func trace(ctx context.Context) context.Context { return &traced{ctx, "1"} }

func begun() error {
	ctx, s := begin(context.Background())
	defer s.Discard()
	airlock.Enqueue(ctx, send, "a") // scoped
	return s.Flush(ctx)
}

func provided() (int, error) {
	return WithScope(context.Background(), func(ctx context.Context) (int, error) {
		return 1, airlock.Enqueue(ctx, send, "a") // scoped
	})
}

func providedOuter(ctx context.Context) (int, error) {
	return WithScope(ctx, func(inner context.Context) (int, error) {
		return 1, airlock.Enqueue(ctx, send, "a") // want `outside the scope opened on line 58: airlock.Enqueue; pass the context that WithScope hands its function`
	})
}

func begunOuter(ctx context.Context) error {
	inner, s := begin(ctx)
	defer s.Discard()
	airlock.Enqueue(ctx, send, "a") // want `outside the scope opened on line 64: airlock.Enqueue; pass the context that begin returned`
	return s.Flush(inner)
}

func retried() error {
	return Retry(context.Background(), func(ctx context.Context) error { // want `\(context.Background\): airlock.Enqueue`
		return airlock.Enqueue(ctx, send, "a") // Retry hands on what it is handed
	})
}

func retriedDeclared() error {
	return Retry(context.Background(), place) // want `\(context.Background\): Retry → place → airlock.Enqueue`
}

func providedDeclared() error {
	return airlock.Run(context.Background(), place) // scoped
}

func place(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

func made() error { return airlock.Enqueue(fresh(), send, "a") } // want `\(fresh\): airlock.Enqueue`

func derived() error {
	return airlock.Enqueue(withUser(trace(context.Background())), send, "a") // want `\(context.Background\): airlock.Enqueue`
}

func task() error {
	return airlock.Run(context.Background(), func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "outer", func(ctx context.Context) error {
			return airlock.Enqueue(ctx, send, "a") // a dispatch has a scope of its own
		})
	})
}

func children(ctx context.Context) error {
	return airlock.Run(context.Background(), func(ctx context.Context) error {
		return airlock.Go(ctx, func(ctx context.Context) error {
			return airlock.Enqueue(ctx, send, "a") // the scope's own goroutine
		})
	})
}

func childless() error {
	return airlock.Go(context.Background(), func(ctx context.Context) error { // want `\(context.Background\): airlock.Enqueue`
		return airlock.Enqueue(ctx, send, "a")
	})
}

func transaction(transact airlock.Transact) error {
	return airlock.InTx(context.Background(), transact, func(ctx context.Context) error {
		return airlock.Enqueue(ctx, send, "a") // scoped
	})
}
