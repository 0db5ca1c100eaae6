// Package bounds closes scopes in loops whose bounds say whether they run at all.
package bounds

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func work(ctx context.Context) error { return nil }

// A loop whose bounds are constants runs at least once.
func constantTurns(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	for range 3 {
		scope.Discard()
	}
}

func constantBounds(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	for i := 0; i < 3; i++ {
		scope.Discard()
	}
}

func constantNone(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return`
	for i := 3; i < 3; i++ {
		scope.Discard()
	}
}

func variableBounds(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx) // want `still open at the return`
	for i := 0; i < n; i++ {
		scope.Discard()
	}
}

func attempts(ctx context.Context) error {
	var err error
	for attempt := 1; attempt <= 3; attempt++ {
		ctx, scope := airlock.Begin(ctx)
		if err = work(ctx); err == nil {
			return scope.Flush(ctx)
		}
		scope.Discard()
	}
	return err
}
