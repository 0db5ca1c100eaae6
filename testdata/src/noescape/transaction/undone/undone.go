// Package undone: what is done on a path that rolls back, or returns an error, does not stand. Compensation and messages of denial
// are silent.
package undone

import (
	"database/sql"
	"errors"
	"fmt"
	"net/smtp"

	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

var errDenied = errors.New("denied")

type quotaError struct{ left int }

func (e *quotaError) Error() string { return fmt.Sprint(e.left) }

func newQuotaError(left int) error { return &quotaError{left} }

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("in service: %w", err)
}

func denials(db *gorm.DB, left int) error {
	return db.Transaction(func(tx *gorm.DB) error {
		switch {
		case left == 0:
			_ = send() // errors.New is an error
			return errors.New("denied")
		case left == 1:
			_ = send() // so is a sentinel
			return errDenied
		case left == 2:
			_ = send() // so is what a constructor of errors returns
			return newQuotaError(left)
		case left == 3:
			_ = send() // so is a type of errors
			return &quotaError{left}
		case left == 4:
			_ = send() // want `mail inside`
			return nil
		}
		if err := tx.Create(nil).Error; err != nil {
			_ = send() // guarded
			return err
		}
		if err := tx.Create(nil).Error; err != nil {
			_ = send() // guarded, and wrapped by a function that keeps it an error
			return wrap(err)
		}
		err := tx.Create(nil).Error
		_ = send() // want `mail inside`
		return err
	})
}

func compensates(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // the next statement rolls back
		tx.Rollback()
		return nil
	}
	if _, err := tx.Exec("INSERT"); err != nil {
		abort(tx)
		_ = send() // rolled back
		return nil
	}
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // rolls back in a callee
		abort(tx)
		return nil
	}
	return tx.Commit()
}

func abort(tx *sql.Tx) { _ = tx.Rollback() }

// check tells the owner that it was denied, and fails.
func check(left int) error {
	if left == 0 {
		_ = send()
		return errDenied
	}
	return nil
}

func denialInCallee(db *gorm.DB, left int) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := check(left); err != nil { // it sends only where it fails, and then so does this
			return err
		}
		return tx.Create(nil).Error
	})
}

func denialIgnored(db *gorm.DB, left int) error {
	return db.Transaction(func(tx *gorm.DB) error {
		_ = check(left) // want `mail inside`
		return tx.Create(nil).Error
	})
}

func deferredRollback(db *sql.DB, ok bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does not end it before the function returns
	if !ok {
		_ = send() // want `mail inside`
		return nil
	}
	return tx.Commit()
}

func panics(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // a panic commits nothing
		panic(err)
	}
	return tx.Commit()
}

// collects joins errors in a loop: what it joins is what it joined before.
func collects(db *gorm.DB, rows []string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		var all error
		for range rows {
			if err := tx.Create(nil).Error; err != nil {
				all = errors.Join(all, err)
			}
		}
		if all != nil {
			_ = send() // guarded
			return all
		}
		return send() // want `mail inside`
	})
}
