// Package errorloop has errors that are made of themselves: judging them must end.
package errorloop

import (
	"context"
	"database/sql"
	"errors"
	"net/smtp"
)

func eachFails(ctx context.Context, db *sql.DB, to []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var errs error
	for _, t := range to {
		errs = errors.Join(errs, smtp.SendMail("", nil, "", []string{t}, nil)) // want `mail inside a database transaction`
	}
	if errs != nil {
		return errs
	}
	return tx.Commit()
}

// state is a machine's state: a function that returns what it is itself.
type state func() state

func (s state) run() {
	for s != nil {
		s = s()
	}
}

func start() state { return nil }
