package airlock_test

import (
	"context"
	"fmt"
	"regexp"

	"github.com/airlock-go/airlock/airlock"
)

// price is meant to be pure. Is it?
func price(ctx context.Context, order *Order) (int, error) {
	return 42, order.Process(ctx)
}

// A test asserts that code has no effects.
func Example_assertNoEffects() {
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		_, _ = price(ctx, &Order{ID: 7}) // also where the error is ignored
		return nil
	}, airlock.WithPolicy(airlock.AssertNoEffects()))
	fmt.Println(regexp.MustCompile(`:\d+|\n.*`).ReplaceAllString(err.Error(), ""))
	// Output:
	// airlock: AssertNoEffects: github.com/airlock-go/airlock/airlock_test.NotifyWarehouse (example_basic_test.go): no effects are allowed here
}
