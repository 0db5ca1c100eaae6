// Package values: what a type does not tell, the value does.
package values

import (
	"context"
	"database/sql"

	"gorm.io/gorm"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Queries is what sqlc generates.
type Queries struct{ db querier }

func New(db querier) *Queries { return &Queries{db} }

func (q *Queries) WithTx(tx *sql.Tx) *Queries { return &Queries{db: tx} }

func (q *Queries) notify(ctx context.Context, id int) error { return nil }

func inInterface(ctx context.Context, tx *sql.Tx, db *sql.DB) {
	var q querier = tx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(q) }) // want `q \(a transaction\)`
	var d querier = db
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(d) }) // a database
}

func inField(ctx context.Context, tx *sql.Tx, db *sql.DB) {
	q := &Queries{db: tx}
	airlock.Enqueue(ctx, q.notify, 1) // want `its receiver \(a transaction\)`
	d := &Queries{db: db}
	airlock.Enqueue(ctx, d.notify, 1) // a database
}

func constructed(ctx context.Context, tx *sql.Tx, db *sql.DB) {
	q := New(tx)
	airlock.Enqueue(ctx, q.notify, 1) // want `its receiver \(a transaction\)`
	d := New(db)
	airlock.Enqueue(ctx, d.notify, 1) // a database
	w := d.WithTx(tx)
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return w.notify(ctx, 1) }) // want `w \(a transaction\)`
}

func either(ctx context.Context, tx *sql.Tx, db *sql.DB) {
	var q querier = db
	if tx != nil {
		q = tx
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(q) }) // want `q \(a transaction\)`
}

func handles(ctx context.Context, db *gorm.DB) error {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(db) }) // a database
	tx := db.Begin()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(tx) }) // want `tx \(a transaction\)`
	return db.Transaction(func(tx *gorm.DB) error {
		return airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(tx) }) // want `tx \(a transaction\)`
	})
}

func prepared(ctx context.Context, tx *sql.Tx, db *sql.DB) {
	stmt, _ := tx.PrepareContext(ctx, "")
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(stmt) }) // want `stmt \(a transaction\)`
	kept, _ := db.PrepareContext(ctx, "")
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(kept) }) // of the database
}

func elements(ctx context.Context, tx *sql.Tx, m map[string]any) {
	airlock.Enqueue(ctx, send[[]any], []any{1, tx}) // want `its argument \(a transaction\)`
	m["tx"] = tx
	airlock.Enqueue(ctx, send[map[string]any], m) // want `its argument \(a transaction\)`
}

func send[A any](context.Context, A) error { return nil }
