// Package limits shows what noescape does not see.
package limits

import (
	"context"
	"net/smtp"

	"github.com/airlock-go/airlock/airlock"
)

// Remote is enqueued by another package only: mark it.
func Remote(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: Remote`
}

func notify(ctx context.Context, id int) error { return nil }

func enqueued(ctx context.Context, id int) error { return airlock.Enqueue(ctx, notify, id) }

// A call through a function value is not a call of the effect that it holds.
func through(ctx context.Context, id int) error {
	f := notify
	return f(ctx, id) // silent
}
