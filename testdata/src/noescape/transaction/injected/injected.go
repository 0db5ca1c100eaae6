// Package injected: functions that a service is given when it is made, in its fields.
package injected

import (
	"context"
	"database/sql"
	"net/smtp"
)

func deliver(to string) error { return smtp.SendMail("mx:25", nil, "a@example.com", []string{to}, nil) }

type service struct {
	db    *sql.DB
	send  func(to string) error
	check func(to string) error
}

func newService(db *sql.DB) *service {
	return &service{db: db, send: deliver, check: func(to string) error { return nil }}
}

func (s *service) notify() error { return s.send("b@example.com") }

func (s *service) order(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := s.check("b@example.com"); err != nil { // the other field holds a pure one
		return err
	}
	if err := s.send("b@example.com"); err != nil { // want `mail inside a database transaction: \(\*service\)\.order → deliver → net/smtp\.SendMail`
		return err
	}
	if err := s.notify(); err != nil { // want `mail inside a database transaction`
		return err
	}
	return tx.Commit()
}

func quiet(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	s := &service{send: func(string) error { return nil }}
	if err := s.notify(); err != nil { // this service's function is pure
		return err
	}
	return tx.Commit()
}
