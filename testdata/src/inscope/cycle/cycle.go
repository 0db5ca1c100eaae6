// Package cycle: mutually recursive functions, one of which begins the scope.
package cycle

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, n int) error { return nil }

func even(ctx context.Context, n int) error { // S43
	if n == 0 {
		return nil
	}
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	if err := odd(ctx, n-1); err != nil { // scoped
		return err
	}
	return s.Flush(ctx)
}

func odd(ctx context.Context, n int) error {
	if err := airlock.Enqueue(ctx, send, n); err != nil {
		return err
	}
	return even(ctx, n-1)
}

func ping(ctx context.Context, n int) error {
	if n == 0 {
		return airlock.Enqueue(ctx, send, n)
	}
	return pong(ctx, n-1)
}

func pong(ctx context.Context, n int) error { return ping(ctx, n-1) }

func main() {
	even(context.Background(), 3) // begins its own
	odd(context.Background(), 3)  // want `odd → airlock.Enqueue`
	pong(context.Background(), 3) // want `pong → ping → airlock.Enqueue`
}
