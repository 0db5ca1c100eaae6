package wrong

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/airlock-go/airlock/airlock"
)

func throughLiteral(ctx context.Context) error {
	inner, s := airlock.Begin(ctx)
	defer s.Discard()
	enqueue := func(ctx context.Context) error { return helper(ctx) }
	enqueue(ctx) // want `outside the scope opened on line 12: helper → airlock.Enqueue`
	enqueue(inner)
	return s.Flush(inner)
}

func throughGroup(ctx context.Context) error {
	return airlock.Run(ctx, func(inner context.Context) error {
		g, gctx := errgroup.WithContext(ctx)
		g.Go(func() error { return helper(gctx) }) // want `outside the scope`
		return g.Wait()
	})
}
