// Package values: functions that enqueue, called through variables, fields and maps.
package values

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func place(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

var variable = place

var literal = func(ctx context.Context) error {
	return airlock.Enqueue(ctx, send, "a")
}

var table = map[string]func(context.Context) error{"place": place}

type hooks struct{ after func(context.Context) error }

func newHooks() *hooks { return &hooks{after: place} }

func maker() func(context.Context) error { return place }

func call(h *hooks) {
	ctx := context.Background()
	variable(ctx)       // want `\(context.Background\): place → airlock.Enqueue`
	literal(ctx)        // want `\(context.Background\): airlock.Enqueue`
	table["place"](ctx) // want `\(context.Background\): place → airlock.Enqueue`
	h.after(ctx)        // want `\(context.Background\): place → airlock.Enqueue`
	maker()(ctx)        // want `\(context.Background\): place → airlock.Enqueue`
	airlock.Run(ctx, func(ctx context.Context) error {
		variable(ctx)       // scoped
		literal(ctx)        // scoped
		return h.after(ctx) // scoped
	})
}
