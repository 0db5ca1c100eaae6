package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// audit outlives its caller's scope: it has one of its own, below a detached context.
func audit(ctx context.Context, orderID int, done chan<- error) {
	ctx = airlock.Detach(ctx)
	go func() {
		done <- airlock.Run(ctx, func(ctx context.Context) error {
			return airlock.EnqueueFunc(ctx, "shop.audit", func(context.Context) error {
				fmt.Println("order", orderID, "audited")
				return nil
			})
		})
	}()
}

// Goroutines that belong to a scope are started with Go; others are detached.
func ExampleGo() {
	audited := make(chan error)
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		for id := range 3 {
			err := airlock.Go(ctx, func(ctx context.Context) error { return airlock.Enqueue(ctx, NotifyWarehouse, id) })
			if err != nil {
				return err
			}
		}
		return nil
	})
	fmt.Println("error:", err)
	audit(context.Background(), 7, audited)
	fmt.Println("error:", <-audited)
	// Unordered output:
	// warehouse notified of order 0
	// warehouse notified of order 1
	// warehouse notified of order 2
	// error: <nil>
	// order 7 audited
	// error: <nil>
}
