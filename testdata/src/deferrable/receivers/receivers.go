// Package receivers: a method value carries its receiver.
package receivers

import (
	"context"
	"database/sql"
	"net/http"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

type txRepo struct {
	name string
	tx   *sql.Tx
}

func (r *txRepo) notify(ctx context.Context, id int) error { return nil }

type service struct {
	mu   sync.Mutex
	ctx  context.Context // the server's own
	db   *sql.DB
	stmt *sql.Stmt
	conn *sql.Conn // a dedicated one
	repo *repo
}

type repo struct{ db *sql.DB }

func (s *service) notify(ctx context.Context, id int) error { return nil }

func (s *service) flush(ctx context.Context) error { return nil }

func (s *service) place(ctx context.Context) {
	airlock.Enqueue(ctx, s.notify, 1)                                                              // a service lives on
	airlock.EnqueueFunc(ctx, "flush", s.flush)                                                     // a service lives on
	airlock.EnqueueFunc(ctx, "later", func(ctx context.Context) error { return s.notify(ctx, 1) }) // a service lives on
}

func inTx(ctx context.Context, tx *sql.Tx) {
	r := &txRepo{"orders", tx}
	airlock.Enqueue(ctx, r.notify, 1)       // want `its receiver.tx \(a transaction\)`
	_ = airlock.NewTask("notify", r.notify) // want `its receiver.tx \(a transaction\)`
}

type responder struct{ w http.ResponseWriter }

func (r responder) done(ctx context.Context) error { return nil }

func respond(ctx context.Context, w http.ResponseWriter) {
	airlock.EnqueueFunc(ctx, "done", responder{w}.done) // want `its receiver.w \(a response writer\)`
}

type job struct{ ctx context.Context }

func (j *job) run(ctx context.Context) error { return nil }

func outer(ctx context.Context) {
	j := &job{ctx}
	airlock.EnqueueFunc(ctx, "run", j.run) // want `its receiver \(an outer context\)`
}
