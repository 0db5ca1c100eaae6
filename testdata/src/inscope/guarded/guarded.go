// Package guarded: an enqueue under a guard requires nothing.
package guarded

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func either(ctx context.Context) error { // S55
	if _, ok := airlock.FromContext(ctx); ok {
		return airlock.Enqueue(ctx, send, "a")
	} else {
		return send(ctx, "a")
	}
}

func early(ctx context.Context) error {
	if _, ok := airlock.FromContext(ctx); !ok {
		return send(ctx, "a")
	}
	return airlock.Enqueue(ctx, send, "a")
}

func ensured(ctx context.Context) (err error) { // S48
	var s *airlock.Scope
	if _, ok := airlock.FromContext(ctx); !ok {
		ctx, s = airlock.Begin(ctx)
		defer s.Discard()
	}
	if err := airlock.Enqueue(ctx, send, "a"); err != nil {
		return err
	}
	if s != nil {
		return s.Flush(ctx)
	}
	return nil
}

func scoped(ctx context.Context) bool {
	_, ok := airlock.FromContext(ctx)
	return ok
}

func custom(ctx context.Context) error {
	if !scoped(ctx) {
		return send(ctx, "a")
	}
	return airlock.Enqueue(ctx, send, "a")
}

func half(ctx context.Context, force bool) error {
	if _, ok := airlock.FromContext(ctx); ok || force {
		return airlock.Enqueue(ctx, send, "a")
	}
	return nil
}

func main() {
	ctx := context.Background()
	either(ctx)     // guarded: requires nothing
	early(ctx)      // guarded
	ensured(ctx)    // opens its own
	custom(ctx)     // guarded by a function of the package
	half(ctx, true) // the guard doesn't cover force // want `half → airlock.Enqueue`
}
