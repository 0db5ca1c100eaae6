package recipes

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"

	"github.com/airlock-go/airlock/airlock"
)

type sqlxKey struct{}

// Sqlx runs the closure in a transaction of db; SqlxTx has it.
func Sqlx(db *sqlx.DB, opts *sql.TxOptions) airlock.Transact {
	return func(ctx context.Context, fn func(context.Context) error) error {
		tx, err := db.BeginTxx(ctx, opts)
		if err != nil {
			return err
		}
		defer tx.Rollback() // after Commit this does nothing; after a panic it rolls back
		if err := fn(context.WithValue(ctx, sqlxKey{}, tx)); err != nil {
			return err
		}
		return tx.Commit()
	}
}

// SqlxTx returns the transaction that ctx carries.
func SqlxTx(ctx context.Context) (*sqlx.Tx, bool) {
	tx, ok := ctx.Value(sqlxKey{}).(*sqlx.Tx)
	return tx, ok
}
