// Package closures: what a literal captures.
package closures

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type order struct {
	ID int
	tx *sql.Tx
}

func outer(ctx context.Context) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(ctx) })     // want `this intent carries ctx \(an outer context\)`
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return use(ctx) }) // its own
}

func derived(ctx context.Context) {
	child, cancel := context.WithCancel(ctx)
	defer cancel()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(child) }) // want `child \(an outer context\)`
}

func transaction(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { // want `tx \(a transaction\)`
		_, err := tx.ExecContext(ctx, "")
		return err
	})
	airlock.EnqueueFunc(ctx, "b", func(ctx context.Context) error { // a database outlives transactions
		_, err := db.ExecContext(ctx, "")
		return err
	})
	return tx.Commit()
}

func several(ctx context.Context, tx *sql.Tx, rows *sql.Rows) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(tx, rows) }) // want `tx \(a transaction\), rows \(open rows\)`
}

func field(ctx context.Context, o *order) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.ID) }) // want `o.tx \(a transaction\)`
	id := o.ID
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(id) }) // a copy
}

func handler(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(r.URL) }) // want `r \(a request\)`
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error {                      // want `w \(a response writer\)`
		w.WriteHeader(200)
		return nil
	})
	body := r.Body
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return body.Close() }) // want `body \(a request's body\)`
	dec := json.NewDecoder(r.Body)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return dec.Decode(new(int)) }) // want `dec \(a request's body\)`
	path := r.URL.Path
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(path) }) // a copy
}

func frameworks(c *gin.Context, e echo.Context, f *fiber.Ctx) {
	airlock.EnqueueFunc(c, "a", func(context.Context) error { return use(c.Param("id")) })  // want `c \(a pooled context\)`
	airlock.EnqueueFunc(c, "a", func(context.Context) error { return use(e.Param("id")) })  // want `e \(a pooled context\)`
	airlock.EnqueueFunc(c, "a", func(context.Context) error { return use(f.Params("id")) }) // want `f \(a pooled context\)`
	id := c.Param("id")
	airlock.EnqueueFunc(c, "a", func(context.Context) error { return use(id) }) // a copy
}

func lock(ctx context.Context) {
	var mu sync.Mutex
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { // want `mu \(a lock\)`
		mu.Lock()
		defer mu.Unlock()
		return nil
	})
}

func nested(ctx context.Context, tx *sql.Tx) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { // want `tx \(a transaction\)`
		return func() error { return use(tx) }()
	})
}

func variable(ctx context.Context, tx *sql.Tx) {
	later := func(context.Context) error { return use(tx) }
	airlock.EnqueueFunc(ctx, "a", later) // want `tx \(a transaction\)`
}

func withArgument(ctx context.Context, tx *sql.Tx) {
	airlock.Enqueue(ctx, func(_ context.Context, id int) error { return use(tx, id) }, 1) // want `tx \(a transaction\)`
}

func declared(ctx context.Context, tx *sql.Tx) {
	airlock.Enqueue(ctx, send, 1) // captures nothing
}

func send(context.Context, int) error { return nil }

func made(tx *sql.Tx) func(context.Context) error {
	return func(context.Context) error { return use(tx) }
}

func factory(ctx context.Context, tx *sql.Tx) {
	airlock.EnqueueFunc(ctx, "a", made(tx)) // want `its function \(a transaction\)`
}
