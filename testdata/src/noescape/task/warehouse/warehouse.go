// Package warehouse enqueues its own function.
package warehouse

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// Notify tells the warehouse.
func Notify(ctx context.Context, id int) error { return nil }

// Order enqueues the notification.
func Order(ctx context.Context, id int) error { return airlock.Enqueue(ctx, Notify, id) }

// Port is what others implement.
type Port interface {
	//airlock:effect queue
	Ship(ctx context.Context, id int) error
}

// Later enqueues on its caller's behalf.
func Later(ctx context.Context, fn func(context.Context) error) error {
	return airlock.EnqueueFunc(ctx, "later", fn)
}
