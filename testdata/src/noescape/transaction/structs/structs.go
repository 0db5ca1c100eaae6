// Package structs: a struct that is passed by value holds the transaction as one behind a pointer does.
package structs

import (
	"context"
	"database/sql"
	"errors"
	"net/smtp"

	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

type uow struct {
	tx     *sql.Tx
	db     *sql.DB
	notify func() error
}

func (u uow) commit() error   { return u.tx.Commit() }
func (u uow) rollback() error { return u.tx.Rollback() }
func (u uow) ping() error     { return u.db.Ping() }

// rollbackNamed takes the address of its receiver.
func (u uow) rollbackNamed() error {
	p := &u
	return p.tx.Rollback()
}

func wrapped(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	u := uow{tx: tx, notify: send}
	_ = u.ping()
	if err := send(); err != nil { // want `mail inside`
		return errors.Join(err, u.rollback())
	}
	if err := u.notify(); err != nil { // want `mail inside`
		return errors.Join(err, u.rollbackNamed())
	}
	if err := u.commit(); err != nil {
		return err
	}
	return send() // after it
}

type finisher interface {
	finish(ctx context.Context) error
}

type valued struct{ tx *sql.Tx }

func (v valued) finish(ctx context.Context) error { return v.tx.Commit() }

func throughInterface(ctx context.Context, db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	var f finisher = valued{tx}
	if err := f.finish(ctx); err != nil {
		return err
	}
	return send() // after it
}

func begin(db *sql.DB) (uow, error) {
	tx, err := db.Begin()
	if err != nil {
		return uow{}, err
	}
	return uow{tx: tx}, nil
}

func returned(db *sql.DB) error {
	u, err := begin(db)
	if err != nil {
		return err
	}
	if err := send(); err != nil { // want `mail inside`
		return errors.Join(err, u.rollback())
	}
	if err := u.commit(); err != nil {
		return err
	}
	return send() // after it
}

type repo struct{ db *gorm.DB }

func (r repo) begin() repo   { return repo{r.db.Begin()} }
func (r repo) commit() error { return r.db.Commit().Error }

func repository(r repo) error {
	tx := r.begin()
	if err := send(); err != nil { // want `mail inside`
		return err
	}
	if err := tx.commit(); err != nil {
		return err
	}
	return send() // after it
}

// An Ended is what ends a transaction.
type Ended struct {
	Commit, Rollback func() error
	Notify           func() error
}

func open(ctx context.Context, db *sql.DB) (Ended, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return Ended{}, err
	}
	return Ended{Commit: tx.Commit, Rollback: tx.Rollback, Notify: send}, nil
}

func functions(ctx context.Context, db *sql.DB) error {
	e, err := open(ctx, db)
	if err != nil {
		return err
	}
	if err := send(); err != nil { // want `mail inside`
		return errors.Join(err, e.Rollback())
	}
	if err := e.Notify(); err != nil { // want `mail inside`
		return errors.Join(err, e.Rollback())
	}
	if err := e.Commit(); err != nil {
		return err
	}
	return send() // after it
}
