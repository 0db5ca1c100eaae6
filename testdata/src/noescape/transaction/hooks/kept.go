package hooks

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
)

type key struct{}

// A list is carried by the context of a transaction.
type list struct{ after []func(context.Context) }

// afterCommit keeps fn until the commit, or calls it where there is none to wait for.
func afterCommit(ctx context.Context, fn func(context.Context)) {
	l, ok := ctx.Value(key{}).(*list)
	if !ok {
		fn(ctx)
		return
	}
	l.after = append(l.after, fn)
}

// afterward keeps what calls fn.
func afterward(ctx context.Context, fn func() error) error {
	if l, ok := ctx.Value(key{}).(*list); ok {
		l.after = append(l.after, func(context.Context) { _ = fn() })
		return nil
	}
	return fn()
}

// publish hands what publishes to afterCommit.
func publish(ctx context.Context, topic string) {
	afterCommit(ctx, func(context.Context) { _ = send() })
}

// deferring runs fn in a transaction, and then what was kept.
func deferring(ctx context.Context, db *sql.DB, fn func(ctx context.Context) error) error {
	l := &list{}
	err := within(db, func(*sql.Tx, *hooks) error { return fn(context.WithValue(ctx, key{}, l)) })
	if err != nil {
		return err
	}
	for _, f := range l.after {
		f(ctx)
	}
	return nil
}

func kept(ctx context.Context, db *sql.DB) error {
	return deferring(ctx, db, func(ctx context.Context) error {
		afterCommit(ctx, func(ctx context.Context) { _ = send() }) // kept, inside
		publish(ctx, "ordered")
		return afterward(ctx, send)
	})
}

// twice keeps fn for later, and calls it now.
func twice(l *list, fn func(context.Context)) {
	l.after = append(l.after, fn)
	fn(context.Background())
}

func notKept(ctx context.Context, db *bun.DB, l *list) error {
	return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		twice(l, func(ctx context.Context) { _ = send() }) // want `mail inside`
		return nil
	})
}

// A Work calls what it was given when it has been committed.
type Work struct {
	tx    *sql.Tx
	after []func()
	then  func() error
}

func begin(db *sql.DB, then func() error) (*Work, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Work{tx: tx, then: then}, nil
}

func (w *Work) OnCommit(fn func()) { w.after = append(w.after, fn) }

func (w *Work) Commit() error {
	if err := w.tx.Commit(); err != nil {
		return err
	}
	for _, fn := range w.after {
		fn()
	}
	return w.then()
}

// A List calls what it was given, each on a goroutine of its own, when it has been committed.
type List struct {
	tx    *sql.Tx
	after []func()
}

func (l *List) OnCommit(fn func()) { l.after = append(l.after, fn) }

func (l *List) Commit() error {
	if err := l.tx.Commit(); err != nil {
		return err
	}
	for _, fn := range l.after {
		start(fn)
	}
	return nil
}

func start(fn func()) {
	go func() {
		defer func() { _ = recover() }()
		fn()
	}()
}

func listed(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	l := &List{tx: tx}
	l.OnCommit(func() { _ = send() })
	return l.Commit()
}

func worked(db *sql.DB) error {
	w, err := begin(db, send)
	if err != nil {
		return err
	}
	w.OnCommit(func() { _ = send() })
	return w.Commit() // calls both when it has committed
}

// A Unit is implemented by what dispatches when it has committed.
type Unit interface {
	Begin(ctx context.Context) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

type unit struct {
	db *sql.DB
	tx *sql.Tx
}

func (u *unit) Begin(ctx context.Context) (err error) {
	u.tx, err = u.db.BeginTx(ctx, nil)
	return err
}

func (u *unit) Rollback(context.Context) error { return u.tx.Rollback() }

func (u *unit) Commit(context.Context) error {
	if err := u.tx.Commit(); err != nil {
		return err
	}
	return send()
}

func throughUnit(ctx context.Context, u Unit) error {
	if err := u.Begin(ctx); err != nil {
		return err
	}
	return u.Commit(ctx) // sends when it has committed
}

// An eager one dispatches before.
type eager struct{ tx *sql.Tx }

func (e *eager) Commit() error {
	if err := send(); err != nil {
		return err
	}
	return e.tx.Commit()
}

func early(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	e := &eager{tx}
	return e.Commit() // want `mail inside`
}
