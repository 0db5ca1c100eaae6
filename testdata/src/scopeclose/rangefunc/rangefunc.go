// Package rangefunc closes scopes in bodies of loops over functions.
package rangefunc

import (
	"context"
	"iter"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

func items() iter.Seq[int] { return func(yield func(int) bool) { yield(1) } }

// A67
func a67Body(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 21`
	for range items() {
		scope.Discard()
	}
}

func eachTurn(ctx context.Context) error {
	for range items() {
		ctx, scope := airlock.Begin(ctx) // closed in each turn
		if err := scope.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func returnsInside(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return on line 37`
	for i := range items() {
		if i == 1 {
			return nil
		}
	}
	return scope.Flush(ctx)
}

func closesAndReturnsInside(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // the return in the body flushes, and so does the one below
	for i := range items() {
		if i == 1 {
			return scope.Flush(ctx)
		}
	}
	return scope.Flush(ctx)
}

func continues(ctx context.Context) error {
	for range items() {
		ctx, scope := airlock.Begin(ctx) // want `still open`
		if cond() {
			continue
		}
		if err := scope.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func deferInBody(ctx context.Context) {
	for range items() {
		_, scope := airlock.Begin(ctx)
		defer scope.Discard() // want `this closes the scopes of all turns`
	}
}

func deferBefore(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // closed by the deferred call, whichever return is taken
	defer scope.Discard()
	for i := range items() {
		if i == 1 {
			return nil
		}
	}
	return scope.Flush(ctx)
}

func pick(n int) bool { return n%7 == 3 }

// No turn follows the one that defers.
func onlyTurn(ctx context.Context, seq iter.Seq[int]) error {
	for n := range seq {
		if !pick(n) {
			continue
		}
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard()
		if err := ctx.Err(); err != nil {
			return err
		}
		return scope.Flush(ctx)
	}
	return nil
}

func everyTurn(ctx context.Context, seq iter.Seq[int]) error {
	for n := range seq {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard() // want `when the function returns`
		if !pick(n) {
			continue
		}
		return scope.Flush(ctx)
	}
	return nil
}
