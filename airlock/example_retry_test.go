package airlock_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// flaky fails the first time.
func flaky() *airlock.Task[int] {
	down := true
	return airlock.NewTask("shop.call_courier", func(_ context.Context, orderID int) error {
		if down {
			down = false
			return errors.New("courier is down")
		}
		fmt.Println("courier called for order", orderID)
		return nil
	})
}

// After a partial failure, what failed is enqueued again.
func ExampleReport_Failed() {
	ctx := context.Background()
	callCourier := flaky()
	err := airlock.Run(ctx, func(ctx context.Context) error {
		return errors.Join(callCourier.Enqueue(ctx, 7), airlock.Enqueue(ctx, NotifyWarehouse, 7))
	})
	var partial *airlock.FlushError
	if errors.As(err, &partial) {
		failed := partial.Report.Failed()
		fmt.Println(len(failed), "failed:", errors.Join(partial.Unwrap()...))
		err = airlock.Run(ctx, func(ctx context.Context) error {
			for _, i := range failed {
				if err := i.Enqueue(ctx); err != nil { // with the ID that it had
					return err
				}
			}
			return nil
		})
	}
	fmt.Println("error:", err)
	// Output:
	// warehouse notified of order 7
	// 1 failed: courier is down
	// courier called for order 7
	// error: <nil>
}
