package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// begins is a Transact of a database that does nothing.
func begins(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

// A store is a database that notes what happens to it.
type store struct {
	log      []string
	rows     []string // committed
	commit   []error  // what commits return, one after the other; then nil
	attempts int      // how often a failed commit is tried again
}

type txKey struct{}

type storeTx struct{ rows []string }

// transact is its Transact, with retries.
func (s *store) transact(ctx context.Context, fn func(context.Context) error) error {
	for attempt := 0; ; attempt++ {
		err := s.once(ctx, fn)
		if err == nil || attempt >= s.attempts {
			return err
		}
	}
}

func (s *store) once(ctx context.Context, fn func(context.Context) error) error {
	tx := new(storeTx)
	s.log = append(s.log, "begin")
	done := false
	defer func() {
		if !done {
			s.log = append(s.log, "rollback")
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	if len(s.commit) > 0 {
		err := s.commit[0]
		s.commit = s.commit[1:]
		if err != nil {
			return err
		}
	}
	done = true
	s.rows = append(s.rows, tx.rows...)
	s.log = append(s.log, "commit")
	return nil
}

// An outbox is a TxExecutor that writes rows.
type outbox struct {
	log  *[]string
	errs func(is []*airlock.Intent) []error
}

func (o *outbox) Execute(_ context.Context, i *airlock.Intent) error {
	*o.log = append(*o.log, fmt.Sprint("outside ", i.Arg()))
	return nil
}

func (o *outbox) ExecuteTx(ctx context.Context, is []*airlock.Intent) []error {
	if _, ok := airlock.FromContext(ctx); ok {
		panic("a TxExecutor's context carries a scope")
	}
	tx := ctx.Value(txKey{}).(*storeTx)
	*o.log = append(*o.log, fmt.Sprint("write ", args(is)))
	if o.errs != nil {
		if errs := o.errs(is); errs != nil {
			return errs
		}
	}
	tx.rows = append(tx.rows, args(is)...)
	return nil
}

func TestI16_DispatchAfterTheCommit(t *testing.T) {
	var db store
	var scope *airlock.Scope
	ctx := context.WithValue(bg, valueKey{}, "outer")
	err := airlock.InTx(ctx, db.transact, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		if ctx.Value(txKey{}) == nil {
			t.Error("fn's context has no transaction")
		}
		return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error {
			db.log = append(db.log, "effect")
			if ctx.Value(txKey{}) != nil || ctx.Value(valueKey{}) != "outer" {
				t.Error("the effect does not have the context given to InTx")
			}
			return nil
		})
	})
	wantNil(t, err)
	wantEqual(t, "order", db.log, []string{"begin", "commit", "effect"})
	wantState(t, scope, airlock.Flushed)
	if !scope.Intents()[0].Committed() {
		t.Error("the intent is not marked")
	}
}

func TestI16_PendingUntilTheCommit(t *testing.T) {
	var tp tape
	var scope *airlock.Scope
	transact := func(ctx context.Context, fn func(context.Context) error) error {
		if err := fn(ctx); err != nil {
			return err
		}
		wantState(t, scope, airlock.Pending)
		scope.Discard() // closed already: no-op
		wantState(t, scope, airlock.Pending)
		if scope.Flush(ctx) == nil {
			t.Error("the scope could be flushed before the commit")
		}
		if scope.Intents()[0].Committed() {
			t.Error("marked before the commit")
		}
		return nil
	}
	wantNil(t, airlock.InTx(bg, transact, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		if err := scope.Flush(ctx); err == nil {
			t.Error("the scope could be flushed inside the transaction")
		}
		return nil
	}))
	tp.wants(t, "a")
}

func TestI16_Failures(t *testing.T) {
	for _, c := range []struct {
		name string
		fn   func(ctx context.Context) error
		want error
	}{
		{"error", func(context.Context) error { return errBoom }, errBoom},
		{"refusal", func(ctx context.Context) error { _ = airlock.Enqueue(ctx, plain, "no"); return nil }, errBoom},
		{"Go child", func(ctx context.Context) error {
			return airlock.Go(ctx, func(context.Context) error { return errBoom })
		}, errBoom},
		{"open child", func(ctx context.Context) error { airlock.Begin(ctx); return nil }, airlock.ErrOpenChildren},
	} {
		t.Run(c.name, func(t *testing.T) {
			var db store
			var tp tape
			var scope *airlock.Scope
			err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
				scope, _ = airlock.FromContext(ctx)
				tp.put(t, ctx, "a")
				return c.fn(ctx)
			}, airlock.WithPolicy(reject("no")))
			wantErr(t, err, c.want)
			if errors.Is(err, airlock.ErrInDoubt) || errors.Is(err, airlock.ErrCommitted) {
				t.Errorf("%v: nothing is in doubt", err)
			}
			wantEqual(t, "database", db.log, []string{"begin", "rollback"})
			wantState(t, scope, airlock.Discarded)
			tp.wants(t)
		})
	}
}

func TestI16_PanicAndGoexitRollBack(t *testing.T) {
	for name, end := range map[string]func(){"panic": func() { panic(errBoom) }, "goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			var db store
			var tp tape
			var scope *airlock.Scope
			var recovered any
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() { recovered = recover() }()
				airlock.InTx(bg, db.transact, func(ctx context.Context) error {
					scope, _ = airlock.FromContext(ctx)
					tp.put(t, ctx, "a")
					end()
					return nil
				})
			}()
			<-done
			if name == "panic" && recovered != errBoom {
				t.Errorf("recovered %v", recovered)
			}
			wantEqual(t, "database", db.log, []string{"begin", "rollback"})
			wantState(t, scope, airlock.Discarded)
			tp.wants(t)
		})
	}
}

func TestI16_PanicDuringTheCommitDiscards(t *testing.T) {
	var tp tape
	var scope *airlock.Scope
	transact := func(ctx context.Context, fn func(context.Context) error) error {
		wantNil(t, fn(ctx))
		panic("commit")
	}
	wantEqual(t, "panic", panics(t, func() {
		airlock.InTx(bg, transact, func(ctx context.Context) error {
			scope, _ = airlock.FromContext(ctx)
			tp.put(t, ctx, "a")
			return nil
		})
	}), any("commit"))
	wantState(t, scope, airlock.Discarded)
	tp.wants(t)
}

func TestI16_FailedCommitDiscards(t *testing.T) {
	db := store{commit: []error{errBoom}}
	var tp tape
	var scope *airlock.Scope
	err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		return nil
	})
	wantErr(t, err, errBoom, airlock.ErrInDoubt)
	if errors.Is(err, airlock.ErrCommitted) {
		t.Error("matches ErrCommitted")
	}
	wantState(t, scope, airlock.Discarded)
	wantEqual(t, "report", outcomes(scope.Report()), []string{"a Discarded"})
	tp.wants(t)
}

func TestI16_EachAttemptStartsEmpty(t *testing.T) {
	db := store{commit: []error{errBoom}, attempts: 2}
	var tp tape
	var scopes []*airlock.Scope
	wantNil(t, airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		s, _ := airlock.FromContext(ctx)
		scopes = append(scopes, s)
		if n := len(s.Intents()); n != 0 {
			t.Errorf("attempt %d starts with %d intents", len(scopes), n)
		}
		tp.put(t, ctx, fmt.Sprint("attempt ", len(scopes)))
		if len(scopes) == 1 {
			_ = airlock.Enqueue(ctx, plain, "no") // refused in an attempt that is over
		}
		return nil
	}, airlock.WithPolicy(reject("no"))))
	tp.wants(t, "attempt 3")
	wantState(t, scopes[0], airlock.Discarded)
	wantState(t, scopes[1], airlock.Discarded)
	wantState(t, scopes[2], airlock.Flushed)
}

func TestI16_CommittedButNotDispatched(t *testing.T) {
	var db store
	err := airlock.InTx(bg, db.transact, func(ctx context.Context) error { return airlock.Enqueue(ctx, explodes, "a") })
	wantErr(t, err, airlock.ErrCommitted, errBoom)
	var fe *airlock.FlushError
	if !errors.As(err, &fe) || len(fe.Report.Failed()) != 1 || !fe.Report.Failed()[0].Committed() {
		t.Errorf("error is %v, want a *FlushError that tells what to enqueue again", err)
	}
	wantEqual(t, "database", db.log, []string{"begin", "commit"})
}

func TestI16_TxExecutorsWriteInside(t *testing.T) {
	var db store
	var tp tape
	var scope *airlock.Scope
	box := airlock.Via(&outbox{log: &db.log})
	err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		return errors.Join(
			airlock.Enqueue(ctx, tp.ran, "1", box),
			airlock.Enqueue(ctx, tp.ran, "dropped", box),
			airlock.Enqueue(ctx, func(context.Context, string) error { db.log = append(db.log, "effect"); return nil }, "b"),
			airlock.Run(ctx, func(ctx context.Context) error { return airlock.Enqueue(ctx, tp.ran, "2", box) }),
		)
	}, airlock.WithPolicy(drop("dropped")))
	wantNil(t, err)
	wantEqual(t, "order", db.log, []string{"begin", "write [1 2]", "commit", "effect"})
	wantEqual(t, "rows", db.rows, []string{"1", "2"})
	wantEqual(t, "report", outcomes(scope.Report()), []string{"a Dispatched", "1 Dispatched", "dropped Dropped", "b Dispatched", "2 Dispatched"})
	tp.wants(t, "a")
}

func TestI16_FailedWriteRollsBack(t *testing.T) {
	var db store
	var tp tape
	var scope *airlock.Scope
	box := &outbox{log: &db.log, errs: func(is []*airlock.Intent) []error { return []error{errBoom} }}
	err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		return airlock.Enqueue(ctx, tp.ran, "1", airlock.Via(box))
	})
	wantErr(t, err, errBoom)
	if errors.Is(err, airlock.ErrInDoubt) {
		t.Errorf("%v: nothing is in doubt", err)
	}
	wantEqual(t, "database", db.log, []string{"begin", "write [1]", "rollback"})
	wantState(t, scope, airlock.Discarded)
	tp.wants(t)
}

func TestI16_TxExecutorOutsideInTx(t *testing.T) {
	var db store
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { return airlock.Enqueue(ctx, plain, "1") },
		airlock.WithExecutor(&outbox{log: &db.log})))
	wantEqual(t, "executed", db.log, []string{"outside 1"})
}

func TestI16_InsideAnOuterScope(t *testing.T) {
	var db store
	var tp tape
	var outer, inner *airlock.Scope
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		outer, _ = airlock.FromContext(ctx)
		wantNil(t, airlock.InTx(ctx, db.transact, func(ctx context.Context) error {
			inner, _ = airlock.FromContext(ctx)
			tp.put(t, ctx, "a")
			return airlock.Enqueue(ctx, tp.ran, "1", airlock.Via(&outbox{log: &db.log})) // never captured
		}))
		wantState(t, inner, airlock.Captured)
		wantEqual(t, "inner", outcomes(inner.Report()), []string{"a Captured", "1 Dispatched"})
		wantEqual(t, "outer", args(outer.Captured()), []string{"a"})
		if !outer.Captured()[0].Committed() {
			t.Error("the captured intent is not marked")
		}
		tp.wants(t)
		return nil
	}))
	tp.wants(t, "a")
	wantEqual(t, "rows", db.rows, []string{"1"})
}

func TestI16_LostAfterTheCommitIsLoud(t *testing.T) {
	log := captureLog(t)
	var journaled []string
	var tp tape
	o := airlock.WithObserver(airlock.Observer{Lost: journal(&journaled).Lost})
	err := airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "not committed")
		wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { // also through a scope between
			return airlock.InTx(ctx, begins, func(ctx context.Context) error { tp.put(t, ctx, "committed"); return nil })
		}))
		return errBoom
	}, o)
	wantErr(t, err, errBoom, airlock.ErrCommitted)
	wantEqual(t, "observer", journaled, []string{"lost committed Discarded err"})
	wantContains(t, log.String(), "level=WARN", "count=1", "harness_test.go")
	tp.wants(t)

	// A refusal of the outer scope loses them as well.
	err = airlock.Run(bg, func(ctx context.Context) error {
		_ = airlock.Enqueue(ctx, tp.ran, "no")
		return airlock.InTx(ctx, begins, func(ctx context.Context) error { tp.put(t, ctx, "committed"); return nil })
	}, airlock.WithPolicy(reject("no")))
	wantErr(t, err, errBoom, airlock.ErrCommitted)
}

func TestI16_DetachOptsOut(t *testing.T) {
	var tp tape
	err := airlock.Run(bg, func(ctx context.Context) error {
		wantNil(t, airlock.InTx(airlock.Detach(ctx), begins, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }))
		tp.wants(t, "a")
		return errBoom
	})
	if err != errBoom {
		t.Errorf("Run returned %v", err)
	}
}

func TestI16_OuterMayReleaseWhatIsCommitted(t *testing.T) {
	var tp tape
	release := airlock.WithCapture(func(_ *airlock.Scope, i *airlock.Intent) bool { return !i.Committed() })
	err := airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "b")
		wantNil(t, airlock.InTx(ctx, begins, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }))
		tp.wants(t, "a")
		return errBoom
	}, release)
	if err != errBoom {
		t.Errorf("Run returned %v", err)
	}
	tp.wants(t, "a")
}

func TestI16_OuterDiscardsDuringTheTransaction(t *testing.T) {
	log := captureLog(t)
	var tp tape
	ctx, outer := airlock.Begin(bg)
	transact := func(ctx context.Context, fn func(context.Context) error) error {
		err := fn(ctx)
		wantErr(t, outer.Flush(bg), airlock.ErrOpenChildren) // a pending scope is not done
		outer.Discard()
		return err
	}
	var db store
	err := airlock.InTx(ctx, transact, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		return airlock.Enqueue(context.WithValue(ctx, txKey{}, new(storeTx)), tp.ran, "fine", airlock.Via(quietBox{&db}))
	})
	wantErr(t, err, airlock.ErrCommitted)
	wantContains(t, log.String(), "level=WARN", "count=1")
	tp.wants(t)
}

// A quietBox is a TxExecutor without a transaction.
type quietBox struct{ db *store }

func (quietBox) Execute(context.Context, *airlock.Intent) error       { return nil }
func (quietBox) ExecuteTx(context.Context, []*airlock.Intent) []error { return nil }

func TestI16_JoinedTransactionWaitsForTheOuterOne(t *testing.T) {
	for _, fails := range []bool{false, true} {
		t.Run(fmt.Sprint("outer fails: ", fails), func(t *testing.T) {
			log := captureLog(t)
			var db store
			var tp tape
			joins := func(ctx context.Context, fn func(context.Context) error) error { return fn(airlock.Joined(ctx)) }
			err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
				outer, _ := airlock.FromContext(ctx)
				wantNil(t, airlock.InTx(ctx, joins, func(ctx context.Context) error {
					tp.put(t, ctx, "inner")
					return airlock.Enqueue(ctx, tp.ran, "1", airlock.Via(&outbox{log: &db.log}))
				}))
				wantEqual(t, "held", args(outer.Intents()), []string{"inner"})
				if outer.Intents()[0].Committed() {
					t.Error("marked before the outer commit")
				}
				if fails {
					return errBoom
				}
				return nil
			}, airlock.Independent()) // not even so
			if fails {
				if err != errBoom {
					t.Errorf("InTx returned %v", err)
				}
				tp.wants(t)
				wantEqual(t, "database", db.log, []string{"begin", "write [1]", "rollback"})
			} else {
				wantNil(t, err)
				tp.wants(t, "inner")
				wantEqual(t, "rows", db.rows, []string{"1"})
			}
			wantEqual(t, "log", log.String(), "")
		})
	}
}

func TestI16_TransactsThatMisbehave(t *testing.T) {
	var tp tape
	put := func(ctx context.Context) error { tp.put(t, ctx, "a"); return errBoom }
	err := airlock.InTx(bg, func(ctx context.Context, fn func(context.Context) error) error { _ = fn(ctx); return nil }, put)
	wantErr(t, err, errBoom)
	if err := airlock.InTx(bg, func(context.Context, func(context.Context) error) error { return nil }, put); err == nil {
		t.Error("a Transact that does not call its function makes InTx return nil")
	}
	wantErr(t, airlock.InTx(bg, func(context.Context, func(context.Context) error) error { return errBoom }, put), errBoom)

	// One that hands its function a context of its own making does not lose policies, nor the outer scope.
	ctx, outer := airlock.Begin(bg, airlock.WithPolicy(airlock.AssertNoEffects()))
	defer outer.Discard()
	err = airlock.InTx(ctx, func(_ context.Context, fn func(context.Context) error) error { return fn(bg) }, func(ctx context.Context) error {
		return airlock.Enqueue(ctx, tp.ran, "x")
	})
	var pe *airlock.PolicyError
	if !errors.As(err, &pe) {
		t.Errorf("InTx returned %v, want the refusal of the outer policy", err)
	}
	tp.wants(t)
}

func TestI16_FnMayDiscardItsScope(t *testing.T) {
	var db store
	var tp tape
	wantNil(t, airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		s, _ := airlock.FromContext(ctx)
		s.Discard()
		return nil
	}))
	wantEqual(t, "database", db.log, []string{"begin", "commit"})
	tp.wants(t)
}

func TestI16_JoinedWithNobodyToWaitFor(t *testing.T) {
	var db store
	var tp tape
	joins := func(ctx context.Context, fn func(context.Context) error) error { return fn(airlock.Joined(ctx)) }
	err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		return airlock.InTx(airlock.Detach(ctx), joins, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil })
	})
	if err == nil {
		t.Error("effects of a transaction that has not committed would have left")
	}
	wantEqual(t, "database", db.log, []string{"begin", "rollback"})
	tp.wants(t)
}

func TestI16_LostInAScopeBetween(t *testing.T) {
	captureLog(t)
	var tp tape
	var lost []string
	put := func(ctx context.Context) error { tp.put(t, ctx, "committed"); return nil }
	o := airlock.WithObserver(airlock.Observer{Lost: journal(&lost).Lost})
	wantErr(t, airlock.Run(bg, func(ctx context.Context) error {
		inner, _ := airlock.Begin(ctx)
		wantNil(t, airlock.InTx(inner, begins, put))
		return errBoom
	}, o), errBoom, airlock.ErrCommitted)
	wantErr(t, airlock.Run(bg, func(ctx context.Context) error {
		inner, _ := airlock.Begin(ctx)
		return airlock.InTx(inner, begins, put)
	}, o), airlock.ErrOpenChildren, airlock.ErrCommitted)
	wantEqual(t, "lost", lost, []string{"lost committed Discarded err", "lost committed Discarded err"})
	tp.wants(t)
}

func TestI16_WritesStopAtTheFirstError(t *testing.T) {
	var db store
	var tp tape
	first := &outbox{log: &db.log, errs: func([]*airlock.Intent) []error { return []error{errBoom} }}
	second := &outbox{log: &db.log}
	err := airlock.InTx(bg, db.transact, func(ctx context.Context) error {
		return errors.Join(airlock.Enqueue(ctx, tp.ran, "1", airlock.Via(first)), airlock.Enqueue(ctx, tp.ran, "2", airlock.Via(second)))
	})
	wantErr(t, err, errBoom)
	var fe *airlock.FlushError
	if !errors.As(err, &fe) {
		t.Fatalf("InTx returned %v", err)
	}
	wantEqual(t, "report", outcomes(fe.Report), []string{"1 Failed", "2 Skipped"})
	wantEqual(t, "database", db.log, []string{"begin", "write [1]", "rollback"})
}
