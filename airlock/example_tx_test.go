package airlock_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// inTransaction stands for a database's transaction helper. For database/sql it is airlocksql.Transact(db, nil).
func inTransaction(ctx context.Context, fn func(ctx context.Context) error) error {
	fmt.Println("BEGIN")
	if err := fn(ctx); err != nil {
		fmt.Println("ROLLBACK")
		return err
	}
	fmt.Println("COMMIT")
	return nil
}

// Effects leave after the commit, and with a rollback not at all.
func ExampleInTx() {
	ctx := context.Background()
	order := &Order{ID: 7}
	fmt.Println("error:", airlock.InTx(ctx, inTransaction, order.Process))
	fmt.Println("error:", airlock.InTx(ctx, inTransaction, func(ctx context.Context) error {
		return errors.Join(order.Process(ctx), errors.New("out of stock"))
	}))
	// Output:
	// BEGIN
	// COMMIT
	// warehouse notified of order 7
	// confirmation sent for order 7
	// error: <nil>
	// BEGIN
	// ROLLBACK
	// error: out of stock
}
