// Package callbacks: what functions hand the functions that they are given. // want package:"touches airlock"
package callbacks

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func WithScope(ctx context.Context, fn func(context.Context) error) error { // want WithScope:`calls\(1: 0: scoped under \[0\]\)`
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := fn(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func Generic[T any](ctx context.Context, fn func(context.Context) (T, error)) (res T, err error) { // want Generic:`calls\(1: 0: scoped under \[0\]\)`
	err = airlock.Run(ctx, func(ctx context.Context) error {
		res, err = fn(ctx)
		return err
	})
	return
}

func Through(ctx context.Context, fn func(context.Context) error) error { // want Through:`calls\(1: 0: scoped under \[0\]\)`
	return WithScope(ctx, fn)
}

func Straight(ctx context.Context, fn func(context.Context) error) error { // want Straight:`opens\(0: airlock.Run\) calls\(1: 0: scoped under \[0\]\)`
	return airlock.Run(ctx, fn)
}

func Plain(ctx context.Context, fns ...func(context.Context) error) error { // want Plain:`calls\(1: 0: from \[0\]\)`
	for _, fn := range fns {
		if err := fn(ctx); err != nil {
			return err
		}
	}
	return nil
}

func Fresh(fn func(context.Context) error) error { return fn(context.Background()) } // want Fresh:`calls\(0: 0: scopeless\)`

func InBackground(ctx context.Context, fn func(context.Context) error) { // it opens the scope in the goroutine // want InBackground:`^opens\(.*\) later calls\(1: 0: scoped under \[0\]\)`
	go func() {
		_ = airlock.Run(ctx, func(ctx context.Context) error { return fn(ctx) })
	}()
}

func Forgotten(ctx context.Context, fn func(context.Context) error) error { // and here around it // want Forgotten:`late calls\(1: 0: scoped under \[0\]\)`
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { _ = fn(ctx) }()
		return nil
	})
}

func Decorated(fn func(context.Context) error) func(context.Context) error { // want Decorated:`wraps calls\(0: 0: from \[0\]\)`
	return func(ctx context.Context) error { return fn(ctx) }
}
