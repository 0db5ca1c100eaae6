// Package wrappers: home-made functions that enqueue what they are handed.
package wrappers

import (
	"context"
	"database/sql"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

func later(ctx context.Context, fn func(context.Context) error) error {
	return airlock.EnqueueFunc(ctx, "later", fn)
}

func afterwards(ctx context.Context, fn func(context.Context) error) error { return later(ctx, fn) }

func now(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

func place(ctx context.Context, tx *sql.Tx) {
	later(ctx, func(context.Context) error { return use(tx) })      // want `tx \(a transaction\)`
	afterwards(ctx, func(context.Context) error { return use(tx) }) // want `tx \(a transaction\)`
	now(ctx, func(context.Context) error { return use(tx) })        // it is called at once
}
