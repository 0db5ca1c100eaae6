// Package arguments: what an intent carries in its argument, through fields, pointers, slices and maps.
package arguments

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"

	"github.com/airlock-go/airlock/airlock"
)

func task[A any](context.Context, A) error { return nil }

type plain struct {
	ID    int
	Names []string
	next  *plain
}

type inTx struct {
	ID int
	tx *sql.Tx
}

type deep struct{ parts map[string][]*inTx }

type locked struct {
	mu sync.Mutex
	n  int
}

type shared struct{ mu *sync.Mutex }

type withContext struct{ ctx context.Context }

type service struct {
	mu sync.RWMutex
	db *sql.DB
}

func place(ctx context.Context, tx *sql.Tx, px pgx.Tx, rows *sql.Rows, r *http.Request, w http.ResponseWriter, c *gin.Context) {
	airlock.Enqueue(ctx, task[*sql.Tx], tx)                          // want `this intent carries its argument \(a transaction\), gone or changed when it is dispatched: hand it plain values instead`
	airlock.Enqueue(ctx, task[pgx.Tx], px)                           // want `its argument \(a transaction\)`
	airlock.Enqueue(ctx, task[*sql.Rows], rows)                      // want `its argument \(open rows\)`
	airlock.Enqueue(ctx, task[*http.Request], r)                     // want `its argument \(a request\)`
	airlock.Enqueue(ctx, task[http.ResponseWriter], w)               // want `its argument \(a response writer\)`
	airlock.Enqueue(ctx, task[*gin.Context], c)                      // want `its argument \(a pooled context\)`
	airlock.Enqueue(ctx, task[context.Context], ctx)                 // want `its argument \(an outer context\)`
	airlock.Enqueue(ctx, task[inTx], inTx{1, tx})                    // want `its argument.tx \(a transaction\)`
	airlock.Enqueue(ctx, task[*inTx], &inTx{1, tx})                  // want `its argument.tx \(a transaction\)`
	airlock.Enqueue(ctx, task[deep], deep{})                         // want `its argument.parts.tx \(a transaction\)`
	airlock.Enqueue(ctx, task[[]*sql.Tx], nil)                       // want `its argument \(a transaction\)`
	airlock.Enqueue(ctx, task[withContext], withContext{ctx})        // want `its argument.ctx \(an outer context\)`
	airlock.Enqueue(ctx, task[shared], shared{})                     // want `its argument.mu \(a lock\)`
	airlock.Enqueue(ctx, task[*sync.Mutex], new(sync.Mutex))         // want `its argument \(a lock\)`
	airlock.Enqueue(ctx, task[io.ReadCloser], r.Body)                // want `its argument \(a request's body\)`
	airlock.Enqueue(ctx, task[io.Reader], io.LimitReader(r.Body, 1)) // want `its argument \(a request's body\)`
	airlock.Enqueue(ctx, task[any], any(tx))                         // want `its argument \(a transaction\)`

	airlock.Enqueue(ctx, task[int], 1)                        // plain
	airlock.Enqueue(ctx, task[plain], plain{})                // plain
	airlock.Enqueue(ctx, task[*plain], &plain{})              // plain
	airlock.Enqueue(ctx, task[string], r.Header.Get("X"))     // a copy
	airlock.Enqueue(ctx, task[*service], &service{})          // a service's own lock and database
	airlock.Enqueue(ctx, task[*sql.DB], nil)                  // a database outlives transactions
	airlock.Enqueue(ctx, task[any], any(1))                   // plain
	airlock.Enqueue(ctx, task[http.Header], r.Header.Clone()) // a copy
}

var handle = airlock.NewTask("send", task[*inTx])

func handles(ctx context.Context, tx *sql.Tx) {
	handle.Enqueue(ctx, &inTx{1, tx}) // want `its argument.tx \(a transaction\)`
}

func value(ctx context.Context) {
	var l locked
	airlock.Enqueue(ctx, task[*locked], &l) // the lock travels with what it guards
}
