package recipes

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// EntTx is what ent generates as *ent.Tx.
type EntTx interface {
	Commit() error
	Rollback() error
}

type entKey struct{}

// Ent runs the closure in a transaction of an ent client, given the client's Tx method: Ent(client.Tx). EntFrom has it.
func Ent[T EntTx](begin func(context.Context) (T, error)) airlock.Transact {
	return func(ctx context.Context, fn func(context.Context) error) error {
		tx, err := begin(ctx)
		if err != nil {
			return err
		}
		committed := false
		defer func() {
			if !committed {
				tx.Rollback() // also after a panic
			}
		}()
		if err := fn(context.WithValue(ctx, entKey{}, tx)); err != nil {
			return err
		}
		err = tx.Commit()
		committed = err == nil
		return err
	}
}

// EntFrom returns the transaction that ctx carries.
func EntFrom[T EntTx](ctx context.Context) (T, bool) {
	tx, ok := ctx.Value(entKey{}).(T)
	return tx, ok
}
