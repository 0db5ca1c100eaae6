// Package carried: what is done only where the context carries no transaction is not done inside one.
package carried

import (
	"context"
	"database/sql"
	"net/smtp"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

type key struct{}

func current(ctx context.Context) *sql.Tx {
	tx, _ := ctx.Value(key{}).(*sql.Tx)
	return tx
}

func lookUp(ctx context.Context) (*sql.Tx, bool) {
	tx, ok := ctx.Value(key{}).(*sql.Tx)
	return tx, ok
}

// atomically joins the transaction of the context, or opens one.
func atomically(ctx context.Context, db *sql.DB, fn func(ctx context.Context) error) error {
	if current(ctx) != nil {
		return fn(ctx)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(context.WithValue(ctx, key{}, tx)); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// publish sends at once where there is no transaction, and writes a row into the outbox where there is one.
func publish(ctx context.Context) error {
	if tx := current(ctx); tx != nil {
		_, err := tx.ExecContext(ctx, "INSERT INTO outbox DEFAULT VALUES")
		return err
	}
	return send()
}

func publishLookedUp(ctx context.Context) error {
	if tx, ok := lookUp(ctx); ok {
		_, err := tx.ExecContext(ctx, "INSERT INTO outbox DEFAULT VALUES")
		return err
	}
	return send()
}

func publishAsserted(ctx context.Context) error {
	tx, ok := ctx.Value(key{}).(*sql.Tx)
	if !ok {
		return send()
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO outbox DEFAULT VALUES")
	return err
}

func publishBelow(ctx context.Context) error { return publish(ctx) }

// insist sends only where there is a transaction.
func insist(ctx context.Context) error {
	if current(ctx) == nil {
		return nil
	}
	return send()
}

func place(ctx context.Context, db *sql.DB) error {
	return atomically(ctx, db, func(ctx context.Context) error {
		_ = publish(ctx)         // into the outbox
		_ = publishLookedUp(ctx) // likewise
		_ = publishAsserted(ctx)
		_ = publishBelow(ctx)
		_ = insist(ctx)                   // want `mail inside a database transaction`
		_ = publish(context.Background()) // want `mail inside a database transaction`
		return send()                     // want `mail inside a database transaction`
	})
}

func region(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	inner := context.WithValue(ctx, key{}, tx)
	_ = publish(inner) // into the outbox
	_ = publish(ctx)   // want `mail inside a database transaction`
	return tx.Commit()
}
