// Package interfaces: calls of own interface methods are what their implementations do. // want package:"touches airlock" package:"1 types, 2 interfaces, asks 2, known .mailer."
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

type store interface {
	Save(ctx context.Context, name string) error
	Context() context.Context
}

// Its implementations are elsewhere.
func save(ctx context.Context, s store) error { // want save:`through\(0: interfaces.store.Save 0\)`
	return s.Save(context.WithoutCancel(ctx), "a")
}

func saveAll(ctx context.Context, s store) error { // want saveAll:`through\(0: interfaces.save → interfaces.store.Save 0\)`
	return save(ctx, s)
}

// A parameter that needs a scope for another reason needs no implementation.
func saveAndSend(ctx context.Context, s store) error { // want saveAndSend:`requires\(0: airlock.Enqueue\)`
	if err := s.Save(ctx, "a"); err != nil {
		return err
	}
	return airlock.Enqueue(ctx, send, "a")
}

func known(ctx context.Context) error { // the one that flows here enqueues nothing
	var n notifier = silent{}
	return n.Notify(ctx)
}
