// Package store has a team's own ways to open a transaction.
package store

import (
	"context"
	"database/sql"
	"net/http"

	"xorm.io/xorm"
)

type key struct{}

// Atomically runs fn in a transaction that the context carries.
func Atomically(ctx context.Context, db *sql.DB, fn func(ctx context.Context) error) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			tx.Rollback()
			panic(p)
		}
		if err != nil {
			tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	return fn(context.WithValue(ctx, key{}, tx))
}

// Store is a wrapper of a wrapper.
type Store struct{ db *sql.DB }

// Do runs fn in a transaction.
func (s *Store) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	return Atomically(ctx, s.db, fn)
}

// Get runs fn in a transaction and returns its value.
func Get[T any](ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) (T, error)) (T, error) {
	var zero T
	tx, err := Open(ctx, db)
	if err != nil {
		return zero, err
	}
	v, err := fn(tx)
	if err != nil {
		tx.Rollback()
		return zero, err
	}
	return v, tx.Commit()
}

// Options hold what to run.
type Options struct {
	Name string
	Body func(tx *sql.Tx) error
}

// Run runs o.Body in a transaction.
func Run(ctx context.Context, db *sql.DB, o Options) error {
	tx, err := Open(ctx, db)
	if err != nil {
		return err
	}
	if err := o.Body(tx); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// RunWith runs o.Body in a transaction.
func RunWith(ctx context.Context, db *sql.DB, o *Options) error { return Run(ctx, db, *o) }

// Open returns an open transaction.
func Open(ctx context.Context, db *sql.DB) (*sql.Tx, error) { return db.BeginTx(ctx, nil) }

// Start returns a context that carries an open transaction.
func Start(ctx context.Context, db *sql.DB) (context.Context, error) {
	tx, err := Open(ctx, db)
	if err != nil {
		return nil, err
	}
	return context.WithValue(ctx, key{}, tx), nil
}

// Finish commits the context's transaction.
func Finish(ctx context.Context) error {
	tx, ok := ctx.Value(key{}).(*sql.Tx)
	if !ok {
		return nil
	}
	return tx.Commit()
}

// Retry calls fn until it succeeds.
func Retry(ctx context.Context, fn func(ctx context.Context) error) error {
	for {
		if err := fn(ctx); err == nil {
			return nil
		}
	}
}

// Split runs one function in a transaction, and the other when it has been committed.
func Split(ctx context.Context, db *sql.DB, in func(*sql.Tx) error, after func() error) error {
	tx, err := Open(ctx, db)
	if err != nil {
		return err
	}
	if err := in(tx); err != nil {
		tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return after()
}

// Transactional serves next in a transaction.
func Transactional(db *sql.DB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tx, err := db.Begin()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer tx.Rollback()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, tx)))
		tx.Commit()
	})
}

// Middleware serves what it wraps in a transaction.
func Middleware(db *sql.DB) func(next http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return Transactional(db, next) }
}

// Wrap runs what it wraps in a transaction.
func Wrap(db *sql.DB) func(next func(ctx context.Context) error) func(ctx context.Context) error {
	return func(next func(ctx context.Context) error) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if err := next(ctx); err != nil {
				return err
			}
			return tx.Commit()
		}
	}
}

// A Session is one of the database's, in a transaction or not.
type Session struct {
	*xorm.Session
	open bool
}

// NewSession returns a session, which is in a transaction if begin says so.
func NewSession(e *xorm.Engine, begin bool) (*Session, error) {
	s := &Session{Session: e.NewSession(), open: begin}
	if begin {
		if err := s.Begin(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// A Committer ends a transaction that a context carries.
type Committer interface {
	Commit() error
	Close() error
}

type outer struct{ Committer }

func (outer) Commit() error { return nil } // the outermost commits
func (outer) Close() error  { return nil }

// TxContext returns a context with an open transaction, and what ends it.
func TxContext(ctx context.Context, e *xorm.Engine) (context.Context, Committer, error) {
	if s, ok := ctx.Value(key{}).(*xorm.Session); ok {
		return ctx, outer{s}, nil
	}
	s := e.NewSession()
	if err := s.Begin(); err != nil {
		_ = s.Close()
		return nil, nil, err
	}
	return context.WithValue(ctx, key{}, s), s, nil
}

// WithTransaction returns a function that runs f in a transaction.
func WithTransaction(db *sql.DB, f func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := f(context.WithValue(ctx, key{}, tx)); err != nil {
			tx.Rollback()
			return err
		}
		return tx.Commit()
	}
}

// Querier is the database, in a transaction or not.
type Querier interface {
	InTx(fn func(Querier) error) error
}

type querier struct {
	db *sql.DB
	tx *sql.Tx
}

// New returns a Querier.
func New(db *sql.DB) Querier { return &querier{db: db} }

func (q *querier) InTx(fn func(Querier) error) error {
	if q.tx != nil {
		return fn(q)
	}
	tx, err := q.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(&querier{tx: tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// Done commits, or rolls back if there was an error.
func Done(tx *sql.Tx, err error) error {
	if err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Steps runs the steps in a transaction, one after the other.
func Steps(ctx context.Context, db *sql.DB, steps ...func(ctx context.Context) error) error {
	return Atomically(ctx, db, func(ctx context.Context) error {
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Opening returns a transaction, and the function that ends it.
func Opening(ctx context.Context, db *sql.DB) (tx *sql.Tx, done func(error) error, err error) {
	tx, err = db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(err error) error {
		if err != nil {
			tx.Rollback()
			return err
		}
		return tx.Commit()
	}, nil
}

// Carrying puts a transaction into the context, and returns what ends it.
func Carrying(ctx context.Context, db *sql.DB) (_ context.Context, commit func() error, _ error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return context.WithValue(ctx, key{}, tx), tx.Commit, nil
}

// Adapted runs fn in a transaction, wrapped in what another function makes.
func Adapted(ctx context.Context, db *sql.DB, name string, fn func() error) error {
	return Atomically(ctx, db, adapt(fn, func() {}))
}

func adapt(fn func() error, done func()) func(ctx context.Context) error {
	return func(context.Context) error {
		defer done()
		return fn()
	}
}

// A Batch is a list of operations, and what follows.
type Batch struct {
	ops        []func(tx *sql.Tx) error
	onRollback []func()
	onCommit   []func()
}

// Add adds an operation.
func (b *Batch) Add(op func(tx *sql.Tx) error) { b.ops = append(b.ops, op) }

// OnRollback adds what is to be done when the operations have failed.
func (b *Batch) OnRollback(fn func()) { b.onRollback = append(b.onRollback, fn) }

// OnCommit adds what is to be done when they have been committed.
func (b *Batch) OnCommit(fn func()) { b.onCommit = append(b.onCommit, fn) }

// Run runs the operations in a transaction.
func (b *Batch) Run(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, op := range b.ops {
		if err := op(tx); err != nil {
			for _, fn := range b.onRollback {
				fn()
			}
			tx.Rollback()
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, fn := range b.onCommit {
		fn()
	}
	return nil
}
