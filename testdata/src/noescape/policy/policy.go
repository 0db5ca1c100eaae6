// Package policy enqueues where the runtime asks about effects.
package policy

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func record(ctx context.Context, name string) error { return nil }

func trail(ctx context.Context, name string) error { return airlock.Enqueue(ctx, record, name) }

type audit struct{}

func (audit) OnEnqueue(ctx context.Context, i *airlock.Intent) error {
	return airlock.Enqueue(ctx, record, i.Name()) // want `^a policy can't enqueue, it fails with ErrPolicyEnqueue: audit.OnEnqueue → airlock.Enqueue; enqueue where the work is done$`
}

func (audit) Allows(ctx context.Context, i *airlock.Intent) bool {
	return trail(ctx, i.Name()) == nil // want `a policy can't enqueue, it fails with ErrPolicyEnqueue: audit.Allows → trail → airlock.Enqueue`
}

func (audit) OnDispatch(ctx context.Context, i *airlock.Intent) {
	_ = i.Enqueue(ctx) // want `a policy can't enqueue`
}

func observed(ctx context.Context, fn func(context.Context) error) error {
	outer := ctx
	return airlock.Run(ctx, fn,
		airlock.WithObserver(airlock.Observer{
			Dispatched: func(ctx context.Context, e airlock.IntentEvent) {
				_ = trail(outer, e.Intent.Name()) // want `an observer can't enqueue`
			},
			Enqueued: seen,
		}),
		airlock.WithCapture(func(child *airlock.Scope, i *airlock.Intent) bool {
			return airlock.Enqueue(outer, record, "") == nil // want `a capture hook can't enqueue`
		}),
	)
}

func seen(ctx context.Context, e airlock.IntentEvent) {
	_ = trail(ctx, "") // want `an observer can't enqueue`
}

// quiet is a policy that only looks.
type quiet struct{ names []string }

func (q *quiet) OnEnqueue(ctx context.Context, i *airlock.Intent) error {
	q.names = append(q.names, i.Name())
	return nil
}

func (q *quiet) Allows(ctx context.Context, i *airlock.Intent) bool { return true }

// OnEnqueue of a type that is no policy.
type form struct{}

func (form) OnEnqueue(ctx context.Context, id int) error { return trail(ctx, "") } // silent: no policy
