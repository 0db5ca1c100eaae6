package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocksql"
)

// An Outbox is an executor that writes effects as rows of the database that the transaction is in: they commit with the data or not
// at all, even if the process dies in between. A relay, here [Outbox.Relay], runs them afterwards, at least once.
type Outbox struct {
	db       *sql.DB
	registry *airlock.Registry
}

var _ interface {
	airlock.TxExecutor
	airlock.Preparer
} = (*Outbox)(nil)

// Open creates the table if it isn't there.
func Open(ctx context.Context, db *sql.DB, r *airlock.Registry) (*Outbox, error) {
	_, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, task TEXT, payload BLOB, headers TEXT)`)
	if err != nil {
		return nil, fmt.Errorf("create the outbox: %w", err)
	}
	return &Outbox{db: db, registry: r}, nil
}

// Prepare encodes the intent where it is enqueued, and refuses what can't travel.
func (o *Outbox) Prepare(_ context.Context, i *airlock.Intent) (any, error) {
	return o.registry.Message(i)
}

// ExecuteTx writes the intents inside the transaction that ctx carries.
func (o *Outbox) ExecuteTx(ctx context.Context, is []*airlock.Intent) []error {
	tx, ok := airlocksql.Tx(ctx)
	if !ok {
		return repeat(errors.New("the outbox needs a transaction of airlocksql"), len(is))
	}
	errs := make([]error, len(is))
	for n, i := range is {
		errs[n] = insert(ctx, tx, i)
	}
	return errs
}

// Execute writes an intent that was enqueued outside any transaction.
func (o *Outbox) Execute(ctx context.Context, i *airlock.Intent) error { return insert(ctx, o.db, i) }

// Relay runs what is in the outbox, oldest first, until it is empty or an effect fails; what has failed stays, with all that came
// after it. It returns how many left.
func (o *Outbox) Relay(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		seq, m, err := o.next(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if err := o.registry.Run(ctx, m); err != nil {
			return n, fmt.Errorf("%s: %w", m.Task, err)
		}
		if _, err := o.db.ExecContext(ctx, `DELETE FROM outbox WHERE seq = ?`, seq); err != nil {
			return n, err
		}
	}
}

func (o *Outbox) next(ctx context.Context) (seq int64, m airlock.Message, err error) {
	var headers []byte
	row := o.db.QueryRowContext(ctx, `SELECT seq, id, task, payload, headers FROM outbox ORDER BY seq LIMIT 1`)
	if err := row.Scan(&seq, &m.ID, &m.Task, &m.Payload, &headers); err != nil {
		return 0, m, err
	}
	return seq, m, json.Unmarshal(headers, &m.Headers)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// insert writes one row. The intent's ID is the key: an intent that was enqueued again after a failure is written once.
func insert(ctx context.Context, db execer, i *airlock.Intent) error {
	m, ok := i.Payload().(airlock.Message)
	if !ok {
		return fmt.Errorf("%s was not prepared by the outbox", i.Name())
	}
	headers, err := json.Marshal(m.Headers)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `INSERT INTO outbox (id, task, payload, headers) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, m.ID, m.Task, m.Payload, headers)
	return err
}

func repeat(err error, n int) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}
