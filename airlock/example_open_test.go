package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// handle has its scope in the open form, like a sql.Tx: Discard does nothing after Flush.
func handle(ctx context.Context, order *Order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := order.Process(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

// The open form, where a function literal is in the way.
func Example_openForm() {
	fmt.Println("error:", handle(context.Background(), &Order{ID: 7}))
	// Output:
	// warehouse notified of order 7
	// confirmation sent for order 7
	// error: <nil>
}
