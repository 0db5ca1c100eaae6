// Package generics calls methods of generic types.
package generics

import (
	"context"

	"connectrpc.com/connect"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

type args struct{}

func (args) Kind() string { return "args" }

func calls(ctx context.Context, c *river.Client[pgx.Tx], tx pgx.Tx, rpc *connect.Client[args, args]) {
	c.Insert(ctx, args{}, nil)                      // want: queue
	c.InsertTx(ctx, tx, args{}, nil)                // want: none
	rpc.CallUnary(ctx, connect.NewRequest(&args{})) // want: rpc
	tx.Commit(ctx)                                  // want: db
}
