package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

type valueKey struct{}

func TestI9_DispatchContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.WithValue(bg, valueKey{}, "value"))
	sctx, s := airlock.Begin(ctx)
	look := func(ctx context.Context) error {
		if ctx.Err() != nil || ctx.Done() != nil || context.Cause(ctx) != nil {
			t.Error("the dispatch context is cancelled with the one given to Flush")
		}
		if _, ok := ctx.Deadline(); ok {
			t.Error("it has a deadline")
		}
		if ctx.Value(valueKey{}) != "value" {
			t.Error("it has lost the values")
		}
		return nil
	}
	ex := airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error {
		if in, ok := airlock.FromContext(ctx); ok {
			t.Errorf("it carries %v", in)
		}
		return errors.Join(look(ctx), i.Run(ctx))
	})
	wantNil(t, airlock.EnqueueFunc(sctx, "look", func(ctx context.Context) error {
		if in, ok := airlock.FromContext(ctx); ok && in == s {
			t.Error("the task is in the scope that is being flushed")
		}
		return look(ctx)
	}, airlock.Via(ex)))
	cancel(errBoom)
	wantNil(t, s.Flush(sctx))
}

func TestI9_NoOpenScopeOfTheTree(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(outer context.Context) error {
		return airlock.Run(outer, func(ctx context.Context) error {
			return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error {
				tp.put(t, ctx, "from the task") // in its own scope, though the outer one is open
				return nil
			})
		})
	}, airlock.Independent()))
	tp.wants(t, "from the task")
}

func TestI9_DispatchTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, s := airlock.Begin(bg, airlock.WithDispatchTimeout(time.Second))
		slow := func(ctx context.Context, what string) error {
			if what == "slow" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		for _, what := range []string{"a", "slow", "b", "c"} {
			wantNil(t, airlock.Enqueue(ctx, slow, what))
		}
		time.Sleep(time.Hour) // the time counts from the flush on
		err := s.Flush(ctx)
		wantErr(t, err, context.DeadlineExceeded)
		wantEqual(t, "report", outcomes(s.Report()), []string{"a Dispatched", "slow Failed", "b Skipped", "c Skipped"})
		wantEqual(t, "skipped", args(s.Report().Skipped()), []string{"b", "c"})
		wantEqual(t, "failed", args(s.Report().Failed()), []string{"slow"})
		wantErr(t, s.Report().Results()[3].Err, context.DeadlineExceeded)
	})
}

func TestI9_TimeoutBoundsWhatTasksEnqueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := airlock.Run(bg, func(ctx context.Context) error {
			return airlock.EnqueueFunc(ctx, "outer", func(ctx context.Context) error {
				return airlock.EnqueueFunc(ctx, "inner", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
			})
		}, airlock.WithDispatchTimeout(time.Second))
		wantErr(t, err, context.DeadlineExceeded)
	})
}

func TestI10_EveryIntentIsTried(t *testing.T) {
	errs := map[string]error{"b": errors.New("b failed"), "c": errors.New("c failed")}
	var ran []string
	task := func(_ context.Context, what string) error { ran = append(ran, what); return errs[what] }
	ctx, s := airlock.Begin(bg)
	for _, what := range []string{"a", "b", "c", "d"} {
		wantNil(t, airlock.Enqueue(ctx, task, what))
	}
	err := s.Flush(ctx)
	var fe *airlock.FlushError
	if !errors.As(err, &fe) {
		t.Fatalf("Flush returned %v", err)
	}
	if got := fe.Unwrap(); len(got) != 2 || got[0] != errs["b"] || got[1] != errs["c"] {
		t.Errorf("FlushError wraps %v, want the two errors in order", got)
	}
	wantContains(t, err.Error(), "2 of 4", "b failed", "c failed", "dispatch_test.go")
	wantEqual(t, "ran", ran, []string{"a", "b", "c", "d"})
	wantEqual(t, "failed", fe.Report.Count(airlock.OutcomeFailed), 2)
	wantEqual(t, "dispatched", fe.Report.Count(airlock.OutcomeDispatched), 2)
	wantState(t, s, airlock.Flushed)
}

func TestI10_FailFast(t *testing.T) {
	var tp tape
	fails := func(context.Context, string) error { return errBoom }
	ctx, s := airlock.Begin(bg, airlock.WithFailFast(), airlock.WithPolicy(drop("dropped")))
	tp.put(t, ctx, "a")
	wantNil(t, airlock.Enqueue(ctx, fails, "b"))
	tp.put(t, ctx, "c", "dropped", "d")
	err := s.Flush(ctx)
	wantErr(t, err, errBoom)
	wantContains(t, err.Error(), "2 skipped")
	wantEqual(t, "report", outcomes(s.Report()), []string{"a Dispatched", "b Failed", "c Skipped", "dropped Dropped", "d Skipped"})
	tp.wants(t, "a")
}

//go:noinline
func explodes(context.Context, string) error { panic(errBoom) }

func TestI10_PanicInATaskIsItsError(t *testing.T) {
	for name, ex := range map[string]airlock.Executor{
		"inline": airlock.Inline(), "parallel": airlock.Parallel(2),
		"own": airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error { return i.Run(ctx) }),
		"panics itself": airlock.ExecutorFunc(func(_ context.Context, i *airlock.Intent) error {
			return explodes(bg, "")
		}),
	} {
		t.Run(name, func(t *testing.T) {
			var tp tape
			ctx, s := airlock.Begin(bg)
			wantNil(t, airlock.Enqueue(ctx, explodes, "a", airlock.Via(ex)))
			tp.put(t, ctx, "b")
			err := s.Flush(ctx)
			var pe *airlock.PanicError
			if !errors.As(err, &pe) || pe.Value != errBoom {
				t.Fatalf("Flush returned %v, want a *PanicError", err)
			}
			wantErr(t, err, errBoom)
			wantContains(t, string(pe.Stack), "explodes")
			tp.wants(t, "b")
		})
	}
	wantEqual(t, "no error value", (&airlock.PanicError{Value: "x"}).Unwrap(), nil)
}

func TestI10_GoexitInATask(t *testing.T) {
	var tp tape
	ctx, s := airlock.Begin(bg)
	tp.put(t, ctx, "a")
	wantNil(t, airlock.EnqueueFunc(ctx, "exits", func(context.Context) error { runtime.Goexit(); return nil }))
	tp.put(t, ctx, "b")
	done := make(chan struct{})
	go func() { defer close(done); s.Flush(ctx) }()
	<-done
	wantState(t, s, airlock.Flushed)
	wantEqual(t, "report", outcomes(s.Report()), []string{"a Dispatched", "<nil> Failed", "b Skipped"})
	tp.wants(t, "a")

	ctx, s = airlock.Begin(bg, airlock.WithExecutor(airlock.Parallel(2)))
	wantNil(t, airlock.EnqueueFunc(ctx, "exits", func(context.Context) error { runtime.Goexit(); return nil }))
	tp.put(t, ctx, "b")
	if err := s.Flush(ctx); err == nil {
		t.Error("Flush returned nil")
	}
	wantEqual(t, "report", outcomes(s.Report()), []string{"<nil> Failed", "b Dispatched"})
}

func TestI10_BatchErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		errs func(is []*airlock.Intent) []error
		want []string
	}{
		{"nil", func([]*airlock.Intent) []error { return nil }, []string{"a Dispatched", "b Dispatched", "c Dispatched"}},
		{"one each", func([]*airlock.Intent) []error { return []error{nil, errBoom, nil} }, []string{"a Dispatched", "b Failed", "c Dispatched"}},
		{"too few", func([]*airlock.Intent) []error { return []error{nil} }, []string{"a Failed", "b Failed", "c Failed"}},
		{"none", func([]*airlock.Intent) []error { return []error{} }, []string{"a Failed", "b Failed", "c Failed"}},
		{"panic", func([]*airlock.Intent) []error { panic("x") }, []string{"a Failed", "b Failed", "c Failed"}},
		{"tampering", func(is []*airlock.Intent) []error { clear(is); return nil }, []string{"a Dispatched", "b Dispatched", "c Dispatched"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			var tp tape
			ctx, s := airlock.Begin(bg, airlock.WithExecutor(&batcher{got: &got, errs: c.errs}))
			tp.put(t, ctx, "a", "b", "c")
			s.Flush(ctx)
			wantEqual(t, "report", outcomes(s.Report()), c.want)
		})
	}
}

func TestI10_FailFastBetweenBatches(t *testing.T) {
	var got []string
	var tp tape
	a := &batcher{name: "a", got: &got, errs: func(is []*airlock.Intent) []error { return make([]error, len(is)+1) }}
	b := &batcher{name: "b", got: &got}
	ctx, s := airlock.Begin(bg, airlock.WithFailFast())
	for _, ex := range []airlock.Executor{a, a, b, b} {
		wantNil(t, airlock.Enqueue(ctx, tp.ran, "x", airlock.Via(ex)))
	}
	if s.Flush(ctx) == nil {
		t.Error("Flush returned nil")
	}
	wantEqual(t, "batches", got, []string{"a[x x]"})
	wantEqual(t, "skipped", s.Report().Count(airlock.OutcomeSkipped), 2)
}

func TestParallelRunsSideBySideAndFlushWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, s := airlock.Begin(bg, airlock.WithExecutor(airlock.Parallel(3)))
		running, most := 0, 0
		var mu = make(chan struct{}, 1)
		for k := range 7 {
			wantNil(t, airlock.EnqueueFunc(ctx, fmt.Sprint(k), func(context.Context) error {
				mu <- struct{}{}
				running++
				most = max(most, running)
				<-mu
				time.Sleep(time.Second)
				mu <- struct{}{}
				running--
				<-mu
				return nil
			}))
		}
		start := time.Now()
		wantNil(t, s.Flush(ctx))
		wantEqual(t, "at a time", most, 3)
		wantEqual(t, "time", time.Since(start), 3*time.Second)
		wantEqual(t, "dispatched", s.Report().Count(airlock.OutcomeDispatched), 7)
	})
}

func TestParallelStopsForFailFast(t *testing.T) {
	ctx, s := airlock.Begin(bg, airlock.WithExecutor(airlock.Parallel(1)), airlock.WithFailFast())
	var tp tape
	tp.put(t, ctx, "a")
	wantNil(t, airlock.Enqueue(ctx, explodes, "b"))
	tp.put(t, ctx, "c")
	wantErr(t, s.Flush(ctx), errBoom)
	wantEqual(t, "report", outcomes(s.Report()), []string{"a Dispatched", "b Failed", "c Skipped"})
	// Wrapped by somebody, it is a BatchExecutor like others.
	is := s.Intents()
	errs := airlock.Parallel(2).(airlock.BatchExecutor).ExecuteBatch(bg, is)
	if len(errs) != 3 || errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("ExecuteBatch returned %v", errs)
	}
}

func TestPoolRunsInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := airlock.Pool(1)
		var tp tape
		release := make(chan struct{})
		ctx, cancel := context.WithCancel(bg)
		sctx, s := airlock.Begin(ctx, airlock.WithExecutor(pool), airlock.WithDispatchTimeout(time.Hour))
		wantNil(t, airlock.EnqueueFunc(sctx, "first", func(ctx context.Context) error {
			<-release
			wantNil(t, ctx.Err())
			return tp.ran(ctx, "first")
		}))
		tp.put(t, sctx, "second")
		flushed := make(chan error, 1)
		go func() { flushed <- s.Flush(sctx) }()
		synctest.Wait()
		select {
		case <-flushed:
			t.Fatal("Flush did not wait for a place")
		default:
		}
		cancel()
		close(release)
		wantNil(t, <-flushed)
		wantEqual(t, "report", s.Report().Count(airlock.OutcomeDispatched), 2)
		wantNil(t, pool.Close(bg))
		wantNil(t, pool.Close(bg))
		tp.wants(t, "first", "second")
		err := airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "late"); return nil }, airlock.WithExecutor(pool))
		wantErr(t, err, airlock.ErrPoolClosed)
	})
}

func TestPoolCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := airlock.Pool(1)
		release := make(chan struct{})
		wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
			return airlock.EnqueueFunc(ctx, "f", func(context.Context) error { <-release; return nil })
		}, airlock.WithExecutor(pool)))
		ctx, cancel := context.WithTimeout(bg, time.Second)
		defer cancel()
		wantErr(t, pool.Close(ctx), context.DeadlineExceeded)
		close(release)
		wantNil(t, pool.Close(bg))
	})
}

func TestPoolFullAndOutOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := airlock.Pool(1)
		release := make(chan struct{})
		var tp tape
		ctx, s := airlock.Begin(bg, airlock.WithExecutor(pool), airlock.WithDispatchTimeout(time.Second))
		wantNil(t, airlock.EnqueueFunc(ctx, "f", func(context.Context) error { <-release; return nil }))
		tp.put(t, ctx, "b", "c")
		wantErr(t, s.Flush(ctx), context.DeadlineExceeded)
		wantEqual(t, "report", outcomes(s.Report()), []string{"<nil> Dispatched", "b Failed", "c Skipped"})
		close(release)
		wantNil(t, pool.Close(bg))
	})
}

func TestPoolTaskMayUseItsPool(t *testing.T) {
	pool := airlock.Pool(1)
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "outer", func(ctx context.Context) error { tp.put(t, ctx, "inner"); return nil })
	}, airlock.WithExecutor(pool)))
	wantNil(t, pool.Close(bg))
	tp.wants(t, "inner")
}
