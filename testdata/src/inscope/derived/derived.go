// Package derived: children of a scoped context carry its scope.
package derived

import (
	"context"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func timeout(ctx context.Context) error { // S29
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	child, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := airlock.Enqueue(child, send, "a"); err != nil { // a child carries the scope
		return err
	}
	return s.Flush(ctx)
}

func withoutCancel(ctx context.Context) error { // S30
	return airlock.Run(ctx, func(ctx context.Context) error {
		return airlock.Enqueue(context.WithoutCancel(ctx), send, "a") // values are kept
	})
}

func group(ctx context.Context) error { // S31
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return airlock.Enqueue(gctx, send, "a") }) // waited for before the flush
	if err := g.Wait(); err != nil {
		return err
	}
	return s.Flush(ctx)
}

func signals() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return airlock.Enqueue(ctx, send, "a") // a child of Background // want `\(context.Background\)`
}

func signalsScoped() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return airlock.Run(ctx, func(ctx context.Context) error {
		return airlock.Enqueue(ctx, send, "a") // scoped
	})
}

func groupFromNothing() error {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		return airlock.Enqueue(ctx, send, "a") // want `\(context.Background\)`
	})
	return g.Wait()
}
