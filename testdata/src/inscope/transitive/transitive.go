// Package transitive: the scopeless context enters far above the Enqueue.
package transitive

import (
	"context"

	"example.com/fixtures/inscope/transitive/store"
	"github.com/airlock-go/airlock/airlock"
)

func Place(ctx context.Context, id int) error { // S24: no caller, no finding; it requires a scope
	return notify(ctx, id)
}

func notify(ctx context.Context, id int) error {
	child, cancel := context.WithCancel(ctx)
	defer cancel()
	return store.Save(child, id)
}

func nightly() {
	Place(context.Background(), 1) // S25 // want `this context carries no scope \(context.Background\): Place → notify → store.Save → airlock.Enqueue; open one`
}

func deep() {
	ctx := context.TODO()
	below(ctx) // want `below → Place → notify → store.Save → airlock.Enqueue`
}

func below(ctx context.Context) {
	Place(ctx, 2) // reported where the context enters
}

func both() {
	ctx := context.Background()
	store.Twice(ctx) // one finding a call // want `store.Twice → store.Save → airlock.Enqueue`
}

func methods(s store.Store) {
	s.Put(context.Background()) // want `store.Store.Put → airlock.Enqueue`
	f := s.Put
	f(context.Background())                  // want `store.Store.Put → airlock.Enqueue`
	store.Store.Put(s, context.Background()) // want `store.Store.Put → airlock.Enqueue`
}

func none() {
	store.Load(context.Background()) // Load enqueues nothing
}

func inScope() error {
	return airlock.Run(context.Background(), func(ctx context.Context) error {
		return Place(ctx, 1) // scoped
	})
}
