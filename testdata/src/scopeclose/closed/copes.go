package closed

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

func sendLate(context.Context, int) error { return nil }

// ensure asks whether there is an open scope.
func ensure(ctx context.Context, id int) error {
	if s, ok := airlock.FromContext(ctx); ok && s.State() == airlock.Open {
		return airlock.Enqueue(ctx, sendLate, id)
	}
	return sendLate(ctx, id)
}

// tolerate looks at the very error.
func tolerate(ctx context.Context, id int) error {
	err := airlock.Enqueue(ctx, sendLate, id)
	if errors.Is(err, airlock.ErrScopeClosed) {
		return sendLate(ctx, id)
	}
	return err
}

func insist(ctx context.Context, id int) error { return airlock.Enqueue(ctx, sendLate, id) }

func afterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := insist(ctx, 1); err != nil {
		return err
	}
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return errors.Join(ensure(ctx, 2), tolerate(ctx, 3))
}

func insistsAfterFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return insist(ctx, 2) // want `scope that is closed by now`
}

// A scope that can't be flushed because of its children stays open.
func flushesAgain(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := insist(ctx, 1); err != nil {
		return err
	}
	for range 10 {
		err := scope.Flush(ctx)
		if !errors.Is(err, airlock.ErrOpenChildren) {
			return err
		}
	}
	return errors.New("children are still open")
}
