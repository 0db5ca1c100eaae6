// Package dispatch: a scope that is flushed while a transaction is open lets its effects out before the commit.
package dispatch

import (
	"context"
	"database/sql"

	"github.com/airlock-go/airlock/airlock"
)

func work(ctx context.Context) error { return nil }

func flushBeforeCommit(ctx context.Context, db *sql.DB) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(ctx); err != nil {
		return err
	}
	if err := scope.Flush(ctx); err != nil { // want `Flush dispatches a scope's intents inside a database transaction`
		return err
	}
	return tx.Commit()
}

func flushAfterCommit(ctx context.Context, db *sql.DB) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.Commit(); err != nil {
		return err
	}
	return scope.Flush(ctx) // committed
}

func runInside(ctx context.Context, db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := airlock.Run(ctx, work); err != nil { // want `Run dispatches a scope's intents inside a database transaction`
		return err
	}
	return tx.Commit()
}

// announce runs what it is given in a scope.
func announce(ctx context.Context) error { return airlock.Run(ctx, work) }

func runInCallee(ctx context.Context, db *sql.DB, transact airlock.Transact) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := announce(ctx); err != nil { // want `announce dispatches a scope's intents inside a database transaction`
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return airlock.InTx(ctx, transact, announce) // captured by InTx's scope
}

func captured(ctx context.Context, transact airlock.Transact) error {
	return airlock.InTx(ctx, transact, func(ctx context.Context) error {
		return airlock.Run(ctx, work) // its intents are captured by InTx's scope
	})
}

func detached(ctx context.Context, transact airlock.Transact) error {
	return airlock.InTx(ctx, transact, func(ctx context.Context) error {
		return airlock.Run(airlock.Detach(ctx), work) // want `Run dispatches a scope's intents inside a database transaction`
	})
}

func capturedFlush(ctx context.Context, transact airlock.Transact) error {
	return airlock.InTx(ctx, transact, func(ctx context.Context) error {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard()
		return scope.Flush(ctx) // captured
	})
}
