// Package fixes: what is offered for a context that is not the scope's.
package fixes

import (
	"context"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func place(ctx context.Context, to string) error { return airlock.Enqueue(ctx, send, to) }

func begun(ctx context.Context) error {
	scoped, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := place(ctx, "a"); err != nil { // want `outside the scope`
		return err
	}
	return scope.Flush(scoped)
}

func run(ctx context.Context) error {
	return airlock.Run(ctx, func(inner context.Context) error {
		_ = place(inner, "a")
		return place(ctx, "b") // want `outside the scope`
	})
}

// Nothing is offered where the scope's context has no name there, or where another context than the scope's own parent would be lost.
func unnamed(ctx context.Context) error {
	return airlock.Run(ctx, func(context.Context) error {
		return place(ctx, "a") // want `outside the scope`
	})
}

func derived(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	scoped, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := place(short, "a"); err != nil { // want `outside the scope`
		return err
	}
	return scope.Flush(scoped)
}

func shadowed(ctx context.Context) error {
	return airlock.Run(ctx, func(inner context.Context) error {
		for _, inner := range []string{"a"} {
			if err := place(ctx, inner); err != nil { // want `outside the scope`
				return err
			}
		}
		return nil
	})
}
