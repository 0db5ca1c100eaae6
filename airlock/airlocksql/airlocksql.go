// Package airlocksql runs scopes around transactions of database/sql.
//
//	err := airlock.InTx(ctx, airlocksql.Transact(db, nil), func(ctx context.Context) error {
//		tx, _ := airlocksql.Tx(ctx)
//		if _, err := tx.ExecContext(ctx, `UPDATE orders SET status = 'paid' WHERE id = $1`, id); err != nil {
//			return err
//		}
//		return SendReceipt.Enqueue(ctx, id) // leaves after the commit, or not at all
//	})
//
// # Nesting
//
// A Transact under a context that carries an open transaction of the same *sql.DB joins it: no savepoint, no second connection, no
// deadlock of a function with its caller. What is enqueued inside belongs to the outer transaction, and leaves when that has
// committed. A joined part that fails dooms the whole: the outer transaction rolls back, even if the error was swallowed
// on the way, since without savepoints half of the part's statements would be committed.
package airlocksql

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

type contextKey struct{}

// A transaction is one open *sql.Tx and the first failure of a part that joined it.
type transaction struct {
	db   *sql.DB
	tx   *sql.Tx
	opts sql.TxOptions

	mu   sync.Mutex
	doom error
	done bool
}

// Transact returns an [airlock.Transact] that runs its closure in a transaction of db, begun with opts (nil: the driver's defaults),
// committed when the closure returns nil and rolled back when it returns an error, panics or exits the goroutine. The closure gets the
// transaction with [Tx].
//
// The returned Transact is safe for concurrent use. Transact panics if db is nil.
func Transact(db *sql.DB, opts *sql.TxOptions) airlock.Transact {
	if db == nil {
		panic("airlocksql: Transact of a nil *sql.DB")
	}
	var o sql.TxOptions
	if opts != nil {
		o = *opts
	}
	return func(ctx context.Context, fn func(context.Context) error) error {
		if outer, ok := open(ctx); ok && outer.db == db {
			return outer.join(ctx, o, fn)
		}
		return begin(ctx, db, o, fn)
	}
}

// Tx returns the transaction that ctx carries, if it carries one that is still open.
func Tx(ctx context.Context) (*sql.Tx, bool) {
	t, ok := open(ctx)
	if !ok {
		return nil, false
	}
	return t.tx, true
}

func open(ctx context.Context) (*transaction, bool) {
	t, ok := ctx.Value(contextKey{}).(*transaction)
	if !ok {
		return nil, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t, !t.done
}

func begin(ctx context.Context, db *sql.DB, opts sql.TxOptions, fn func(context.Context) error) error {
	tx, err := db.BeginTx(ctx, &opts)
	if err != nil {
		return fmt.Errorf("airlocksql: begin: %w", err)
	}
	t := &transaction{db: db, tx: tx, opts: opts}
	defer tx.Rollback() // after Commit this does nothing
	defer t.finish()
	if err := fn(context.WithValue(ctx, contextKey{}, t)); err != nil {
		return err
	}
	if err := t.finish(); err != nil {
		return fmt.Errorf("airlocksql: a joined part failed, the transaction rolls back: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("airlocksql: commit: %w", err)
	}
	return nil
}

// finish ends the time in which parts may join, and returns the first failure of one that did.
func (t *transaction) finish() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done = true
	return t.doom
}

func (t *transaction) join(ctx context.Context, opts sql.TxOptions, fn func(context.Context) error) (err error) {
	if opts.Isolation != sql.LevelDefault && opts.Isolation != t.opts.Isolation {
		return fmt.Errorf("airlocksql: a transaction with isolation %v can't take in one with %v: begin the outer one with that level",
			t.opts.Isolation, opts.Isolation)
	}
	returned := false
	defer func() {
		if !returned {
			err = errors.New("a joined part did not return") // it panicked or exited; only the doom is seen
		}
		if err != nil {
			t.mu.Lock()
			t.doom = cmp.Or(t.doom, err)
			t.mu.Unlock()
		}
	}()
	err = fn(airlock.Joined(ctx))
	returned = true
	return err
}
