package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocksql"
	"github.com/airlock-go/airlock/airlock/airlocktest"
)

func Example() {
	if err := run(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// bob's order: card declined
	// mail to ann@example.com: receipt of order 1
	// relayed: 1
}

func open(t *testing.T, tasks ...airlock.Handle) (*sql.DB, *Outbox) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "outbox.db")+"?_pragma=busy_timeout(60000)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r := airlock.NewRegistry()
	if err := r.Add(tasks...); err != nil {
		t.Fatal(err)
	}
	box, err := Open(t.Context(), db, r)
	if err != nil {
		t.Fatal(err)
	}
	return db, box
}

func rows(t *testing.T, db *sql.DB) int {
	t.Helper()
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM outbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConformance(t *testing.T) {
	airlocktest.TestExecutor(t, func(t *testing.T) (airlock.Executor, func()) {
		db, box := open(t, airlocktest.ProbeTask)
		return box, func() {
			for rows(t, db) > 0 { // what fails, or panics, is dropped: the suite counts runs
				if !relayed(t, box) {
					if _, err := db.Exec(`DELETE FROM outbox WHERE seq = (SELECT min(seq) FROM outbox)`); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	})
}

func relayed(t *testing.T, box *Outbox) (ok bool) {
	defer func() { ok = recover() == nil && ok }()
	_, err := box.Relay(context.WithoutCancel(t.Context()))
	return err == nil
}

// What is written is written inside the transaction: before the commit it is there for the transaction, and for nobody else.
func TestRowsCommitWithTheData(t *testing.T) {
	db, box := open(t, airlocktest.ProbeTask)
	attempts := 0
	transact := airlocksql.Transact(db, nil)
	retrying := func(ctx context.Context, fn func(context.Context) error) error {
		err := transact(ctx, fn)
		if attempts == 1 {
			err = transact(ctx, fn)
		}
		return err
	}
	err := airlock.InTx(t.Context(), retrying, func(ctx context.Context) error {
		attempts++
		if err := airlocktest.ProbeTask.Enqueue(ctx, airlocktest.Probe{Index: attempts}); err != nil {
			return err
		}
		if attempts == 1 {
			return errors.New("serialization failure")
		}
		return nil
	}, airlock.WithExecutor(box))
	if err != nil || attempts != 2 || rows(t, db) != 1 {
		t.Errorf("%v after %d attempts, %d rows; want one row of the second attempt", err, attempts, rows(t, db))
	}
}

// Both kinds in one scope: the outbox's intents are written before the commit, the others run after it.
func TestBothKindsInOneScope(t *testing.T) {
	db, box := open(t, airlocktest.ProbeTask)
	var seen []int
	count := func(context.Context, int) error { seen = append(seen, rows(t, db)); return nil }
	err := airlock.InTx(t.Context(), airlocksql.Transact(db, nil), func(ctx context.Context) error {
		return errors.Join(airlock.Enqueue(ctx, count, 0), airlocktest.ProbeTask.Enqueue(ctx, airlocktest.Probe{}, airlock.Via(box)))
	})
	if err != nil || !slices.Equal(seen, []int{1}) {
		t.Errorf("%v, the direct effect saw %v rows; want the row of the outbox, committed", err, seen)
	}
}

func TestOneRowThatFailsRollsAllBack(t *testing.T) {
	db, box := open(t, airlocktest.ProbeTask)
	if _, err := db.Exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY); CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END`); err != nil {
		t.Fatal(err)
	}
	err := airlock.InTx(t.Context(), airlocksql.Transact(db, nil), func(ctx context.Context) error {
		tx, _ := airlocksql.Tx(ctx)
		_, err := tx.ExecContext(ctx, `INSERT INTO orders (id) VALUES (1)`)
		return errors.Join(err, airlocktest.ProbeTask.Enqueue(ctx, airlocktest.Probe{}))
	}, airlock.WithExecutor(box))
	var orders int
	if scan := db.QueryRow(`SELECT count(*) FROM orders`).Scan(&orders); scan != nil || err == nil || errors.Is(err, airlock.ErrCommitted) || orders != 0 {
		t.Errorf("%v, %d orders, %v; want an error and no order", err, orders, scan)
	}
}
