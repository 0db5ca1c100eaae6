// Package infeasible: what a callee does only for other arguments does not happen.
package infeasible

import (
	"context"
	"database/sql"
	"errors"
	"net/smtp"

	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func save(tx *gorm.DB, notify bool) error {
	if err := tx.Create(nil).Error; err != nil {
		return err
	}
	if notify {
		return send()
	}
	return nil
}

func flags(db *gorm.DB, notify bool) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := save(tx, false); err != nil { // notify is false
			return err
		}
		if err := save(tx, true); err != nil { // want `mail inside`
			return err
		}
		if notify {
			return nil
		}
		return save(tx, notify) // notify is false here
	})
}

type mode int

const (
	prepare mode = iota
	deliver
)

func step(tx *gorm.DB, m mode) error {
	if err := tx.Create(nil).Error; err != nil {
		return err
	} else if m == prepare {
		return nil
	}
	return send()
}

func modes(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := step(tx, prepare); err != nil { // prepares only
			return err
		}
		return step(tx, deliver) // want `mail inside`
	})
}

func saveQuietly(tx *gorm.DB) error { return save(tx, false) }

func throughWrapper(db *gorm.DB) error {
	return db.Transaction(saveQuietly)
}

// A Notification that has a row is mailed when the row has been committed.
type Notification interface{ Row() any }

type stored struct{}

func (stored) Row() any { return "row" }

type unstored struct{}

func (unstored) Row() any { return nil }

func insert(tx *gorm.DB, n Notification) (later bool, err error) {
	row := n.Row()
	if row == nil {
		return false, nil
	}
	if tx != nil {
		err = tx.Create(row).Error
		return err == nil, err // the flag and the error say the same
	}
	return true, nil
}

func notify(tx *gorm.DB, n Notification) error {
	later, err := insert(tx, n)
	if err != nil || later {
		return err
	}
	return send()
}

func notifyAll(tx *gorm.DB, ns ...Notification) error {
	for range ns {
		if err := notifyOne(tx, stored{}); err != nil {
			return err
		}
	}
	return nil
}

func notifyOne(tx *gorm.DB, n Notification) error { return notify(tx, n) }

func throughCallees(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := notifyAll(tx); err != nil { // it gives notify what has a row
			return err
		}
		if err := notifyOne(tx, stored{}); err != nil { // as here
			return err
		}
		return notifyOne(tx, unstored{}) // want `mail inside`
	})
}

func byType(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := notify(tx, stored{}); err != nil { // its Row is never nil
			return err
		}
		return notify(tx, unstored{}) // want `mail inside`
	})
}

func do(ctx context.Context, db *sql.DB, fn func(ctx context.Context) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(ctx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func maybe(ctx context.Context, db *sql.DB, inTx bool, fn func(ctx context.Context) error) error {
	if !inTx {
		return fn(ctx)
	}
	return do(ctx, db, fn)
}

// begins does so itself.
func begins(ctx context.Context, db *sql.DB, inTx bool, fn func(ctx context.Context) error) error {
	if inTx {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Commit()
	}
	return fn(ctx)
}

// adapts hands on a literal.
func adapts(ctx context.Context, db *gorm.DB, inTx bool, fn func(ctx context.Context) error) error {
	if !inTx {
		return fn(ctx)
	}
	return db.Transaction(func(tx *gorm.DB) error { return fn(ctx) })
}

// through hands on the flag.
func through(ctx context.Context, db *sql.DB, inTx bool, fn func(ctx context.Context) error) error {
	return maybe(ctx, db, inTx, fn)
}

// always does, whatever it is given.
func always(ctx context.Context, db *sql.DB, inTx bool, fn func(ctx context.Context) error) error {
	if !inTx {
		return do(ctx, db, fn)
	}
	return maybe(ctx, db, inTx, fn)
}

func helpersWithFlags(ctx context.Context, db *sql.DB, g *gorm.DB, flag bool) {
	outside := func(ctx context.Context) error { return send() }      // there is no transaction for false
	inside := func(ctx context.Context) error { return send() }       // want `mail inside`
	insideBegun := func(ctx context.Context) error { return send() }  // want `mail inside`
	insideAdapt := func(ctx context.Context) error { return send() }  // want `mail inside`
	insideHanded := func(ctx context.Context) error { return send() } // want `mail inside`
	insideAlways := func(ctx context.Context) error { return send() } // want `mail inside`
	insideEither := func(ctx context.Context) error { return send() } // want `mail inside`
	_ = maybe(ctx, db, false, outside)
	_ = begins(ctx, db, false, outside)
	_ = adapts(ctx, g, false, outside)
	_ = through(ctx, db, false, outside)
	_ = maybe(ctx, db, true, inside)
	_ = begins(ctx, db, true, insideBegun)
	_ = adapts(ctx, g, true, insideAdapt)
	_ = through(ctx, db, true, insideHanded)
	_ = always(ctx, db, false, insideAlways)
	_ = maybe(ctx, db, flag, insideEither)
}

type propagation int

const (
	required propagation = iota
	requiresNew
	notSupported
	never
)

func propagate(ctx context.Context, db *sql.DB, p propagation, fn func(ctx context.Context) error) error {
	switch p {
	case notSupported, never:
		return fn(ctx)
	case requiresNew:
		return do(ctx, db, fn)
	}
	return do(ctx, db, fn)
}

func propagations(ctx context.Context, db *sql.DB) {
	outside := func(ctx context.Context) error { return send() }   // for these there is none
	inside := func(ctx context.Context) error { return send() }    // want `mail inside`
	insideNew := func(ctx context.Context) error { return send() } // want `mail inside`
	_ = propagate(ctx, db, notSupported, outside)
	_ = propagate(ctx, db, never, outside)
	_ = propagate(ctx, db, required, inside)
	_ = propagate(ctx, db, requiresNew, insideNew)
}

func optional(ctx context.Context, db *sql.DB, fn func(ctx context.Context) error) error {
	if db == nil {
		return fn(ctx)
	}
	return do(ctx, db, fn)
}

func databases(ctx context.Context, db *sql.DB) {
	_ = optional(ctx, nil, func(ctx context.Context) error { return send() }) // of no database
	_ = optional(ctx, db, func(ctx context.Context) error { return send() })  // want `mail inside`
}

type options struct{ NoTx, InTx bool }

func without(ctx context.Context, db *sql.DB, o options, fn func(ctx context.Context) error) error {
	if o.NoTx {
		return fn(ctx)
	}
	return do(ctx, db, fn)
}

func with(ctx context.Context, db *sql.DB, o *options, fn func(ctx context.Context) error) error {
	if o.InTx {
		return do(ctx, db, fn)
	}
	return fn(ctx)
}

func byOptions(ctx context.Context, db *sql.DB, o options) {
	_ = without(ctx, db, options{NoTx: true}, func(ctx context.Context) error { return send() })  // as the option says
	_ = without(ctx, db, options{NoTx: false}, func(ctx context.Context) error { return send() }) // want `mail inside`
	_ = without(ctx, db, options{}, func(ctx context.Context) error { return send() })            // want `mail inside`
	_ = without(ctx, db, o, func(ctx context.Context) error { return send() })                    // want `mail inside`
	_ = with(ctx, db, &options{}, func(ctx context.Context) error { return send() })              // as the option's zero value says
	_ = with(ctx, db, &options{InTx: true}, func(ctx context.Context) error { return send() })    // want `mail inside`
	_ = with(ctx, db, &o, func(ctx context.Context) error { return send() })                      // want `mail inside`
	set := options{}
	set.InTx = true
	_ = with(ctx, db, &set, func(ctx context.Context) error { return send() }) // want `mail inside`
}

// publish writes a row where it is given a transaction, and sends at once where it is not.
func publish(ctx context.Context, tx *sql.Tx, e string) error {
	if tx != nil {
		_, err := tx.ExecContext(ctx, "INSERT INTO outbox VALUES ($1)", e)
		return err
	}
	return send()
}

type execer interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
}

// publishOn does so by the type.
func publishOn(ctx context.Context, ex execer, e string) error {
	switch x := ex.(type) {
	case *sql.Tx, *Stmt:
		_, err := ex.ExecContext(ctx, "INSERT INTO outbox VALUES ($1)", e)
		return err
	case *sql.Conn:
		_, err := x.ExecContext(ctx, "INSERT INTO outbox VALUES ($1)", e)
		return err
	default:
		return send()
	}
}

func publishAsserted(ctx context.Context, ex execer, e string) error {
	if tx, ok := ex.(*sql.Tx); ok {
		_, err := tx.ExecContext(ctx, "INSERT INTO outbox VALUES ($1)", e)
		return err
	}
	return send()
}

// handOn hands on what it is given.
func handOn(ctx context.Context, ex execer) error { return publishOn(ctx, ex, "x") }

func handOnWhole(ctx context.Context, tx *sql.Tx) error { return publish(ctx, tx, "x") }

// sendOn sends where it is given a transaction.
func sendOn(ctx context.Context, ex execer) error {
	if _, ok := ex.(*sql.Tx); ok {
		return send()
	}
	return nil
}

func (*Stmt) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	return nil, nil
}

// A Stmt is no transaction.
type Stmt struct{}

func outboxes(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := publish(ctx, tx, "x"); err != nil { // tx is not nil
		return err
	}
	if err := publishOn(ctx, tx, "x"); err != nil { // and of its type
		return err
	}
	if err := publishAsserted(ctx, tx, "x"); err != nil {
		return err
	}
	if err := errors.Join(handOn(ctx, tx), handOnWhole(ctx, tx)); err != nil {
		return err
	}
	if err := publish(ctx, nil, "x"); err != nil { // want `mail inside`
		return err
	}
	if err := publishOn(ctx, db, "x"); err != nil { // want `mail inside`
		return err
	}
	if err := publishAsserted(ctx, &Stmt{}, "x"); err != nil { // want `mail inside`
		return err
	}
	if err := handOn(ctx, db); err != nil { // want `mail inside`
		return err
	}
	if err := sendOn(ctx, db); err != nil { // db is none
		return err
	}
	if err := sendOn(ctx, tx); err != nil { // want `mail inside`
		return err
	}
	return tx.Commit()
}

func outboxesHanded(ctx context.Context, db *gorm.DB, other *sql.Tx) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := saveWith(tx); err != nil { // tx is not nil
			return err
		}
		return publish(ctx, other, "x") // want `mail inside`
	})
}

func saveWith(tx *gorm.DB) error {
	if tx == nil {
		return send()
	}
	return tx.Create(nil).Error
}

// A TxFunc is named for transactions: where nothing is known of one, the name of the parameter decides.
type TxFunc func(ctx context.Context, fn func(ctx context.Context) error) error

func noTx(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

func quiet(ctx context.Context, tx TxFunc, fn func(ctx context.Context) error) error {
	if err := tx(ctx, fn); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return nil
}

func quietly(ctx context.Context, tx TxFunc, fn func(ctx context.Context) error) error {
	return quiet(ctx, tx, fn)
}

func quietAdapted(ctx context.Context, tx TxFunc, fn func(ctx context.Context) error) error {
	return tx(ctx, func(ctx context.Context) error { return fn(ctx) })
}

type store struct{ db *sql.DB }

func (s *store) do(ctx context.Context, fn func(ctx context.Context) error) error {
	return do(ctx, s.db, fn)
}

func (s *store) plain(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

func knownFunctions(ctx context.Context, s *store, db *sql.DB, g *gorm.DB, given TxFunc) {
	outside := func(ctx context.Context) error { return send() }       // the function handed in opens none
	inside := func(ctx context.Context) error { return send() }        // want `mail inside`
	insideLiteral := func(ctx context.Context) error { return send() } // want `mail inside`
	insideHanded := func(ctx context.Context) error { return send() }  // want `mail inside`
	insideAdapted := func(ctx context.Context) error { return send() } // want `mail inside`
	insideUnknown := func(ctx context.Context) error { return send() } // want `the transaction that infeasible.quietly opened on line \d+ with tx, by its name, may still roll back`
	_ = quiet(ctx, noTx, outside)
	_ = quiet(ctx, s.plain, outside)
	_ = quietly(ctx, noTx, outside)
	_ = quietAdapted(ctx, noTx, outside)
	_ = quiet(ctx, func(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }, outside)
	_ = quiet(ctx, s.do, inside)
	_ = quiet(ctx, func(ctx context.Context, fn func(ctx context.Context) error) error { return do(ctx, db, fn) }, insideLiteral)
	_ = quietly(ctx, s.do, insideHanded)
	_ = quietAdapted(ctx, s.do, insideAdapted)
	_ = quietly(ctx, given, insideUnknown)
}
