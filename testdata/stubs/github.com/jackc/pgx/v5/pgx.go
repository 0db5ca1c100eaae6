// Package pgx is a stub: signatures only.
package pgx

import "context"

type TxOptions struct{}

type Tx interface {
	Begin(ctx context.Context) (Tx, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
}

type Conn struct{}

func (c *Conn) Begin(ctx context.Context) (Tx, error)                   { return nil, nil }
func (c *Conn) BeginTx(ctx context.Context, opts TxOptions) (Tx, error) { return nil, nil }

type Beginner interface {
	Begin(ctx context.Context) (Tx, error)
}

func BeginFunc(ctx context.Context, db Beginner, fn func(Tx) error) (err error) { return nil }
