// Package unit wraps scopes for others.
package unit

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// Begin is a home-made Begin.
func Begin(ctx context.Context) (context.Context, *airlock.Scope) {
	return airlock.Begin(ctx, airlock.WithStrict())
}

// Close closes what it is given.
func Close(scope *airlock.Scope) { scope.Discard() }

// Look does not.
func Look(scope *airlock.Scope) bool { return scope.State() == airlock.Open }

// Start returns the function that ends what it starts.
func Start(ctx context.Context) (context.Context, func(error) error) {
	ctx, scope := airlock.Begin(ctx)
	return ctx, func(err error) error {
		if err != nil {
			scope.Discard()
			return err
		}
		return scope.Flush(ctx)
	}
}

// A Work is a unit of work.
type Work struct {
	ctx   context.Context
	scope *airlock.Scope
}

// New returns an open unit of work.
func New(ctx context.Context) *Work {
	w := new(Work)
	w.ctx, w.scope = airlock.Begin(ctx)
	return w
}

// Context returns its context.
func (w *Work) Context() context.Context { return w.ctx }

// Commit flushes it.
func (w *Work) Commit() error { return w.scope.Flush(w.ctx) }

// Rollback discards it, unless it is closed.
func (w *Work) Rollback() {
	if w.scope.State() == airlock.Open {
		w.scope.Discard()
	}
}

var app = airlock.New(airlock.WithStrict())

// Open opens a scope with the application's defaults.
func Open(ctx context.Context) (context.Context, *airlock.Scope, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	ctx, scope := app.Begin(ctx)
	return ctx, scope, nil
}
