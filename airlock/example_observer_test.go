package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// metrics counts outcomes.
func metrics(count map[string]int) airlock.Observer {
	return airlock.Observer{
		Dispatched: func(_ context.Context, e airlock.IntentEvent) { count[e.Outcome.String()]++ },
	}
}

// An observer hears of everything that happens in a scope and below.
func ExampleObserver() {
	count := map[string]int{}
	_ = airlock.Run(context.Background(), (&Order{ID: 7}).Process,
		airlock.WithObserver(metrics(count)), airlock.WithPolicy(airlock.BlockTasks("shop.*")))
	fmt.Println(count)
	// Output:
	// warehouse notified of order 7
	// map[Dispatched:1 Dropped:1]
}
