// Package doubts returns early after calls of which only those who implement an interface, or hand over a function, know whether they enqueue.
package doubts

import (
	"context"
	"database/sql"

	"github.com/airlock-go/airlock/airlock"
)

func send(context.Context, int) error { return nil }

func enqueue(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

type Users interface {
	Find(ctx context.Context, id int) (bool, error)
}

type users struct{ db *sql.DB }

func (u users) Find(ctx context.Context, id int) (ok bool, err error) {
	err = u.db.QueryRowContext(ctx, "SELECT …", id).Scan(&ok)
	return ok, err
}

type Notifier interface {
	Notify(ctx context.Context, id int) (bool, error)
}

type notifier struct{}

func (notifier) Notify(ctx context.Context, id int) (bool, error) { return true, enqueue(ctx, id) }

// Elsewhere is implemented by others.
type Elsewhere interface {
	Do(ctx context.Context, id int) (bool, error)
}

func finds(ctx context.Context, u Users, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ok, err := u.Find(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return nil // no implementation in sight enqueues
	}
	if err := enqueue(ctx, id); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func notifies(ctx context.Context, n Notifier, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ok, err := n.Notify(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

// The early return comes before the call that enqueues.
func findsFirst(ctx context.Context, u Users, n Notifier, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ok, err := u.Find(ctx, id)
	if err != nil || !ok {
		return nil
	}
	if _, err := n.Notify(ctx, id); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func findsInHelper(ctx context.Context, u Users, id int) (bool, error) { return u.Find(ctx, id) }

func notifiesInHelper(ctx context.Context, n Notifier, id int) (bool, error) {
	return n.Notify(ctx, id)
}

func helped(ctx context.Context, u Users, n Notifier, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if ok, _ := findsInHelper(ctx, u, id); !ok {
		return nil
	}
	if ok, _ := notifiesInHelper(ctx, n, id); !ok {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

// Nothing is known of who implements it. It flushes in the end: to return before is a decision.
func elsewhere(ctx context.Context, e Elsewhere, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if ok, err := e.Do(ctx, id); err != nil || !ok {
		return nil
	}
	return scope.Flush(ctx)
}

// What else than what it calls should the scope be for?
func neverFlushes(ctx context.Context, e Elsewhere, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	_, err := e.Do(ctx, id)
	return err // want `effects are silently lost`
}

func load(ctx context.Context, id int, f func(context.Context, int) (bool, error)) (bool, error) {
	return f(ctx, id)
}

func retry(ctx context.Context, f func(context.Context) error) error {
	return twice(func() error { return f(ctx) })
}

func twice(f func() error) error {
	if f() == nil {
		return nil
	}
	return f()
}

func loads(ctx context.Context, u users, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ok, err := load(ctx, id, u.Find)
	if err != nil {
		return err
	}
	if !ok {
		return nil
	}
	err = retry(ctx, func(ctx context.Context) error {
		ok, err = u.Find(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	if !ok {
		return nil
	}
	if err := enqueue(ctx, id); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func loadsAndEnqueues(ctx context.Context, n notifier, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ok, err := load(ctx, id, n.Notify)
	if err != nil {
		return err
	}
	if !ok {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func retriesAndEnqueues(ctx context.Context, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := retry(ctx, func(ctx context.Context) error { return enqueue(ctx, id) }); err != nil {
		return err
	}
	if id == 0 {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

// loadsThrough hands on what it is handed.
func loadsThrough(ctx context.Context, id int, f func(context.Context, int) (bool, error)) (bool, error) {
	return load(ctx, id, f)
}

func loadsFar(ctx context.Context, u users, n notifier, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if ok, _ := loadsThrough(ctx, id, u.Find); !ok {
		return nil
	}
	if ok, _ := loadsThrough(ctx, id, n.Notify); !ok {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

// A helper of its own is for whatever it is handed.
func inScope(ctx context.Context, f func(context.Context) (bool, error)) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ok, err := f(ctx)
	if err != nil {
		return err
	}
	if !ok {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}
