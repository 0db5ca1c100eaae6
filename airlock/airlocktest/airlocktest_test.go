package airlocktest_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocktest"
)

type order struct{ ID int }

var (
	notify  = airlock.NewTask("shop.Notify", func(context.Context, order) error { return nil })
	invoice = airlock.NewTask("shop.Invoice", func(context.Context, int) error { return errors.New("printer on fire") })
)

// A fake is a test whose failure can be looked at.
type fake struct {
	testing.TB
	failures []string
	cleanups []func()
	ctx      context.Context
}

func (f *fake) Helper()                  {}
func (f *fake) Context() context.Context { return f.ctx }
func (f *fake) Cleanup(fn func())        { f.cleanups = append(f.cleanups, fn) }
func (f *fake) Errorf(format string, args ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}
func (f *fake) Fatalf(format string, args ...any) { f.Errorf(format, args...); runtime.Goexit() }

// failing runs body as a test of its own and returns what it failed with.
func failing(t *testing.T, body func(t testing.TB)) string {
	t.Helper()
	f := &fake{TB: t, ctx: t.Context()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(f.cleanups) - 1; i >= 0; i-- {
				f.cleanups[i]()
			}
		}()
		body(f)
	}()
	<-done
	return strings.Join(f.failures, "\n")
}

func wantFailure(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("the failure is %q, want %q in it", got, w)
		}
	}
}

func TestRequireEnqueued(t *testing.T) {
	ctx, scope := airlocktest.Scope(t)
	if err := notify.Enqueue(ctx, order{7}); err != nil {
		t.Fatal(err)
	}
	i := airlocktest.RequireEnqueued(t, scope, notify, func(o order) bool { return o.ID == 7 })
	if arg, _ := notify.Arg(i); arg.ID != 7 {
		t.Errorf("found the intent of %v", arg)
	}
	airlocktest.RequireEnqueued(t, scope, notify, nil)
	airlocktest.RequireNone(t, scope, invoice)

	wantFailure(t, failing(t, func(t testing.TB) { airlocktest.RequireEnqueued(t, scope, invoice, nil) }),
		"no intent of shop.Invoice", "airlocktest_test.go:", "shop.Notify({7})")
	wantFailure(t, failing(t, func(t testing.TB) {
		airlocktest.RequireEnqueued(t, scope, notify, func(o order) bool { return o.ID == 8 })
	}), "no matching intent of shop.Notify")
	wantFailure(t, failing(t, func(t testing.TB) { airlocktest.RequireNone(t, scope) }), "nothing should have been enqueued", "shop.Notify({7})")
	_, empty := airlocktest.Scope(t)
	airlocktest.RequireNone(t, empty)
	wantFailure(t, failing(t, func(t testing.TB) { airlocktest.RequireEnqueued(t, empty, notify, nil) }), "the scope has none")
}

func TestScopeLetsNothingOut(t *testing.T) {
	ran := false
	if got := failing(t, func(t testing.TB) {
		ctx, _ := airlocktest.Scope(t)
		airlock.EnqueueFunc(ctx, "mail", func(context.Context) error { ran = true; return nil })
	}); got != "" || ran {
		t.Errorf("failed with %q, the effect ran: %t", got, ran)
	}
}

func TestNoEffects(t *testing.T) {
	if got := failing(t, func(t testing.TB) { airlocktest.NoEffects(t) }); got != "" {
		t.Errorf("a test without effects fails with %q", got)
	}
	wantFailure(t, failing(t, func(t testing.TB) {
		_ = notify.Enqueue(airlocktest.NoEffects(t), order{7}) // ignored by the code under test
	}), "no effects are expected", "shop.Notify", "airlocktest_test.go:")
	wantFailure(t, failing(t, func(t testing.TB) {
		_ = airlock.Escape(airlocktest.NoEffects(t), "mail", "welcome")
	}), "no effects are expected", "mail")
}

func TestDrain(t *testing.T) {
	ctx, scope := airlocktest.Scope(t)
	var ran []string
	err := airlock.EnqueueFunc(ctx, "outer", func(ctx context.Context) error {
		ran = append(ran, "outer")
		return airlock.EnqueueFunc(ctx, "inner", func(context.Context) error { ran = append(ran, "inner"); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := airlocktest.Drain(t, scope).Count(airlock.OutcomeDispatched); n != 1 || strings.Join(ran, " ") != "outer inner" {
		t.Errorf("%d dispatched, ran %v", n, ran)
	}
	wantFailure(t, failing(t, func(t testing.TB) {
		ctx, scope := airlocktest.Scope(t)
		invoice.Enqueue(ctx, 7)
		airlocktest.Drain(t, scope)
	}), "drain the scope", "shop.Invoice", "printer on fire")
}

func newRegistry(t *testing.T, tasks ...airlock.Handle) *airlock.Registry {
	t.Helper()
	r := airlock.NewRegistry()
	if err := r.Add(tasks...); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestQueue(t *testing.T) {
	var got []int
	work := airlock.NewTask("shop.Work", func(_ context.Context, o order) error { got = append(got, o.ID); return nil })
	q := airlocktest.NewQueue(newRegistry(t, work, invoice))
	ctx, scope := airlocktest.Scope(t, airlock.WithExecutor(q))
	if err := errors.Join(work.Enqueue(ctx, order{1}), invoice.Enqueue(ctx, 2), work.Enqueue(ctx, order{3})); err != nil {
		t.Fatal(err)
	}
	airlocktest.Drain(t, scope)
	if n := len(q.Messages()); n != 3 || got != nil {
		t.Fatalf("%d messages on the queue, ran %v; want 3 that wait", n, got)
	}
	if err := q.Work(t.Context()); err == nil || !strings.Contains(err.Error(), "shop.Invoice: ") {
		t.Errorf("Work returned %v, want the invoice's error", err)
	}
	if fmt.Sprint(got) != "[1 3]" || len(q.Messages()) != 0 {
		t.Errorf("ran %v, left %d", got, len(q.Messages()))
	}
}

func TestQueueRefusesWhatCannotTravel(t *testing.T) {
	q := airlocktest.NewQueue(newRegistry(t))
	ctx, scope := airlocktest.Scope(t, airlock.WithExecutor(q))
	if err := airlock.EnqueueFunc(ctx, "closure", func(context.Context) error { return nil }); !errors.Is(err, airlock.ErrNotSerializable) {
		t.Errorf("a closure is accepted with %v", err)
	}
	airlocktest.RequireNone(t, scope)
}

func TestTheRuntimesExecutorsConform(t *testing.T) {
	t.Run("Inline", func(t *testing.T) {
		airlocktest.TestExecutor(t, func(*testing.T) (airlock.Executor, func()) { return airlock.Inline(), nil })
	})
	t.Run("Parallel", func(t *testing.T) {
		airlocktest.TestExecutor(t, func(*testing.T) (airlock.Executor, func()) { return airlock.Parallel(2), nil })
	})
	t.Run("Pool", func(t *testing.T) {
		airlocktest.TestExecutor(t, func(t *testing.T) (airlock.Executor, func()) {
			p := airlock.Pool(2)
			return p, func() {
				if err := p.Close(context.WithoutCancel(t.Context())); err != nil && !errors.Is(err, airlock.ErrPoolClosed) {
					t.Logf("pool: %v", err)
				}
			}
		})
	})
	t.Run("Queue", func(t *testing.T) {
		airlocktest.TestExecutor(t, func(t *testing.T) (airlock.Executor, func()) {
			q := airlocktest.NewQueue(newRegistry(t, airlocktest.ProbeTask))
			return q, func() { q.Work(context.WithoutCancel(t.Context())) }
		})
	})
}

func TestTheRuntimesPoliciesConform(t *testing.T) {
	for name, p := range map[string]airlock.Policy{
		"AllowAll": airlock.AllowAll(), "DropAll": airlock.DropAll(), "AssertNoEffects": airlock.AssertNoEffects(),
		"BlockTasks": airlock.BlockTasks("airlocktest.Probe"), "RejectTasks": airlock.RejectTasks("airlocktest.*"), "AllowTasks": airlock.AllowTasks("mail.*"),
		"Policies": airlock.Policies(airlock.AllowAll(), airlock.DropAll()),
	} {
		t.Run(name, func(t *testing.T) { airlocktest.TestPolicy(t, func(*testing.T) airlock.Policy { return p }) })
	}
}
