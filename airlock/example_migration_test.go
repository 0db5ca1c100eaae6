package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// migrate processes old orders again, and must not write to anybody about it.
func migrate(ctx context.Context, orders []*Order) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		for _, o := range orders {
			if err := o.Process(ctx); err != nil {
				return err
			}
		}
		return nil
	}, airlock.WithPolicy(airlock.DropAll()))
}

// A migration reuses domain code and drops its effects.
func Example_migration() {
	orders := []*Order{{ID: 1}, {ID: 2}}
	fmt.Println("error:", migrate(context.Background(), orders))
	fmt.Println(orders[0].Status, orders[1].Status)
	// Output:
	// error: <nil>
	// processed processed
}
