package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// resend is an admin's tool: the warehouse should know, the customer has heard already.
func resend(ctx context.Context, order *Order) (*airlock.Report, error) {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.BlockTasks("shop.send_*")))
	defer scope.Discard()
	if err := order.Process(ctx); err != nil {
		return nil, err
	}
	err := scope.Flush(ctx)
	return scope.Report(), err
}

// Some tasks are held back by name.
func Example_blockTasks() {
	report, err := resend(context.Background(), &Order{ID: 7})
	fmt.Println(report.Count(airlock.OutcomeDispatched), "dispatched,", report.Count(airlock.OutcomeDropped), "dropped, error:", err)
	// Output:
	// warehouse notified of order 7
	// 1 dispatched, 1 dropped, error: <nil>
}
