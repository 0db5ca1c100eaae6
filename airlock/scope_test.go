package airlock_test

import (
	"context"
	"errors"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	var got []int
	task := func(_ context.Context, n int) error { got = append(got, n); return nil }
	err := airlock.Run(ctx, func(ctx context.Context) error {
		airlock.Enqueue(ctx, task, 1)
		err := airlock.Run(ctx, func(ctx context.Context) error { return airlock.Enqueue(ctx, task, 2) })
		if err != nil {
			return err
		}
		return airlock.Enqueue(ctx, task, 3)
	})
	if err != nil || len(got) != 3 || got[1] != 2 {
		t.Fatal(err, got)
	}
	if err := airlock.Enqueue(ctx, task, 1); !errors.Is(err, airlock.ErrNoScope) {
		t.Fatal(err)
	} else {
		t.Log(err)
	}
	sctx, s := airlock.Begin(ctx)
	airlock.Enqueue(sctx, task, 4)
	t.Log(s.Intents()[0], s.Intents()[0].Name(), s.Intents()[0].Caller())
	if err := s.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	t.Log(airlock.Enqueue(sctx, task, 4))
}
