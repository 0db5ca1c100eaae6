package nested

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func deferredTooLate(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, scope := airlock.Begin(ctx) // want `still open when the one around it is flushed`
	defer scope.Discard()
	if err := use(inner); err != nil {
		return err
	}
	if err := notify.Enqueue(ctx, 1); err != nil {
		return err
	}
	return outer.Flush(ctx)
}

func deferredAndForgotten(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, scope := airlock.Begin(ctx) // want `still open when the one around it is flushed`
	defer scope.Discard()
	if err := notify.Enqueue(inner, 1); err != nil {
		return err
	}
	return outer.Flush(ctx)
}

func inOrder(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := notify.Enqueue(inner, 1); err != nil {
		return err
	}
	if err := scope.Flush(inner); err != nil {
		return err
	}
	return outer.Flush(ctx)
}

func sometimesInner(ctx context.Context, also bool) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	if also {
		inner, scope := airlock.Begin(ctx)
		defer scope.Discard()
		if err := notify.Enqueue(inner, 1); err != nil {
			return err
		}
		if err := scope.Flush(inner); err != nil {
			return err
		}
	}
	return outer.Flush(ctx)
}

// A scope apart is not in the way.
func apart(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	other, scope := airlock.Begin(airlock.Detach(ctx))
	defer scope.Discard()
	if err := notify.Enqueue(other, 1); err != nil {
		return err
	}
	if err := notify.Enqueue(ctx, 1); err != nil {
		return err
	}
	if err := outer.Flush(ctx); err != nil {
		return err
	}
	return scope.Flush(other)
}

func deferredTooLateCaptured(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	ctx, scope := airlock.Begin(ctx) // want `still open when the one around it is flushed`
	defer scope.Discard()
	if err := use(ctx); err != nil {
		return err
	}
	go func() { <-ctx.Done() }()
	return outer.Flush(ctx)
}
