// Package ended: a transaction that a function ends was open before, wherever it came from.
package ended

import (
	"context"
	"database/sql"
	"errors"
	"net/smtp"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

type key struct{}

// Driver is what a transaction is here; who implements it is not in sight.
type Driver interface {
	Commit() error
	Rollback() error
}

// Creator makes one.
type Creator interface {
	Tx(ctx context.Context) (context.Context, Driver, error)
}

// manage ends the transaction that it is given, after what it was given to do.
func manage[R any](ctx context.Context, tx Driver, cb func(ctx context.Context) (R, error)) (R, error) {
	var zero R
	result, err := cb(ctx)
	if err != nil {
		return zero, errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return zero, err
	}
	return result, nil
}

// current is the transaction of the context, or a new one.
func current(ctx context.Context, c Creator) (context.Context, Driver, error) {
	if tx, ok := ctx.Value(key{}).(Driver); ok {
		return ctx, tx, nil
	}
	return c.Tx(ctx)
}

// Run runs cb in a transaction.
func Run[R any](ctx context.Context, c Creator, cb func(ctx context.Context) (R, error)) (R, error) {
	var zero R
	ctx, tx, err := current(ctx, c)
	if err != nil {
		return zero, err
	}
	return manage(context.WithValue(ctx, key{}, tx), tx, func(ctx context.Context) (R, error) { return cb(ctx) })
}

func valued(ctx context.Context, c Creator) (int, error) {
	return Run(ctx, c, func(ctx context.Context) (int, error) {
		return 1, send() // want `mail inside a database transaction: valued → send → net/smtp.SendMail; the transaction that ended.Run opened on line 58 with ended.manage may`
	})
}

// Do runs cb in a transaction.
func Do(ctx context.Context, c Creator, cb func(ctx context.Context) error) error {
	_, err := Run(ctx, c, func(ctx context.Context) (any, error) { return nil, cb(ctx) })
	return err
}

func assigned(ctx context.Context, c Creator) error {
	fn := func(ctx context.Context) error {
		return send() // want `mail inside`
	}
	if err := Do(ctx, c, fn); err != nil {
		return err
	}
	return send() // after it
}

// made is begun by a method that is in no sight and whose name says so.
func made(ctx context.Context, c Creator) error {
	_, tx, err := c.Tx(ctx)
	if err != nil {
		return err
	}
	if err := send(); err != nil { // want `mail inside`
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return send() // committed
}

// finish runs one function before it ends the transaction, and the other after.
func finish(tx *sql.Tx, before, after func() error) error {
	if err := before(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return after()
}

func finished(tx *sql.Tx) error {
	return finish(tx,
		func() error {
			return send() // want `mail inside`
		},
		func() error {
			return send() // runs after the commit
		})
}

// A Batch can be committed, and not be taken back: it is no transaction.
type Batch struct{ rows []string }

// Commit sends the rows away.
func (b *Batch) Commit() error { return nil }

func each(b *Batch, fn func(row string) error) error {
	for _, row := range b.rows {
		if err := fn(row); err != nil {
			return err
		}
	}
	return b.Commit()
}

func batched(b *Batch) error {
	return each(b, func(row string) error { return send() }) // in none
}

// A Backend returns what it has begun; how, is not in sight.
type Backend interface {
	Writer() (Driver, error)
}

type backend struct{ b Backend }

func (b *backend) writer() (Driver, error) { return b.b.Writer() }

// update resets what was done the last time, and runs fn in a transaction.
func (b *backend) update(fn func() error, reset func() error) error {
	if err := reset(); err != nil {
		return err
	}
	tx, err := b.writer()
	if err != nil {
		return err
	}
	if err := fn(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func updated(b *backend) error {
	return b.update(
		func() error {
			return send() // want `mail inside`
		},
		func() error {
			return send() // runs before it
		})
}

// eitherEnd calls what ends it, whichever that is.
func eitherEnd(ctx context.Context, db *sql.DB, ok bool) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	end := tx.Rollback
	if ok {
		end = tx.Commit
	}
	if err := send(); err != nil { // want `mail inside`
		return errors.Join(err, tx.Rollback())
	}
	if err := end(); err != nil {
		return err
	}
	return send() // after it
}

func sometimesEnd(ctx context.Context, db *sql.DB, ok bool) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	end := func() error { return nil }
	if ok {
		end = tx.Commit
	}
	if err := end(); err != nil {
		return err
	}
	_ = send() // want `mail inside`
	return tx.Commit()
}

func traced(name string, fn func() error) error {
	println(name)
	return fn()
}

func nothing() error { return nil }

type cleanup struct{ fns []func() error }

func (c *cleanup) add(fn func() error) { c.fns = append(c.fns, fn) }

func handedCommit(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	var c cleanup
	c.add(tx.Rollback) // is kept
	_ = send()         // want `mail inside`
	if err := traced("insert", nothing); err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := traced("commit", tx.Commit); err != nil {
		return err
	}
	return send() // after it
}
