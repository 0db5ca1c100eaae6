package fixes

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func goroutine(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	go func() { // want `after its scope has closed`
		if err := place(ctx, "a"); err != nil {
			println(err.Error())
		}
	}()
	return scope.Flush(ctx)
}

func opens(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { // want `below one that is closed`
			_ = airlock.Run(ctx, func(ctx context.Context) error { return place(ctx, "a") })
		}()
		go nightly(ctx) // want `below one that is closed`
		return nil
	})
}

func nightly(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error { return place(ctx, "a") })
}

// Nothing is offered where the context may carry no scope, or where the goroutine may not end.
func parameter(ctx context.Context) {
	go func() { // want `after its scope has closed`
		_ = place(ctx, "a")
	}()
}

func endless(ctx context.Context, names chan string) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { // want `after its scope has closed`
			for name := range names {
				_ = place(ctx, name)
			}
		}()
		return nil
	})
}
