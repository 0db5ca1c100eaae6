package airlocktest

import (
	"context"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// Scope opens a scope for the length of the test. Nothing leaves it: it is discarded when the test ends, unless the test has
// flushed it ([Drain]).
func Scope(t testing.TB, opts ...airlock.ScopeOption) (context.Context, *airlock.Scope) {
	t.Helper()
	ctx, scope := airlock.Begin(t.Context(), opts...)
	t.Cleanup(scope.Discard)
	return ctx, scope
}

// NoEffects returns a context under which every enqueue, and every direct effect that announces itself ([airlock.Escape]), is
// refused and fails the test when it ends, even if the code under test has ignored the error.
func NoEffects(t testing.TB, opts ...airlock.ScopeOption) context.Context {
	t.Helper()
	opts = append(opts[:len(opts):len(opts)], airlock.WithPolicy(airlock.AssertNoEffects()))
	ctx, scope := airlock.Begin(t.Context(), opts...)
	t.Cleanup(func() {
		defer scope.Discard()
		if err := scope.Flush(ctx); err != nil {
			t.Errorf("no effects are expected in this test:\n%v", err)
		}
	})
	return ctx
}

// Drain flushes the scope, which runs its effects, and those that they enqueue, and fails the test if the flush fails. It
// returns the report.
func Drain(t testing.TB, scope *airlock.Scope) *airlock.Report {
	t.Helper()
	if err := scope.Flush(context.WithoutCancel(t.Context())); err != nil {
		t.Fatalf("drain the scope: %v", err)
	}
	return scope.Report()
}
