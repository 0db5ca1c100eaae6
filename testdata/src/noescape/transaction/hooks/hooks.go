// Package hooks: what is kept until the commit happens after it, and what is written into the transaction goes with it.
package hooks

import (
	"context"
	"database/sql"
	"net/smtp"

	"github.com/airlock-go/airlock/airlock"
	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

type hooks struct{ after []func() }

func (h *hooks) OnCommit(fn func()) { h.after = append(h.after, fn) }

func (h *hooks) run() {
	for _, fn := range h.after {
		fn()
	}
}

func within(db *sql.DB, fn func(tx *sql.Tx, h *hooks) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	h := &hooks{}
	if err := fn(tx, h); err != nil {
		tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	h.run()
	return nil
}

func registers(db *sql.DB) error {
	return within(db, func(tx *sql.Tx, h *hooks) error {
		h.OnCommit(func() { _ = send() }) // kept, not called
		return nil
	})
}

func flagged(db *gorm.DB) error {
	notify := false
	err := db.Transaction(func(tx *gorm.DB) error {
		notify = true // only a flag
		return nil
	})
	if err != nil {
		return err
	}
	if notify {
		return send() // after the transaction
	}
	return nil
}

func notifyWarehouse(ctx context.Context, id int) error { return send() }

func enqueues(ctx context.Context, db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		return airlock.Enqueue(ctx, notifyWarehouse, 1) // leaves when the scope is flushed
	})
}

func outbox(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO outbox DEFAULT VALUES"); err != nil { // a row of the same transaction
		return err
	}
	return tx.Commit()
}
