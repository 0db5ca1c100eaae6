// Package carried: which parameters an intent carries, and which results hold.
package carried

import (
	"context"
	"database/sql"

	"gorm.io/gorm"

	"github.com/airlock-go/airlock/airlock"
)

func later(ctx context.Context, fn func(context.Context) error) error { // want later:`carries\(1\)`
	return airlock.EnqueueFunc(ctx, "later", fn)
}

func through(ctx context.Context, fn func(context.Context) error) error { // want through:`carries\(1\)`
	return later(ctx, fn)
}

func argument[A any](ctx context.Context, arg A) error { // want argument:`carries\(1\)`
	return airlock.Enqueue(ctx, func(context.Context, A) error { return nil }, arg)
}

func now(ctx context.Context, fn func(context.Context) error) error { // it is called at once
	return fn(ctx)
}

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

type queries struct{ db querier }

func newQueries(db querier) *queries { return &queries{db: db} } // want newQueries:`holds\(0: 0\)`

func (q *queries) withTx(tx *sql.Tx) *queries { return &queries{db: tx} } // want withTx:`holds\(0: 0\)`

func both(tx *sql.Tx) (*queries, error) { // want both:`holds\(0: 0\)`
	q := newQueries(tx)
	return q, nil
}

func literal(tx *sql.Tx) func() error { return func() error { return tx.Commit() } } // want literal:`holds\(0: 0\)`

func used(tx *sql.Tx) *queries { // it is used, not kept
	tx.Commit()
	return &queries{}
}

func define[A any](fn func(context.Context, A) error) *airlock.Task[A] { // want define:`carries\(0\) tasks\(0\)`
	return airlock.NewTask("define", fn)
}

func second[K, A any](_ K, fn func(context.Context, A) error) *airlock.Task[A] { // want second:`carries\(1\) tasks\(1\)`
	return define(fn)
}

func composite[A any](fn func(context.Context, []A) error) *airlock.Task[[]A] { // want composite:`carries\(0\) tasks\(-1\)`
	return airlock.NewTask("composite", fn)
}

func found[A any](tasks []*airlock.Task[A]) *airlock.Task[A] { return tasks[0] } // it makes none

func all(ctx context.Context, fns ...func(context.Context) error) { // want all:`each\(1\)`
	for _, fn := range fns {
		later(ctx, fn)
	}
}

func allAgain(ctx context.Context, fns ...func(context.Context) error) { // want allAgain:`each\(1\)`
	all(ctx, fns...)
}

func two(ctx context.Context, a, b func(context.Context) error) { // want two:`carries\(1\) carries\(2\)`
	all(ctx, a, b)
}

func logged(ctx context.Context, fns map[string]func(context.Context) error) { // want logged:`each\(1\)`
	for name, fn := range fns {
		airlock.EnqueueFunc(ctx, name, func(ctx context.Context) error { return fn(ctx) })
	}
}

func counted(ctx context.Context, fns ...func(context.Context) error) error { // only how many
	n := len(fns)
	return airlock.EnqueueFunc(ctx, "counted", func(context.Context) error { n++; return nil })
}

type repo struct{ db *gorm.DB }

func newRepo(db *gorm.DB) *repo { return &repo{db} } // want newRepo:`holds\(0: 0\)`

type service struct{ db *sql.DB }

func newService(db *sql.DB) *service { return &service{db} } // a database's transactions are of another type
