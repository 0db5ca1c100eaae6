// Package generics opens and closes scopes in generic functions.
package generics

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// A53
func a53Leaks[T any](ctx context.Context, v T) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 14`
	_ = scope.State()
}

func a53Closes[T any](ctx context.Context, v T) {
	_, scope := airlock.Begin(ctx) // closed
	defer scope.Discard()
}

// A54
func discard[S interface{ Discard() }](scope S) { scope.Discard() }

func discardNamed[T any](scope *airlock.Scope, v T) { scope.Discard() }

func leave[S any](scope S) {}

func a54Helper(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the generic helper
	discard(scope)
}

func a54HelperOther(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the generic helper
	defer discardNamed(scope, 1)
}

func a54HelperLeaves(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 41`
	leave(scope)
}

// B08
type holder[T any] struct {
	value T
	scope *airlock.Scope
}

func (h *holder[T]) close() { h.scope.Discard() }

func (h *holder[T]) b08Leaks(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 54`
	_ = scope.State()
}

func b08Method(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the method of the generic type
	h := &holder[int]{scope: scope}
	defer h.close()
}

func begin[T any](ctx context.Context, v T) (context.Context, *airlock.Scope, T) {
	ctx, scope := airlock.Begin(ctx) // the caller's
	return ctx, scope, v
}

func caller(ctx context.Context) {
	_, scope, _ := begin(ctx, 1) // want `still open at the return on line 70`
	_ = scope
}

// A home-made Run.
func within[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	ctx, scope := airlock.Begin(ctx) // flushed or discarded
	defer scope.Discard()
	v, err := f(ctx)
	if err != nil {
		return v, err
	}
	return v, scope.Flush(ctx)
}
