// Package interfaces: calls of own interface methods.
package interfaces

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

type Notifier interface {
	Notify(ctx context.Context, to string) error
}

type mailer struct{}

func (mailer) Notify(ctx context.Context, to string) error { return airlock.Enqueue(ctx, send, to) }

type nobody struct{}

func (nobody) Notify(ctx context.Context, to string) error { return nil }

type app struct{ notifier Notifier }

func main() { // S26
	ctx := context.Background()
	a := app{mailer{}}
	a.notifier.Notify(ctx, "a") // want `\(context.Background\): mailer.Notify → airlock.Enqueue`
	var n Notifier = nobody{}
	n.Notify(ctx, "a") // the one that flows here enqueues nothing
}

func through(ctx context.Context, n Notifier) error { return n.Notify(ctx, "a") }

func indirectly() {
	through(context.Background(), mailer{}) // want `through → mailer.Notify → airlock.Enqueue`
}
