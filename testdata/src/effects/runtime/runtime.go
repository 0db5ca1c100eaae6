// Package runtime goes through the airlock: what it enqueues it does not perform.
package runtime

import (
	"context"
	"net/smtp"

	"github.com/airlock-go/airlock/airlock"
)

type Order struct{ id int }

func (o *Order) Notify(ctx context.Context, to string) error { // want `^effect; mail$`
	return smtp.SendMail("", nil, "", []string{to}, nil)
}

var task = airlock.NewTask("order.mail", func(ctx context.Context, to string) error {
	return smtp.SendMail("", nil, "", []string{to}, nil)
})

func Method(ctx context.Context, o *Order) error { // want `^enqueues example.com/fixtures/effects/runtime.Order.Notify$`
	return airlock.Enqueue(ctx, o.Notify, "a@example.com")
}

func Task(ctx context.Context) error { return task.Enqueue(ctx, "a@example.com") } // want `^enqueues order.mail$`

func Func(ctx context.Context) error { // want `^enqueues cleanup$`
	return airlock.EnqueueFunc(ctx, "cleanup", func(context.Context) error { return nil })
}

func Caller(ctx context.Context) error { return Task(ctx) } // want `^enqueues order.mail$`

func Run(ctx context.Context) error { // want `^mail; enqueues order.mail$`
	return airlock.Run(ctx, func(ctx context.Context) error {
		smtp.SendMail("", nil, "", nil, nil)
		return Task(ctx)
	})
}

func Escapes(ctx context.Context) error { // want `^payment$`
	return airlock.Escape(ctx, "payment", "charge")
}
