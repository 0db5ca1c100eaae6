package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// preview tells what processing an order would do, and does nothing.
func preview(ctx context.Context, order *Order) []*airlock.Intent {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	_ = order.Process(ctx)
	return scope.Intents()
}

// Intents can be looked at before, or instead of, their dispatch.
func Example_inspect() {
	for _, i := range preview(context.Background(), &Order{ID: 7}) {
		fmt.Println(i)
	}
	for _, i := range preview(context.Background(), &Order{ID: 8}) {
		if id, ok := SendConfirmation.Arg(i); ok {
			fmt.Println("would confirm order", id)
		}
	}
	// Output:
	// airlock_test.NotifyWarehouse(7)
	// shop.send_confirmation(7)
	// would confirm order 8
}
