// Package fixes has leaks that a deferred Discard ends, and others that it doesn't.
package fixes

import (
	"context"
	"os"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

func earlyReturn(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open`
	if cond() {
		return nil
	}
	return scope.Flush(ctx)
}

func inBlock(ctx context.Context) {
	if cond() {
		_, s := airlock.Begin(ctx) // want `still open`
		_ = s.State()
	}
}

func inCase(ctx context.Context, n int) {
	switch n {
	case 1:
		_, s := airlock.Begin(ctx) // want `still open`
		_ = s.State()
	}
}

// Others have it on one path.
func returnedOnce(ctx context.Context) *airlock.Scope {
	_, scope := airlock.Begin(ctx) // want `still open`
	if cond() {
		return scope
	}
	return nil
}

// A deferred call in a loop runs too late.
func inLoop(ctx context.Context) {
	for cond() {
		_, scope := airlock.Begin(ctx) // want `still open`
		_ = scope.State()
	}
}

// The exit skips deferred calls.
func exits(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `lost when the process exits`
	_ = scope.State()
	os.Exit(0)
}

// There is no name to defer.
func blank(ctx context.Context) {
	_, _ = airlock.Begin(ctx) // want `still open`
}

// Nor a place for a statement.
func inIf(ctx context.Context) {
	if _, scope := airlock.Begin(ctx); scope.State() == airlock.Open { // want `still open`
		return
	}
}

func peek(s *airlock.Scope) error { return nil }

type view struct{ of *airlock.Scope }

func look(s *airlock.Scope) view { return view{s} }

func peeked(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // want `still open`
	return peek(scope)
}

// What is made of the scope may be meant to live longer.
func looked(ctx context.Context) *airlock.Scope {
	_, scope := airlock.Begin(ctx) // want `still open`
	v := look(scope)
	_ = v
	return nil
}
