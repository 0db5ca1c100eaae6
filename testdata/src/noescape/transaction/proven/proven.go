// Package proven: a returned error may be known not to be nil by other tests than err != nil.
package proven

import (
	"context"
	"database/sql"
	"errors"
	"net/smtp"
	"os"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

var errFull = errors.New("full")

type pgError struct{ Code string }

func (e *pgError) Error() string { return e.Code }

func sentinel(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var id int
	err = tx.QueryRow("SELECT id").Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		_ = send() // errors.Is(nil, sentinel) is false
		return err
	}
	if err == errFull {
		_ = send()
		return err
	}
	switch err {
	case sql.ErrTxDone, sql.ErrConnDone:
		_ = send()
		return err
	}
	if !errors.Is(err, os.ErrExist) {
		_ = send() // want `mail inside`
		return err
	}
	return tx.Commit()
}

func notSentinel(db *gorm.DB, want error) error {
	return db.Transaction(func(tx *gorm.DB) error {
		err := tx.Create(nil).Error
		if errors.Is(err, errFull) || want != nil {
			_ = send() // want `mail inside`
			return err
		}
		if err == want {
			_ = send() // want `mail inside`
			return err
		}
		return err
	})
}

func named(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
			return
		}
		err = tx.Commit()
	}()
	_, err = tx.Exec("INSERT")
	if errors.Is(err, errFull) {
		_ = send()
		return
	}
	return
}

// isDup is true for errors only.
func isDup(err error) bool {
	var pe *pgError
	return errors.As(err, &pe) && pe.Code == "23505"
}

// isFull says so without a branch.
func isFull(err error) bool { return errors.Is(err, errFull) }

// expected is true for some errors.
func expected(err error) bool {
	switch err {
	case errFull, sql.ErrNoRows:
		return true
	}
	return isDup(err)
}

// fine is true for nil as well.
func fine(err error) bool { return err == nil || isFull(err) }

// asPostgres takes an error apart.
func asPostgres(err error) (*pgError, bool) {
	var pe *pgError
	ok := errors.As(err, &pe)
	return pe, ok
}

func predicates(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		err := tx.Create(nil).Error
		if isDup(err) {
			_ = send()
			return err
		}
		if isFull(err) {
			_ = send()
			return err
		}
		if ok := expected(err); ok {
			_ = send()
			return err
		}
		if pe, ok := asPostgres(err); ok && pe.Code == "23505" {
			_ = send()
			return err
		}
		if fine(err) {
			_ = send() // want `mail inside`
			return err
		}
		return err
	})
}

func assertions(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		err := tx.Create(nil).Error
		var pe *pgError
		if errors.As(err, &pe) && pe.Code == "23505" {
			_ = send()
			return err
		}
		if _, ok := err.(*pgError); ok {
			_ = send()
			return err
		}
		if e, ok := err.(interface {
			error
			Timeout() bool
		}); ok && e.Timeout() {
			_ = send()
			return e
		}
		switch err.(type) {
		case *pgError, *os.PathError:
			_ = send()
			return err
		case nil:
			_ = send() // want `mail inside`
			return err
		}
		return err
	})
}

func files(db *gorm.DB, p string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		_, err := os.Stat(p)
		if os.IsNotExist(err) {
			_ = send() // os.IsNotExist(nil) is false
			return err
		}
		if !os.IsTimeout(err) {
			_ = send() // want `mail inside`
			return err
		}
		return err
	})
}

func field(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		res := tx.Create(nil)
		if res.Error != nil {
			_ = send() // the field is what it was
			return res.Error
		}
		res = tx.Create(nil)
		_ = send() // want `mail inside`
		return res.Error
	})
}

func fieldOfAnother(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		res := tx.Create(nil)
		if res.Error != nil {
			_ = send() // want `mail inside`
			res = tx.Create(nil)
			return res.Error
		}
		return nil
	})
}

func fieldInLoop(db *gorm.DB, rows []string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		for range rows {
			if res := tx.Create(nil); res.Error != nil && !errors.Is(res.Error, errFull) {
				_ = send()
				return res.Error
			}
		}
		return nil
	})
}

type job struct {
	err  error
	name string
}

func (j *job) describe() string { return j.name }
func (j *job) recover()         { j.err = nil }
func (j *job) recoverDeep()     { j.recover() }

func (j *job) run(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		j.err = tx.Create(nil).Error
		if j.err != nil {
			_ = send()
			_ = j.describe() // changes other things at most
			j.name = ""
			return j.err
		}
		if j.err = tx.Create(nil).Error; isFull(j.err) {
			_ = send() // want `mail inside`
			j.recover()
			return j.err
		}
		if j.err = tx.Create(nil).Error; j.err != nil {
			_ = send() // want `mail inside`
			j.recoverDeep()
			return j.err
		}
		if j.err = tx.Create(nil).Error; j.err != nil {
			_ = send() // want `mail inside`
			j.err = tx.Create(nil).Error
			return j.err
		}
		if j.err = tx.Create(nil).Error; j.err != nil {
			_ = send() // want `mail inside`
			*j = job{}
			return j.err
		}
		return nil
	})
}

func rows(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	list, err := tx.Query("SELECT")
	if err != nil {
		return err
	}
	for list.Next() {
	}
	if list.Err() != nil {
		_ = send() // Err says the same again
		return list.Err()
	}
	if list.Err() != nil {
		_ = send() // want `mail inside`
		list.Next()
		return list.Err()
	}
	return tx.Commit()
}

func contexts(ctx context.Context, db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		select {
		case <-ctx.Done():
			_ = send() // then it has an error
			return ctx.Err()
		default:
			_ = tx
		}
		if ctx.Err() != nil {
			_ = sendIn(ctx) // it keeps it
			return context.Cause(ctx)
		}
		select {
		case <-make(chan int):
			_ = send() // want `mail inside`
			return ctx.Err()
		case <-ctx.Done():
			_ = send()
			return context.Cause(ctx)
		}
	})
}

func sendIn(context.Context) error { return send() }

func waited(ctx context.Context, db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if ctx.Err() == nil {
			_ = send() // want `mail inside`
			return ctx.Err()
		}
		<-ctx.Done()
		_ = send()
		return ctx.Err()
	})
}

func join(db *gorm.DB, xs []string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		var errs []error
		for _, x := range xs {
			if x == "" {
				errs = append(errs, errFull)
			}
		}
		if len(errs) > 0 {
			_ = send() // who counts errors keeps errors only
			return errors.Join(errs...)
		}
		if err := tx.Create(nil).Error; err != nil {
			_ = send()
			return errors.Join(nil, err)
		}
		return nil
	})
}

func joinCounted(db *gorm.DB, errs, others []error) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if len(errs) != 0 {
			_ = send()
			return errors.Join(errs...)
		}
		if len(others) == 0 {
			_ = send() // want `mail inside`
			return errors.Join(others...)
		}
		_ = send() // want `mail inside`
		return errors.Join(errs...)
	})
}

func codesOf(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		err := tx.Create(nil).Error
		if status.Code(err) == codes.NotFound {
			_ = send() // nil has the code OK
			return err
		}
		if status.Code(err) == codes.OK {
			_ = send() // want `mail inside`
			return err
		}
		return err
	})
}
