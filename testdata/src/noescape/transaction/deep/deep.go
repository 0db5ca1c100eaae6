// Package deep has chains through packages that it does not import, and through functions that it can't name: every driver tells all of
// them.
package deep

import (
	"database/sql"

	"example.com/fixtures/noescape/transaction/deep/front"
)

func place(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := front.Notify(); err != nil { // want `mail inside a database transaction: place → front\.Notify → front\.notify → middle\.Tell → \(\*middle\.teller\)\.tell → back\.Send → back\.send → net/smtp\.SendMail; `
		return err
	}
	if err := front.Run(front.Notify); err != nil { // want `mail inside a database transaction: place → front\.Run → front\.Notify → front\.notify → middle\.Tell → \(\*middle\.teller\)\.tell → back\.Send → back\.send → net/smtp\.SendMail; `
		return err
	}
	if err := front.Sender().Send(); err != nil { // want `mail inside a database transaction: place → middle\.Sender\.Send → middle\.Tell → \(\*middle\.teller\)\.tell → back\.Send → back\.send → net/smtp\.SendMail; `
		return err
	}
	return tx.Commit()
}
