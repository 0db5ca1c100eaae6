// Package limits: what deferrable does not see.
package limits

import (
	"context"
	"database/sql"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type hooks struct{ after func(context.Context) error }

func field(ctx context.Context, tx *sql.Tx, h *hooks) {
	h.after = func(context.Context) error { return use(tx) }
	airlock.EnqueueFunc(ctx, "after", h.after) // not found: functions in fields are not looked into
}

type order struct{ status string }

func task(context.Context, *order) error { return nil }

func pay(o *order) { o.status = "paid" }

func otherPointer(ctx context.Context, o *order) {
	airlock.Enqueue(ctx, task, o) // not found: written through another function
	pay(o)
}
