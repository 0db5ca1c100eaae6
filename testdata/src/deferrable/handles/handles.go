// Package handles: libraries whose transactions have the type of the database.
package handles

import (
	"context"

	"gorm.io/gorm"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type repo struct {
	db   *gorm.DB
	name string
}

func (r *repo) mark(ctx context.Context, id int) error { return r.db.Error }

func newRepo(db *gorm.DB) *repo { return &repo{db: db} }

func (r *repo) with(tx *gorm.DB) *repo { return &repo{tx, r.name} }

func (r *repo) named(tx *gorm.DB) *repo { return &repo{r.db, use(tx).Error()} }

func constructed(ctx context.Context, db *gorm.DB, base *repo) error {
	airlock.Enqueue(ctx, newRepo(db).mark, 1)   // a database
	airlock.Enqueue(ctx, base.with(db).mark, 1) // a database
	return db.Transaction(func(tx *gorm.DB) error {
		airlock.Enqueue(ctx, newRepo(tx).mark, 1)    // want `its receiver \(a transaction\)`
		airlock.Enqueue(ctx, base.with(tx).mark, 1)  // want `its receiver \(a transaction\)`
		airlock.Enqueue(ctx, newRepo(db).mark, 1)    // a database
		airlock.Enqueue(ctx, base.named(tx).mark, 1) // keeps its own database
		airlock.Enqueue(ctx, base.mark, 1)           // of a database
		r := newRepo(tx)
		return airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return r.mark(ctx, 1) }) // want `r \(a transaction\)`
	})
}

func begun(ctx context.Context, db *gorm.DB) error {
	tx := db.Begin()
	defer tx.Rollback()
	r := newRepo(tx.WithContext(ctx))
	airlock.Enqueue(ctx, r.mark, 1) // want `its receiver \(a transaction\)`
	return tx.Commit().Error
}

func derived(ctx context.Context, db *gorm.DB) error {
	all := db.WithContext(ctx).Model(&repo{})
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return all.Error }) // of a database
	return db.Transaction(func(tx *gorm.DB) error {
		q := tx.WithContext(ctx).Model(&repo{})
		airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return q.Error }) // want `q \(a transaction\)`
		p := tx
		for range 3 {
			p = p.Where("x")
		}
		airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return p.Error }) // want `p \(a transaction\)`
		rows := tx.Model(&repo{}).RowsAffected
		airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return use(rows) }) // a number
		r := &repo{db: tx.Where("x")}
		return airlock.Enqueue(ctx, r.mark, 1) // want `its receiver \(a transaction\)`
	})
}
