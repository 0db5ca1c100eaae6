package airlock_test

import (
	"context"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
)

// A Queue is an executor that sends messages, and its other end.
type Queue struct {
	registry *airlock.Registry
	messages []airlock.Message
}

// Prepare encodes the argument when it is enqueued, and refuses there what can't travel.
func (q *Queue) Prepare(_ context.Context, i *airlock.Intent) (any, error) {
	return q.registry.Message(i)
}

func (q *Queue) Execute(_ context.Context, i *airlock.Intent) error {
	q.messages = append(q.messages, i.Payload().(airlock.Message))
	return nil
}

// Work is what the worker does: each task in a scope of its own.
func (q *Queue) Work(ctx context.Context) error {
	for _, m := range q.messages {
		if err := q.registry.Run(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// A queue and its worker.
func ExampleRegistry() {
	ctx := context.Background()
	queue := &Queue{registry: airlock.NewRegistry()}
	if err := queue.registry.Add(SendConfirmation); err != nil {
		panic(err)
	}
	err := airlock.Run(ctx, func(ctx context.Context) error { return SendConfirmation.Enqueue(ctx, 7) }, airlock.WithExecutor(queue))
	fmt.Println("sent:", queue.messages[0].Task, string(queue.messages[0].Payload), "error:", err)
	fmt.Println("error:", queue.Work(ctx))
	// Output:
	// sent: shop.send_confirmation 7 error: <nil>
	// confirmation sent for order 7
	// error: <nil>
}
