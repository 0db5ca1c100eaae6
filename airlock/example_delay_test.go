package airlock_test

import (
	"context"
	"fmt"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

// Remind has options of its own, for every intent; a call's come on top.
var Remind = airlock.NewTask("shop.remind", NotifyWarehouse, airlock.Queue("slow"), airlock.Delay(24*time.Hour))

// Options are for executors that can do something about them.
func ExampleOption() {
	ctx, scope := airlock.Begin(context.Background())
	defer scope.Discard()
	if err := Remind.Enqueue(ctx, 7, airlock.Priority(1), airlock.Origin("nightly")); err != nil {
		panic(err)
	}
	i := scope.Intents()[0]
	o := i.Options()
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	fmt.Println(o.Queue, o.Priority, o.Due(now).Format(time.DateTime), i.Origin())
	// Output:
	// slow 1 2030-01-02 12:00:00 nightly
}
