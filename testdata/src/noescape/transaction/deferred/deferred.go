// Package deferred: deferred calls run last-in first-out, and count if the transaction is still open then.
package deferred

import (
	"database/sql"
	"net/smtp"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func afterRollback(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer send() // runs after the deferred Rollback
	defer tx.Rollback()
	_, err = tx.Exec("INSERT")
	return err
}

func beforeRollback(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	defer send() // want `mail inside`
	_, err = tx.Exec("INSERT")
	return err
}

func afterCommit(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.Commit(); err != nil {
		return err
	}
	defer send() // committed
	return nil
}

func inLiteral(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
			_ = send() // rolled back
			return
		}
		_ = send() // want `mail inside`
		err = tx.Commit()
		_ = send() // committed
	}()
	_, err = tx.Exec("INSERT")
	return err
}

func calledAtOnce(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	func() {
		_ = send() // want `mail inside`
	}()
	return tx.Commit()
}
