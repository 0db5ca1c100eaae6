// Package cycle has functions that call each other.
package cycle

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// S43: one of them begins the scope, another one closes it, or hands it on.
func first(ctx context.Context, n int) error {
	ctx, scope := airlock.Begin(ctx) // closed by second or third, or by this function
	if n == 0 {
		return scope.Flush(ctx)
	}
	return second(ctx, scope, n)
}

func second(ctx context.Context, scope *airlock.Scope, n int) error {
	if n > 10 {
		return third(ctx, scope, n-1)
	}
	if err := first(ctx, n-1); err != nil {
		scope.Discard()
		return err
	}
	return scope.Flush(ctx)
}

func third(ctx context.Context, scope *airlock.Scope, n int) error {
	if n%2 == 0 {
		return second(ctx, scope, n)
	}
	scope.Discard()
	return first(ctx, n-1)
}

func leakyFirst(ctx context.Context, n int) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return on line 43`
	if n == 0 {
		return scope.Flush(ctx)
	}
	return leakySecond(ctx, scope, n)
}

func leakySecond(ctx context.Context, scope *airlock.Scope, n int) error {
	if n > 10 {
		return leakyThird(ctx, scope, n-1)
	}
	return scope.Flush(ctx)
}

func leakyThird(ctx context.Context, scope *airlock.Scope, n int) error {
	if n%2 == 0 {
		return leakySecond(ctx, scope, n)
	}
	return leakyFirst(ctx, n-1)
}

// Factories in a cycle.
func open(ctx context.Context, n int) *airlock.Scope {
	if n > 0 {
		return reopen(ctx, n-1)
	}
	_, scope := airlock.Begin(ctx) // the caller's
	return scope
}

func reopen(ctx context.Context, n int) *airlock.Scope { return open(ctx, n) }

func caller(ctx context.Context) {
	scope := reopen(ctx, 1) // want `still open at the return on line 74`
	_ = scope
}
