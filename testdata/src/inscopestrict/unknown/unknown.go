// Package unknown: with -inscope.strict, contexts that can't be followed are reported.
package unknown

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

type worker struct{ ctx context.Context }

func (w *worker) work() {
	airlock.Enqueue(w.ctx, send, "a") // S34 // want `it can't be seen that this context carries a scope: airlock.Enqueue`
}

func work(ctx context.Context) {
	airlock.Enqueue(ctx, send, "a") // from the caller
}

func local(ctx context.Context) {
	ctx = airlock.WithLocalPolicy(ctx, airlock.AllowAll())
	airlock.Enqueue(ctx, send, "a") // still the caller's scope
}
