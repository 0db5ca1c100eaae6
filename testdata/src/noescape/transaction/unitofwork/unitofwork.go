// Package unitofwork: types that hold a transaction, opened by one method and ended by others.
package unitofwork

import (
	"database/sql"
	"net/smtp"

	"github.com/jmoiron/sqlx"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

// A Work holds its transaction.
type Work struct {
	db *sql.DB
	tx *sql.Tx
}

func (w *Work) Start() error {
	tx, err := w.db.Begin()
	if err != nil {
		return err
	}
	w.tx = tx
	return nil
}

func (w *Work) Complete() error { return w.tx.Commit() }
func (w *Work) Cancel()         { _ = w.tx.Rollback() }

func use(db *sql.DB) error {
	w := &Work{db: db}
	if err := w.Start(); err != nil {
		return err
	}
	if err := send(); err != nil { // want `mail inside`
		w.Cancel()
		return err
	}
	if err := w.Complete(); err != nil {
		return err
	}
	return send() // completed
}

// Tx opens the transaction when it is first asked for.
func (w *Work) Tx() (*sql.Tx, error) {
	if w.tx == nil {
		tx, err := w.db.Begin()
		if err != nil {
			return nil, err
		}
		w.tx = tx
	}
	return w.tx, nil
}

func lazily(w *Work) error {
	tx, err := w.Tx()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT"); err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := w.Complete(); err != nil {
		return err
	}
	return send()
}

// NewWork returns a unit with an open transaction.
func NewWork(db *sql.DB) (*Work, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Work{db: db, tx: tx}, nil
}

func made(db *sql.DB) error {
	w, err := NewWork(db)
	if err != nil {
		return err
	}
	defer w.Cancel()
	_ = send() // want `mail inside`
	if err := w.Complete(); err != nil {
		return err
	}
	return send()
}

// Repos holds the transaction of a library that embeds another's, in a struct of its own.
type Repos struct{ session *session }

type session struct{ tx *sqlx.Tx }

func (r *Repos) Done() error { return r.session.tx.Commit() }

func newRepos(db *sqlx.DB) (*Repos, error) {
	tx, err := db.Beginx()
	if err != nil {
		return nil, err
	}
	return &Repos{&session{tx: tx}}, nil
}

func nested(db *sqlx.DB) error {
	r, err := newRepos(db)
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := r.Done(); err != nil {
		return err
	}
	return send()
}
