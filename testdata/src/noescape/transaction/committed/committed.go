// Package committed: an error that is returned takes nothing back where the transaction is committed all the same.
package committed

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"log"
	"net/http"
	"net/smtp"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func deferredCommit(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Commit() // on every path
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // want `mail inside`
		return err
	}
	return nil
}

func deferredCommitInLiteral(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err := tx.Commit(); err != nil {
			log.Println(err)
		}
	}()
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // want `mail inside`
		return err
	}
	return nil
}

func rolledBackFirst(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Commit()
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // rolled back: the Commit finds no transaction
		tx.Rollback()
		return err
	}
	return nil
}

func deferredByError(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
			return
		}
		err = tx.Commit()
	}()
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // the result tells, and rolls back
		return err
	}
	return nil
}

func deferredByShadowedError(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
			return
		}
		tx.Commit()
	}()
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // want `mail inside`
		return err // is not the err that the deferred function looks at
	}
	return nil
}

func deferredFinish(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer finish(tx, &err)
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // finish may do either
		return err
	}
	return nil
}

func finish(tx *sql.Tx, err *error) {
	if *err != nil {
		tx.Rollback()
		return
	}
	*err = tx.Commit()
}

// Lenient commits whatever fn returns.
func Lenient(db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		log.Println(err)
	}
	return tx.Commit()
}

// Deferring does so, too.
func Deferring(db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Commit()
	return fn(tx)
}

// Joining does so, too.
func Joining(db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	return errors.Join(fn(tx), tx.Commit())
}

// Around hands on what it is given.
func Around(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return Lenient(db, fn)
}

// Strict rolls back.
func Strict(db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Swallowing hides from Strict that fn failed.
func Swallowing(db *sql.DB, fn func(tx *sql.Tx) error) error {
	return Strict(db, func(tx *sql.Tx) error {
		if err := fn(tx); err != nil {
			log.Println(err)
		}
		return nil
	})
}

// Skipping commits for one error only: it may roll back.
func Skipping(db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func fails(tx *sql.Tx) error {
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send()
		return err
	}
	return nil
}

func uses(ctx context.Context, db *sql.DB) {
	_ = Lenient(db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT"); err != nil {
			_ = send() // want `mail inside`
			return err
		}
		return nil
	})
	_ = Deferring(db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT"); err != nil {
			_ = send() // want `mail inside`
			return err
		}
		return nil
	})
	_ = Joining(db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT"); err != nil {
			_ = send() // want `mail inside`
			return err
		}
		return nil
	})
	_ = Around(ctx, db, func(tx *sql.Tx) error {
		return fails(tx) // want `mail inside`
	})
	_ = Swallowing(db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT"); err != nil {
			_ = send() // want `mail inside`
			return err
		}
		return nil
	})
	_ = Strict(db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT"); err != nil {
			_ = send() // rolled back
			return err
		}
		return nil
	})
	_ = Skipping(db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT"); err != nil {
			_ = send() // rolled back, unless it is that error
			return err
		}
		return nil
	})
	_ = Strict(db, fails)
	_ = Lenient(db, failsToo)
}

func failsToo(tx *sql.Tx) error {
	if _, err := tx.Exec("INSERT"); err != nil {
		_ = send() // want `mail inside`
		return err
	}
	return nil
}

type handler func(w http.ResponseWriter, r *http.Request) error

func middleware(db *sql.DB, h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := db.BeginTx(r.Context(), nil)
		if err != nil {
			return
		}
		if err := h(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		_ = tx.Commit()
	}
}

func wrapped(db *sql.DB) http.HandlerFunc {
	return middleware(db, func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			_ = send() // want `mail inside`
			return err
		}
		return nil
	})
}

// Decide commits if fn says so.
func Decide(db *sql.DB, fn func(tx *sql.Tx) (commit bool, err error)) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	commit, err := fn(tx)
	if err != nil {
		return err
	}
	if !commit {
		return tx.Rollback()
	}
	return tx.Commit()
}

// Abort commits unless fn says otherwise.
func Abort(db *sql.DB, fn func(tx *sql.Tx) (abort bool)) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if fn(tx) {
		return nil
	}
	return tx.Commit()
}

// Count returns what fn does, and commits either way.
func Count(db *sql.DB, fn func(tx *sql.Tx) (bool, error)) (bool, error) {
	tx, err := db.Begin()
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	found, err := fn(tx)
	if err != nil {
		return false, err
	}
	return found, tx.Commit()
}

// Stream reads in a transaction that it rolls back in any case.
func Stream(db *sql.DB) iter.Seq[string] {
	return func(yield func(string) bool) {
		tx, err := db.Begin()
		if err != nil {
			return
		}
		defer tx.Rollback()
		rows, err := tx.Query("SELECT name")
		if err != nil {
			return
		}
		for rows.Next() {
			if !yield("") {
				return
			}
		}
	}
}

func streams(db *sql.DB) error {
	for range Stream(db) {
		if err := send(); err != nil { // want `mail inside`
			return err
		}
	}
	return nil
}

func decides(db *sql.DB, ok bool) {
	_ = Decide(db, func(tx *sql.Tx) (bool, error) {
		if !ok {
			return false, send() // is rolled back
		}
		_ = send() // want `mail inside`
		return true, nil
	})
	_ = Decide(db, func(tx *sql.Tx) (bool, error) {
		_ = send() // want `mail inside`
		return ok, nil
	})
	_ = Abort(db, func(tx *sql.Tx) bool {
		if ok {
			_ = send() // is rolled back
			return true
		}
		_ = send() // want `mail inside`
		return false
	})
	_, _ = Count(db, func(tx *sql.Tx) (bool, error) {
		if !ok {
			return false, send() // want `mail inside`
		}
		return true, nil
	})
}
