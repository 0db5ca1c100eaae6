package airlock_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// place is used by itself and as a part of something bigger. It has its own scope, so that a failed order leaves no effects.
func place(ctx context.Context, order *Order) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		if err := order.Process(ctx); err != nil {
			return err
		}
		if order.ID < 0 {
			return errors.New("bad order")
		}
		return nil
	})
}

// A nested scope hands its effects to the outer one, which decides.
func Example_nesting() {
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		for _, id := range []int{1, -1, 2} {
			if err := place(ctx, &Order{ID: id}); err != nil {
				fmt.Println("order", id, "failed:", err)
			}
		}
		scope, _ := airlock.FromContext(ctx)
		fmt.Println(len(scope.Captured()), "effects captured, none has left")
		return nil
	})
	fmt.Println("error:", err)
	// Output:
	// order -1 failed: bad order
	// 4 effects captured, none has left
	// warehouse notified of order 1
	// confirmation sent for order 1
	// warehouse notified of order 2
	// confirmation sent for order 2
	// error: <nil>
}
