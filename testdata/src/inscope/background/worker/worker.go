// Package worker starts goroutines for other packages.
package worker

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// Go runs h in a scope of its own.
func Go(ctx context.Context, h func(context.Context) error) {
	ctx = airlock.Detach(ctx)
	go func() {
		if err := airlock.Run(ctx, func(ctx context.Context) error { return h(ctx) }); err != nil {
			println(err)
		}
	}()
}

// Forget runs h in a scope that it doesn't keep open.
func Forget(ctx context.Context, h func(context.Context) error) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { _ = h(ctx) }()
		return nil
	})
}
