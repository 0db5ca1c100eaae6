// Package caller uses the wrappers of another package. It does not import the runtime itself.
package caller

import (
	"context"

	"example.com/fixtures/scopeclose/wrappers/unit"
)

func use(ctx context.Context) error { return ctx.Err() }

// B13
func b13Leaks(ctx context.Context) error {
	ctx, scope := unit.Begin(ctx) // want `still open at the return on line 16`
	if err := use(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func b13Closes(ctx context.Context) error {
	ctx, scope := unit.Begin(ctx) // closed
	defer scope.Discard()
	return scope.Flush(ctx)
}

// B40
func b40HelperElsewhere(ctx context.Context) {
	_, scope := unit.Begin(ctx) // closed by the other package's helper
	defer unit.Close(scope)
}

func b40LookElsewhere(ctx context.Context) {
	_, scope := unit.Begin(ctx) // want `still open at the return on line 36`
	unit.Look(scope)
}

func started(ctx context.Context) error {
	ctx, done := unit.Start(ctx) // called
	return done(use(ctx))
}

func startedInVain(ctx context.Context) error {
	ctx, done := unit.Start(ctx) // want `the scope opened here is still open at the return on line 46`
	if err := use(ctx); err != nil {
		return err
	}
	return done(nil)
}

func work(ctx context.Context) error {
	w := unit.New(ctx) // rolled back unless it was committed
	defer w.Rollback()
	if err := use(w.Context()); err != nil {
		return err
	}
	return w.Commit()
}

func workInVain(ctx context.Context) error {
	w := unit.New(ctx) // want `the scope in this value is still open at the return on line 63`
	if err := use(w.Context()); err != nil {
		return err
	}
	return w.Commit()
}

func opened(ctx context.Context) error {
	ctx, scope, err := unit.Open(ctx) // where there is an error there is no scope
	if err != nil {
		return err
	}
	defer scope.Discard()
	return scope.Flush(ctx)
}
