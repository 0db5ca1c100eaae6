// Package lib calls functions that it is handed in options.
package lib

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

type Options struct {
	OnDone  func(ctx context.Context) error
	OnError func(ctx context.Context) error
}

// Do calls OnDone in a scope, and OnError in none.
func Do(ctx context.Context, opts Options) error {
	if err := airlock.Run(ctx, opts.OnDone); err != nil {
		return opts.OnError(context.Background())
	}
	return nil
}

// Then calls OnDone with the context that it is handed.
func Then(ctx context.Context, opts *Options) error { return opts.OnDone(ctx) }
