// Package homemade: helpers of the user's own are found by what they do, not by name.
package homemade

import (
	"context"
	"database/sql"
	"net/http"
	"net/smtp"

	"xorm.io/xorm"

	"example.com/fixtures/noescape/transaction/homemade/store"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func closure(ctx context.Context, db *sql.DB) error {
	if err := store.Atomically(ctx, db, func(ctx context.Context) error {
		return send() // want `mail inside a database transaction: .*; the transaction that store.Atomically opened on line 18 with \(\*sql\.DB\)\.BeginTx may`
	}); err != nil {
		return err
	}
	return send() // after it
}

func wrapped(ctx context.Context, s *store.Store) error {
	return s.Do(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

func generic(ctx context.Context, db *sql.DB) (int, error) {
	return store.Get(ctx, db, func(tx *sql.Tx) (int, error) {
		return 1, send() // want `mail inside`
	})
}

func options(ctx context.Context, db *sql.DB) error {
	return store.Run(ctx, db, store.Options{Name: "order", Body: func(tx *sql.Tx) error {
		return send() // want `mail inside`
	}})
}

func pointerOptions(ctx context.Context, db *sql.DB) error {
	return store.RunWith(ctx, db, &store.Options{Body: func(tx *sql.Tx) error {
		return send() // want `mail inside`
	}})
}

func adapted(ctx context.Context, db *sql.DB) error {
	return store.Adapted(ctx, db, "order", func() error {
		return send() // want `mail inside`
	})
}

func opened(ctx context.Context, db *sql.DB) error {
	tx, err := store.Open(ctx, db)
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	return tx.Commit()
}

func inContext(ctx context.Context, db *sql.DB) error {
	ctx, err := store.Start(ctx, db)
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := store.Finish(ctx); err != nil {
		return err
	}
	return send() // finished
}

func plain(ctx context.Context, db *sql.DB) error {
	return store.Retry(ctx, func(ctx context.Context) error {
		return send() // Retry opens no transaction
	})
}

func outside(ctx context.Context, db *sql.DB) error {
	return store.Split(ctx, db,
		func(tx *sql.Tx) error {
			return send() // want `mail inside`
		},
		func() error {
			return send() // runs after the commit
		})
}

func middleware(db *sql.DB, mux *http.ServeMux) {
	mux.Handle("/", store.Transactional(db, http.HandlerFunc(handle)))
}

func handle(w http.ResponseWriter, r *http.Request) {
	_ = send() // want `mail inside`
}

func middlewareMade(db *sql.DB, mux *http.ServeMux) {
	mux.Handle("/", store.Middleware(db)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = send() // want `mail inside`
	})))
}

func wrapMade(ctx context.Context, db *sql.DB) error {
	wrap := store.Wrap(db)
	return wrap(func(ctx context.Context) error {
		return send() // want `mail inside`
	})(ctx)
}

// A router registers handlers, behind the middleware that was added before.
type router struct{ routes []http.Handler }

func (r *router) Use(mw ...func(http.Handler) http.Handler) {}
func (r *router) Get(path string, h http.HandlerFunc)       { r.routes = append(r.routes, h) }
func (r *router) Route(path string, fn func(r *router))     { fn(r) }

func registered(db *sql.DB, r *router) {
	r.Get("/public", func(w http.ResponseWriter, req *http.Request) {
		_ = send() // registered before the middleware was added
	})
	r.Use(store.Middleware(db))
	r.Get("/", func(w http.ResponseWriter, req *http.Request) {
		_ = send() // want `mail inside`
	})
	r.Route("/orders", func(r *router) {
		r.Get("/place", place)
	})
}

func place(w http.ResponseWriter, r *http.Request) {
	_ = send() // want `mail inside`
}

// local is a helper of this package.
func local(db *sql.DB, fn func(*sql.Tx) error) error {
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
	err = fn(tx)
	return err
}

func throughLocal(db *sql.DB) error {
	return local(db, func(tx *sql.Tx) error {
		return send() // want `mail inside`
	})
}

// nested runs its function in a transaction in a literal that something else calls.
func nested(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) error {
	return store.Retry(ctx, func(ctx context.Context) error {
		return local(db, func(tx *sql.Tx) error { return fn(tx) })
	})
}

func throughNested(ctx context.Context, db *sql.DB) error {
	return nested(ctx, db, func(tx *sql.Tx) error {
		return send() // want `mail inside`
	})
}

func sessions(e *xorm.Engine) error {
	plain, err := store.NewSession(e, false)
	if err != nil {
		return err
	}
	defer plain.Close()
	_ = send() // not in a transaction
	s, err := store.NewSession(e, true)
	if err != nil {
		return err
	}
	defer s.Close()
	_ = send() // want `mail inside`
	return s.Commit()
}

func committer(ctx context.Context, e *xorm.Engine) error {
	ctx, committer, err := store.TxContext(ctx, e)
	if err != nil {
		return err
	}
	defer committer.Close()
	_ = send() // want `mail inside`
	if err := committer.Commit(); err != nil {
		return err
	}
	return send() // committed
}

func curried(ctx context.Context, db *sql.DB) error {
	return store.WithTransaction(db, func(ctx context.Context) error {
		return send() // want `mail inside`
	})(ctx)
}

func throughInterface(q store.Querier) error {
	return q.InTx(func(q store.Querier) error {
		return send() // want `mail inside`
	})
}

func deferredDone(ctx context.Context, db *sql.DB) (err error) {
	tx, err := store.Open(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = store.Done(tx, err) }()
	return send() // want `mail inside`
}

func steps(ctx context.Context, db *sql.DB) error {
	return store.Steps(ctx, db, func(ctx context.Context) error {
		return send() // want `mail inside`
	}, func(ctx context.Context) error {
		return nil
	})
}

func ended(ctx context.Context, db *sql.DB) error {
	tx, done, err := store.Opening(ctx, db)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE orders SET paid = true")
	if err == nil {
		err = send() // want `mail inside`
	}
	if err := done(err); err != nil {
		return err
	}
	return send() // after the commit
}

func endedLater(ctx context.Context, db *sql.DB) (err error) {
	_, done, err := store.Opening(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = done(err) }()
	return send() // want `mail inside`
}

func committed(ctx context.Context, db *sql.DB) error {
	ctx, commit, err := store.Carrying(ctx, db)
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := commit(); err != nil {
		return err
	}
	return send() // after it
}

type recorder struct{ db *sql.DB }

func (r *recorder) record(ctx context.Context) error {
	_, err := r.db.ExecContext(ctx, "INSERT INTO log DEFAULT VALUES")
	return err
}

func (r *recorder) announce(ctx context.Context) error { return send() }

func listed(ctx context.Context, db *sql.DB, r *recorder) error {
	return store.Steps(ctx, db, r.record, r.announce) // want `mail inside a database transaction: listed → \(\*recorder\)\.announce → send`
}

// appended builds its list of steps one by one.
func appended(ctx context.Context, db *sql.DB, loud bool, more []string) error {
	steps := []func(ctx context.Context) error{func(ctx context.Context) error { return nil }}
	if loud {
		steps = append(steps, func(ctx context.Context) error {
			return send() // want `mail inside`
		})
	}
	for range more {
		steps = append(steps, func(ctx context.Context) error {
			return send() // want `mail inside`
		})
	}
	return store.Steps(ctx, db, steps...)
}

// batched puts its operations into a list that is run in a transaction.
func batched(ctx context.Context, db *sql.DB) error {
	var b store.Batch
	b.Add(func(tx *sql.Tx) error {
		return send() // want `mail inside`
	})
	b.OnRollback(func() {
		_ = send() // undone: not run on a path that commits
	})
	b.OnCommit(func() {
		_ = send() // after it
	})
	return b.Run(ctx, db)
}

// params has a function that callers of create fill in: it is theirs, and reported where they do.
type params struct{ after func() error }

func create(ctx context.Context, db *sql.DB, p params) error {
	return store.Atomically(ctx, db, func(ctx context.Context) error {
		return p.after()
	})
}

func creating(ctx context.Context, db *sql.DB) error {
	return create(ctx, db, params{after: func() error {
		return send() // want `mail inside`
	}})
}
