package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// An Order is domain code: it says what should happen, and not when.
type Order struct {
	ID     int
	Status string
}

func (o *Order) Process(ctx context.Context) error {
	o.Status = "processed"
	if err := airlock.Enqueue(ctx, NotifyWarehouse, o.ID); err != nil {
		return err
	}
	return SendConfirmation.Enqueue(ctx, o.ID)
}

// NotifyWarehouse is an effect: a plain function.
func NotifyWarehouse(_ context.Context, orderID int) error {
	fmt.Println("warehouse notified of order", orderID)
	return nil
}

// SendConfirmation is an effect that can't be called by mistake, only enqueued.
var SendConfirmation = airlock.NewTask("shop.send_confirmation", func(_ context.Context, orderID int) error {
	fmt.Println("confirmation sent for order", orderID)
	return nil
})

// The first scope: effects leave once all went well.
func Example_basic() {
	order := &Order{ID: 7}
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		if err := order.Process(ctx); err != nil {
			return err
		}
		fmt.Println("order", order.Status)
		return nil
	})
	fmt.Println("error:", err)
	// Output:
	// order processed
	// warehouse notified of order 7
	// confirmation sent for order 7
	// error: <nil>
}
