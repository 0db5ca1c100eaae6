package airlocksql_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocksql"
)

// A server is a database that keeps a log of what it is told.
type server struct {
	log       []string
	commitErr error
	beginErr  error
}

func (s *server) Connect(context.Context) (driver.Conn, error) { return &conn{s}, nil }
func (s *server) Driver() driver.Driver                        { return nil }
func (s *server) say(word string)                              { s.log = append(s.log, word) }

type conn struct{ *server }

func (c *conn) Prepare(string) (driver.Stmt, error) { return nil, errors.ErrUnsupported }
func (c *conn) Close() error                        { return nil }
func (c *conn) Begin() (driver.Tx, error)           { return nil, errors.ErrUnsupported }
func (c *conn) BeginTx(_ context.Context, o driver.TxOptions) (driver.Tx, error) {
	if c.beginErr != nil {
		return nil, c.beginErr
	}
	if o.ReadOnly {
		c.say("begin read only")
	} else {
		c.say("begin")
	}
	return c, nil
}
func (c *conn) Commit() error   { c.say("commit"); return c.commitErr }
func (c *conn) Rollback() error { c.say("rollback"); return nil }
func (c *conn) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	c.say(query)
	return driver.RowsAffected(1), nil
}

func open(t *testing.T) (*server, *sql.DB) {
	t.Helper()
	s := new(server)
	db := sql.OpenDB(s)
	t.Cleanup(func() { db.Close() })
	return s, db
}

func exec(ctx context.Context, query string) error {
	tx, ok := airlocksql.Tx(ctx)
	if !ok {
		return errors.New("no transaction in the context")
	}
	_, err := tx.ExecContext(ctx, query)
	return err
}

// send is an effect that the server's log hears of too, so that the log tells the order of all.
func (s *server) send(_ context.Context, what string) error { s.say("send " + what); return nil }

var errDeclined = errors.New("declined")

func TestEffectsLeaveAfterTheCommit(t *testing.T) {
	s, db := open(t)
	err := airlock.InTx(t.Context(), airlocksql.Transact(db, nil), func(ctx context.Context) error {
		return errors.Join(exec(ctx, "insert"), airlock.Enqueue(ctx, s.send, "mail"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"begin", "insert", "commit", "send mail"}, s.log); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestEffectsDieWithTheTransaction(t *testing.T) {
	place := func(s *server, end func() error) func(context.Context) error {
		return func(ctx context.Context) error {
			return errors.Join(airlock.Enqueue(ctx, s.send, "mail"), end())
		}
	}
	t.Run("error", func(t *testing.T) {
		s, db := open(t)
		err := airlock.InTx(t.Context(), airlocksql.Transact(db, nil), place(s, func() error { return errDeclined }))
		if !errors.Is(err, errDeclined) || !slices.Equal(s.log, []string{"begin", "rollback"}) {
			t.Errorf("err %v, log %q", err, s.log)
		}
	})
	t.Run("panic", func(t *testing.T) {
		s, db := open(t)
		defer func() {
			if p := recover(); p != errDeclined || !slices.Equal(s.log, []string{"begin", "rollback"}) {
				t.Errorf("recovered %v, log %q; want the closure's own panic after a rollback", p, s.log)
			}
		}()
		airlock.InTx(t.Context(), airlocksql.Transact(db, nil), place(s, func() error { panic(errDeclined) }))
	})
	t.Run("commit", func(t *testing.T) {
		s, db := open(t)
		s.commitErr = errors.New("connection reset")
		err := airlock.InTx(t.Context(), airlocksql.Transact(db, nil), place(s, func() error { return nil }))
		if !errors.Is(err, airlock.ErrInDoubt) || !errors.Is(err, s.commitErr) || slices.Contains(s.log, "send mail") {
			t.Errorf("err %v, log %q; want ErrInDoubt and nothing sent", err, s.log)
		}
	})
	t.Run("begin", func(t *testing.T) {
		s, db := open(t)
		s.beginErr = errors.New("too many connections")
		err := airlock.InTx(t.Context(), airlocksql.Transact(db, nil), place(s, func() error { return nil }))
		if !errors.Is(err, s.beginErr) || errors.Is(err, airlock.ErrInDoubt) || len(s.log) > 0 {
			t.Errorf("err %v, log %q; want the driver's error alone", err, s.log)
		}
	})
}

func TestANestedTransactionJoins(t *testing.T) {
	s, db := open(t)
	transact := airlocksql.Transact(db, nil)
	var outer, inner *sql.Tx
	err := airlock.InTx(t.Context(), transact, func(ctx context.Context) error {
		outer, _ = airlocksql.Tx(ctx)
		err := airlock.InTx(ctx, transact, func(ctx context.Context) error {
			inner, _ = airlocksql.Tx(ctx)
			return errors.Join(exec(ctx, "inner"), airlock.Enqueue(ctx, s.send, "inner"))
		})
		return errors.Join(err, exec(ctx, "outer"), airlock.Enqueue(ctx, s.send, "outer"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if inner == nil || inner != outer {
		t.Error("the nested closure has a transaction of its own")
	}
	if d := cmp.Diff([]string{"begin", "inner", "outer", "commit", "send inner", "send outer"}, s.log); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A joined part is not committed when it returns: its effects must die with the outer transaction, quietly.
func TestAJoinedPartsEffectsDieWithTheOuterTransaction(t *testing.T) {
	s, db := open(t)
	transact := airlocksql.Transact(db, nil)
	err := airlock.InTx(t.Context(), transact, func(ctx context.Context) error {
		err := airlock.InTx(ctx, transact, func(ctx context.Context) error { return airlock.Enqueue(ctx, s.send, "inner") })
		return errors.Join(err, errDeclined)
	})
	if !errors.Is(err, errDeclined) || errors.Is(err, airlock.ErrCommitted) {
		t.Errorf("err %v, want the closure's and no word of a commit", err)
	}
	if d := cmp.Diff([]string{"begin", "rollback"}, s.log); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAJoinedPartThatFailsDoomsTheWhole(t *testing.T) {
	for _, how := range []string{"error", "panic"} {
		t.Run(how, func(t *testing.T) {
			s, db := open(t)
			transact := airlocksql.Transact(db, nil)
			err := airlock.InTx(t.Context(), transact, func(ctx context.Context) error {
				defer func() { recover() }()
				airlock.InTx(ctx, transact, func(ctx context.Context) error {
					if how == "panic" {
						panic(errDeclined)
					}
					return errDeclined
				})
				return nil // swallowed
			})
			if err == nil || how == "error" && !errors.Is(err, errDeclined) || !strings.Contains(err.Error(), "joined part") {
				t.Errorf("err %v, want one that tells of the joined part", err)
			}
			if d := cmp.Diff([]string{"begin", "rollback"}, s.log); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestOtherDatabasesAndLaterCallsDoNotJoin(t *testing.T) {
	s, db := open(t)
	other, otherDB := open(t)
	var kept context.Context
	err := airlocksql.Transact(db, nil)(t.Context(), func(ctx context.Context) error {
		kept = ctx
		return airlocksql.Transact(otherDB, &sql.TxOptions{ReadOnly: true})(ctx, func(context.Context) error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := airlocksql.Tx(kept); ok {
		t.Error("Tx finds a transaction that has committed")
	}
	if err := airlocksql.Transact(db, nil)(kept, func(context.Context) error { return nil }); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"begin", "commit", "begin", "commit"}, s.log); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"begin read only", "commit"}, other.log); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAStricterIsolationCannotJoin(t *testing.T) {
	_, db := open(t)
	err := airlocksql.Transact(db, nil)(t.Context(), func(ctx context.Context) error {
		return airlocksql.Transact(db, &sql.TxOptions{Isolation: sql.LevelSerializable})(ctx, func(context.Context) error { return nil })
	})
	if err == nil || !strings.Contains(err.Error(), "Serializable") {
		t.Errorf("err %v, want one that names the level", err)
	}
}

func TestNilDB(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Transact(nil, nil) does not panic")
		}
	}()
	airlocksql.Transact(nil, nil)
}
