// Package store enqueues for its callers.
package store

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func index(ctx context.Context, id int) error { return nil }

func Save(ctx context.Context, id int) error { return airlock.Enqueue(ctx, index, id) }

func Twice(ctx context.Context) {
	Save(ctx, 1)
	Save(ctx, 2)
}

func Load(ctx context.Context) error { return ctx.Err() }

type Store struct{}

func (Store) Put(ctx context.Context) error { return airlock.Enqueue(ctx, index, 1) }
