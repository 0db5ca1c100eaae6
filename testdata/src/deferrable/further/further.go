// Package further has shapes of intents as they are made in real code.
package further

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type store struct {
	db *sql.DB
	mu sync.Mutex
}

type repo struct{ tx *sql.Tx }

func (r *repo) touch(ctx context.Context, id int) error {
	_, err := r.tx.ExecContext(ctx, "", id)
	return err
}

func (s *store) touch(ctx context.Context, id int) error {
	_, err := s.db.ExecContext(ctx, "", id)
	return err
}

// A method of what lives on.
func serviceMethod(ctx context.Context, s *store) error { return airlock.Enqueue(ctx, s.touch, 1) }

// A method of what ends with the transaction.
func transactionMethod(ctx context.Context, tx *sql.Tx) error {
	r := &repo{tx}
	return airlock.Enqueue(ctx, r.touch, 1) // want `transaction`
}

func throughLiteral(ctx context.Context, tx *sql.Tx) error {
	r := repo{tx}
	return airlock.EnqueueFunc(ctx, "touch", func(ctx context.Context) error { return r.touch(ctx, 1) }) // want `transaction`
}

func inTransaction(ctx context.Context, db *sql.DB) error {
	return withTx(ctx, db, func(tx *sql.Tx) error {
		return airlock.EnqueueFunc(ctx, "touch", func(ctx context.Context) error { // want `transaction`
			_, err := tx.ExecContext(ctx, "")
			return err
		})
	})
}

func withTx(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func idOfRow(ctx context.Context, rows *sql.Rows) error {
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if err := airlock.EnqueueFunc(ctx, "touch", func(context.Context) error { return use(id) }); err != nil { // a variable of this turn
			return err
		}
	}
	return rows.Err()
}

func rowsThemselves(ctx context.Context, rows *sql.Rows) error {
	return airlock.EnqueueFunc(ctx, "touch", func(context.Context) error { // want `rows`
		for rows.Next() {
		}
		return rows.Err()
	})
}

func partsOfRequest(w http.ResponseWriter, r *http.Request) {
	path, header, ctx := r.URL.Path, r.Header.Clone(), r.Context()
	_ = airlock.EnqueueFunc(ctx, "log", func(context.Context) error { return use(path, header) }) // copies
}

func requestItself(w http.ResponseWriter, r *http.Request) {
	_ = airlock.EnqueueFunc(r.Context(), "log", func(context.Context) error { return use(r.URL.Path) }) // want `request`
}

func writerItself(w http.ResponseWriter, r *http.Request) {
	_ = airlock.EnqueueFunc(r.Context(), "log", func(context.Context) error { // want `response writer`
		_, err := io.WriteString(w, "done")
		return err
	})
}

func body(w http.ResponseWriter, r *http.Request) {
	in := bufio.NewReader(r.Body)
	_ = airlock.EnqueueFunc(r.Context(), "read", func(context.Context) error { // want `body`
		_, err := in.ReadString('\n')
		return err
	})
}

func bodyRead(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	in := bytes.NewReader(b)
	_ = airlock.EnqueueFunc(r.Context(), "read", func(context.Context) error { return use(in) }) // read to its end
}

func decoded(w http.ResponseWriter, r *http.Request) {
	var order struct{ ID int }
	if err := json.NewDecoder(r.Body).Decode(&order); err != nil {
		return
	}
	_ = airlock.EnqueueFunc(r.Context(), "place", func(context.Context) error { return use(order.ID) })
}

func counted(ctx context.Context, items []string) error {
	n := 0
	for range items {
		n++
	}
	return airlock.EnqueueFunc(ctx, "count", func(context.Context) error { return use(n) }) // written before
}

func countedLater(ctx context.Context, items []string) error {
	n := 0
	err := airlock.EnqueueFunc(ctx, "count", func(context.Context) error { return use(n) }) // want `n`
	for range items {
		n++
	}
	return err
}

func inLoop(ctx context.Context, items []string) error {
	for i, item := range items {
		if err := airlock.EnqueueFunc(ctx, "one", func(context.Context) error { return use(i, item) }); err != nil { // variables of this turn
			return err
		}
	}
	return nil
}

func sharedAcrossTurns(ctx context.Context, items []string) error {
	var last string
	for _, item := range items {
		last = item
		if err := airlock.EnqueueFunc(ctx, "last", func(context.Context) error { return use(last) }); err != nil { // want `last`
			return err
		}
	}
	return nil
}

func resultOfIntent(ctx context.Context) (err error) {
	var sent bool
	err = airlock.EnqueueFunc(ctx, "send", func(context.Context) error { // what it writes is its own business
		sent = true
		return use(sent)
	})
	return err
}

func locked(ctx context.Context, s *store) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return airlock.EnqueueFunc(ctx, "count", func(context.Context) error { // the service's own lock
		s.mu.Lock()
		defer s.mu.Unlock()
		return nil
	})
}

func ownLock(ctx context.Context) error {
	var mu sync.Mutex
	return airlock.EnqueueFunc(ctx, "count", func(context.Context) error { // want `lock`
		mu.Lock()
		defer mu.Unlock()
		return nil
	})
}

func builder(ctx context.Context, items []string) error {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(item)
	}
	text := b.String()
	return airlock.EnqueueFunc(ctx, "send", func(context.Context) error { return use(text) })
}

func valueOfContext(ctx context.Context) error {
	user := ctx.Value("user")
	return airlock.EnqueueFunc(ctx, "send", func(context.Context) error { return use(user) })
}

func deadline(ctx context.Context) error {
	ctx2, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return airlock.EnqueueFunc(ctx, "send", func(context.Context) error { return use(ctx2) }) // want `outer context`
}

func shadowed(ctx context.Context) error {
	return airlock.EnqueueFunc(ctx, "send", func(ctx context.Context) error { // its own
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return use(ctx)
	})
}

type message struct {
	To   string
	Opts []func()
}

type event struct {
	Name string
	At   time.Time
	Err  error
	Data map[string]any
	raw  chan int
}

func sendMessage(context.Context, message) error { return nil }

func sendEvent(context.Context, event) error { return nil }

var (
	_ = airlock.NewTask("message", sendMessage) // want `func|encode`
	_ = airlock.NewTask("event", sendEvent)     // unexported fields are left out, interfaces may hold anything
)

// A helper enqueues what it is given.
func later(ctx context.Context, name string, fn func(context.Context) error) error {
	return airlock.EnqueueFunc(ctx, name, fn)
}

func throughHelper(ctx context.Context, tx *sql.Tx) error {
	return later(ctx, "touch", func(ctx context.Context) error { // want `transaction`
		_, err := tx.ExecContext(ctx, "")
		return err
	})
}

func laterStill(ctx context.Context, fn func(context.Context) error) error {
	return later(ctx, "still", fn)
}

func throughTwoHelpers(ctx context.Context, tx *sql.Tx) error {
	return laterStill(ctx, func(ctx context.Context) error { // want `transaction`
		_, err := tx.ExecContext(ctx, "")
		return err
	})
}

func generic[T any](ctx context.Context, v T, fn func(context.Context, T) error) error {
	return airlock.EnqueueFunc(ctx, "generic", func(ctx context.Context) error { return fn(ctx, v) })
}

func genericTransaction(ctx context.Context, tx *sql.Tx) error {
	return generic(ctx, tx, func(context.Context, *sql.Tx) error { return nil }) // want `transaction`
}

// A helper wraps what it is given.
func laterLogged(ctx context.Context, fn func(context.Context) error) error {
	return airlock.EnqueueFunc(ctx, "logged", func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return use(err)
		}
		return nil
	})
}

func throughWrapper(w http.ResponseWriter, r *http.Request) {
	_ = laterLogged(r.Context(), func(context.Context) error { return use(r.URL.Path) }) // want `request`
	path := r.URL.Path
	_ = laterLogged(r.Context(), func(context.Context) error { return use(path) }) // a copy
}

func genericPlain(ctx context.Context) error {
	return generic(ctx, 1, func(context.Context, int) error { return nil })
}

func reported(ctx context.Context) error {
	return airlock.EnqueueFunc(ctx, "once", func(context.Context) error { return use(ctx) }) // want `outer context`
}

func reportedThere(ctx context.Context) error { return reported(ctx) }
