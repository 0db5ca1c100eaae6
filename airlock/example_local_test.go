package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// importAll processes orders; those that were imported before are silent.
func importAll(ctx context.Context, orders []*Order, known map[int]bool) error {
	for _, o := range orders {
		ctx := ctx
		if known[o.ID] {
			ctx = airlock.WithLocalPolicy(ctx, airlock.DropAll())
		}
		if err := o.Process(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A policy for part of a scope needs no scope of its own.
func Example_localPolicy() {
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		return importAll(ctx, []*Order{{ID: 1}, {ID: 2}}, map[int]bool{1: true})
	})
	fmt.Println("error:", err)
	// Output:
	// warehouse notified of order 2
	// confirmation sent for order 2
	// error: <nil>
}
