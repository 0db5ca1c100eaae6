package guarded

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

// Who asks the error whether there was a scope knows what to do without one.

func enqueue(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

func count(ctx context.Context) (int, error) { return 1, airlock.Enqueue(ctx, send, "a") }

func asks(ctx context.Context) error {
	err := enqueue(ctx)
	if errors.Is(err, airlock.ErrNoScope) {
		return send(ctx, "a")
	}
	return err
}

func asksItself(ctx context.Context) error {
	err := airlock.Enqueue(ctx, send, "a")
	if err != nil && !errors.Is(err, airlock.ErrNoScope) {
		return err
	}
	return nil
}

func asksSecond(ctx context.Context) error {
	if _, err := count(ctx); errors.Is(err, airlock.ErrNoScope) {
		return send(ctx, "a")
	}
	return nil
}

func asksOther(ctx context.Context) error {
	err := enqueue(ctx)
	if errors.Is(err, airlock.ErrScopeClosed) {
		return send(ctx, "a")
	}
	return err
}

func asksAnother(ctx context.Context) error {
	err := send(ctx, "a")
	if errors.Is(err, airlock.ErrNoScope) {
		return nil
	}
	return enqueue(ctx)
}

func asked() {
	asks(context.Background())
	asksItself(context.Background())
	asksSecond(context.Background())
	asksOther(context.Background())   // want `this context carries no scope \(context.Background\): asksOther → enqueue → airlock.Enqueue`
	asksAnother(context.Background()) // want `asksAnother → enqueue → airlock.Enqueue`
}

func askedHere() error {
	err := enqueue(context.Background())
	if errors.Is(err, airlock.ErrNoScope) {
		return nil
	}
	return err
}
