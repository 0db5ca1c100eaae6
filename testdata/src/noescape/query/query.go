// Package query: rule query-in-transaction is off unless the configuration turns it on: a question asked while rows are locked.
package query

import (
	"database/sql"
	"net/http"
	"net/smtp"
)

func inside(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	resp, err := http.Get("https://example.com/rates") // want `http query inside a database transaction: inside → net/http\.Get; the transaction that \(\*sql\.DB\)\.Begin opened on line 11 holds its locks`
	if err != nil {
		return err
	}
	resp.Body.Close()
	if err := smtp.SendMail("mx:25", nil, "a@example.com", nil, nil); err != nil { // want `mail inside a database transaction`
		return err
	}
	return tx.Commit()
}

func denied(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT"); err != nil {
		_, _ = http.Get("https://example.com/failed") // the transaction is given up anyway
		return err
	}
	return tx.Commit()
}

func before(db *sql.DB) error {
	resp, err := http.Get("https://example.com/rates") // nothing is open
	if err != nil {
		return err
	}
	resp.Body.Close()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	rows, err := tx.Query("SELECT 1") // the transaction's own queries are what it is for
	if err != nil {
		return err
	}
	rows.Close()
	return tx.Commit()
}
