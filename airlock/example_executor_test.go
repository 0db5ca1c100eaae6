package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// A Traced executor runs effects, and says so.
type Traced struct{ next airlock.Executor }

func (t Traced) Execute(ctx context.Context, i *airlock.Intent) error {
	fmt.Println("start", i.Name())
	err := t.next.Execute(ctx, i)
	fmt.Println("end", i.Name())
	return err
}

// An executor of one's own, for some of the tasks.
func ExampleExecutor() {
	err := airlock.Run(context.Background(), (&Order{ID: 7}).Process,
		airlock.WithRoute(Traced{airlock.Inline()}, "shop.*"))
	fmt.Println("error:", err)
	// Output:
	// warehouse notified of order 7
	// start shop.send_confirmation
	// confirmation sent for order 7
	// end shop.send_confirmation
	// error: <nil>
}
