package airlock_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

func checkout(ctx context.Context, order *Order) error {
	if err := order.Process(ctx); err != nil {
		return err
	}
	return errors.New("card declined")
}

// When the function fails, nothing leaves.
func Example_failure() {
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		return checkout(ctx, &Order{ID: 7})
	})
	fmt.Println("error:", err)
	// Output:
	// error: card declined
}
