package recipes

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/airlock-go/airlock/airlock"
)

type pgxKey struct{}

// Pgx runs the closure in a transaction of pool; PgxTx has it.
func Pgx(pool *pgxpool.Pool, opts pgx.TxOptions) airlock.Transact {
	return func(ctx context.Context, fn func(context.Context) error) error {
		return pgx.BeginTxFunc(ctx, pool, opts, func(tx pgx.Tx) error {
			return fn(context.WithValue(ctx, pgxKey{}, tx))
		})
	}
}

// PgxTx returns the transaction that ctx carries.
func PgxTx(ctx context.Context) (pgx.Tx, bool) {
	tx, ok := ctx.Value(pgxKey{}).(pgx.Tx)
	return tx, ok
}
