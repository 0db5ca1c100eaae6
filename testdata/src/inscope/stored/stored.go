// Package stored: contexts from places that can't be followed are unknown, and silent.
package stored

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

type worker struct {
	ctx  context.Context
	jobs chan context.Context
	all  []context.Context
}

func newWorker() *worker { return &worker{ctx: context.Background()} }

func (w *worker) work() {
	airlock.Enqueue(w.ctx, send, "a")    // S34
	airlock.Enqueue(<-w.jobs, send, "a") // from a channel
	for _, ctx := range w.all {
		airlock.Enqueue(ctx, send, "a") // from a slice
	}
}

func called(get func() context.Context) {
	airlock.Enqueue(get(), send, "a") // an unknown call
}
