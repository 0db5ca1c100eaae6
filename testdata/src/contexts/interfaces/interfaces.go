// Package interfaces: calls of own interface methods are what their implementations do. // want package:"touches airlock"
package interfaces

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

type notifier interface {
	Notify(ctx context.Context) error
}

type mailer struct{}

func (*mailer) Notify(ctx context.Context) error { // want Notify:`requires\(0: airlock.Enqueue\)`
	return airlock.Enqueue(ctx, send, "a")
}

type silent struct{}

func (silent) Notify(ctx context.Context) error { return nil }

func any(ctx context.Context, n notifier) error { // want any:`requires\(0: interfaces.mailer.Notify → airlock.Enqueue\)`
	return n.Notify(ctx)
}

func known(ctx context.Context) error { // the one that flows here enqueues nothing
	var n notifier = silent{}
	return n.Notify(ctx)
}
