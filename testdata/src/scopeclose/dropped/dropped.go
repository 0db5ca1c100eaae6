// Package dropped opens scopes and drops their contexts.
package dropped

import (
	"context"
	"net/http"

	"github.com/airlock-go/airlock/airlock"
	"golang.org/x/sync/errgroup"
)

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })

func work(ctx context.Context) error { return notify.Enqueue(ctx, 1) }

func pure(ctx context.Context) error { return ctx.Err() }

func blank(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // want `the context of this scope is used for nothing`
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func onlyFlush(ctx context.Context) error {
	scoped, scope := airlock.Begin(ctx) // want `the context of this scope is used for nothing`
	defer scope.Discard()
	if err := notify.Enqueue(ctx, 1); err != nil {
		return err
	}
	return scope.Flush(scoped)
}

func withoutFlush(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // want `the context of this scope is used for nothing`
	defer scope.Discard()
	return work(ctx) // not unflushed: nothing is enqueued in that scope at all
}

func could(ctx context.Context, f func(context.Context) error) error {
	_, scope := airlock.Begin(ctx) // want `the context of this scope is used for nothing`
	defer scope.Discard()
	if err := f(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context()) // want `the context of this scope is used for nothing`
		defer scope.Discard()
		next.ServeHTTP(w, r)
		_ = scope.Flush(ctx)
	})
}

func nothingEnqueues(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // nothing here could enqueue
	defer scope.Discard()
	if err := pure(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func used(ctx context.Context) error {
	scoped, scope := airlock.Begin(ctx) // used
	defer scope.Discard()
	if err := work(scoped); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func afterwards(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // closed before anything is enqueued
	scope.Discard()
	return work(ctx)
}

func usedInLiteral(ctx context.Context) error {
	scoped, scope := airlock.Begin(ctx) // used in the literal
	defer scope.Discard()
	do := func() error { return work(scoped) }
	if err := do(); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

// In a request that is handed on.
func request(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context()) // used
		defer scope.Discard()
		next.ServeHTTP(w, r.WithContext(ctx))
		_ = scope.Flush(ctx)
	})
}

type object struct{ ctx context.Context }

func begunWithObject(ctx context.Context) (context.Context, *object, func()) {
	ctx, scope := airlock.Begin(ctx)
	return ctx, &object{ctx}, scope.Discard
}

func inObject(ctx context.Context) {
	_, o, done := begunWithObject(ctx) // the object has it, too
	defer done()
	_ = notify.Enqueue(o.ctx, 1)
	_ = notify.Enqueue(ctx, 2)
}

func inAGroup(ctx context.Context) error {
	inner, scope := airlock.Begin(ctx) // want `is used for nothing`
	defer scope.Discard()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return notify.Enqueue(gctx, 1) })
	if err := g.Wait(); err != nil {
		return err
	}
	return scope.Flush(inner)
}

func inItsGroup(ctx context.Context) error {
	inner, scope := airlock.Begin(ctx)
	defer scope.Discard()
	g, gctx := errgroup.WithContext(inner)
	g.Go(func() error { return notify.Enqueue(gctx, 1) })
	if err := g.Wait(); err != nil {
		return err
	}
	return scope.Flush(inner)
}
