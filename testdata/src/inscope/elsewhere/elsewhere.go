// Package elsewhere: contexts that pass through packages which know nothing of scopes.
package elsewhere

import (
	"context"

	"example.com/fixtures/inscope/elsewhere/util"
	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func derived() {
	airlock.Enqueue(util.WithUser(context.Background(), "a"), send, "a") // want `\(context.Background\): airlock.Enqueue`
	airlock.Enqueue(util.Fresh(), send, "a")                             // want `\(util.Fresh\): airlock.Enqueue`
}

func retried(ctx context.Context) error {
	util.Retry(context.Background(), func(ctx context.Context) error { // want `\(context.Background\): airlock.Enqueue`
		return airlock.Enqueue(ctx, send, "a")
	})
	return airlock.Run(ctx, func(ctx context.Context) error {
		return util.Retry(ctx, func(ctx context.Context) error {
			return airlock.Enqueue(ctx, send, "a") // scoped
		})
	})
}

func spawned(ctx context.Context) {
	util.Go(func() { // want `this may enqueue after its scope has closed: airlock.Enqueue`
		airlock.Enqueue(ctx, send, "a")
	})
}
