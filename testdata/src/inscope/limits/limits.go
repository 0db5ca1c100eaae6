// Package limits: what inscope does not see.
package limits

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func place(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

type job struct{ ctx context.Context }

func field() {
	j := job{context.Background()}
	place(j.ctx) // not found: contexts in fields are unknown
}

func channel() {
	ch := make(chan context.Context, 1)
	ch <- context.Background()
	place(<-ch) // not found: contexts in channels are unknown
}

func firstOfTwo(ctx context.Context) error {
	errs := make(chan error, 2)
	go func() { errs <- place(ctx) }() // not found: outside loops one receive counts for all
	go func() { errs <- place(ctx) }()
	return <-errs
}
