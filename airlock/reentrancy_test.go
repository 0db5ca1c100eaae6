package airlock_test

import (
	"context"
	"errors"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestI11_TaskHasAScopeOfItsOwn(t *testing.T) {
	var tp tape
	var outer *airlock.Scope
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		outer, _ = airlock.FromContext(ctx)
		wantNil(t, airlock.EnqueueFunc(ctx, "first", func(ctx context.Context) error {
			own, ok := airlock.FromContext(ctx)
			if !ok || own == outer || own.Parent() != nil || own.State() != airlock.Open {
				t.Errorf("scope in a task: %v, %v", own, ok)
			}
			tp.put(t, ctx, "inner")
			again, _ := airlock.FromContext(ctx)
			if again != own {
				t.Error("a task has two scopes")
			}
			tp.wants(t) // flushed after the task
			return nil
		}))
		tp.put(t, ctx, "second")
		return nil
	}))
	tp.wants(t, "inner", "second")
	if n := len(outer.Intents()); n != 2 {
		t.Errorf("the outer scope has %d intents, want 2", n)
	}
}

func TestI11_FailingTaskDropsWhatItEnqueued(t *testing.T) {
	for name, end := range map[string]func() error{
		"error": func() error { return errBoom },
		"panic": func() error { panic(errBoom) },
	} {
		t.Run(name, func(t *testing.T) {
			var tp tape
			err := airlock.Run(bg, func(ctx context.Context) error {
				return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error { tp.put(t, ctx, "x"); return end() })
			})
			wantErr(t, err, errBoom)
			tp.wants(t)
		})
	}
}

func TestI11_FailedInnerFlushIsTheIntentsError(t *testing.T) {
	var scope *airlock.Scope
	err := airlock.Run(bg, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		return airlock.EnqueueFunc(ctx, "outer", func(ctx context.Context) error {
			return airlock.EnqueueFunc(ctx, "inner", func(context.Context) error { return errBoom })
		})
	})
	wantErr(t, err, errBoom)
	wantEqual(t, "failed", scope.Report().Count(airlock.OutcomeFailed), 1)
	var fe *airlock.FlushError
	if !errors.As(scope.Report().Results()[0].Err, &fe) {
		t.Errorf("the intent's error is %v, want the inner flush's", scope.Report().Results()[0].Err)
	}
}

func TestI11_InheritsChainExecutorAndObservers(t *testing.T) {
	var tp tape
	var via, seen []string
	ex := airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error {
		via = append(via, i.Name())
		return i.Run(ctx)
	})
	o := airlock.Observer{Enqueued: func(_ context.Context, e airlock.IntentEvent) { seen = append(seen, e.Intent.Name()) }}
	task := airlock.NewTask("inner", tp.ran)
	err := airlock.Run(bg, func(ctx context.Context) error {
		return airlock.EnqueueFunc(airlock.WithLocalPolicy(ctx, drop("dropped")), "outer", func(ctx context.Context) error {
			return errors.Join(task.Enqueue(ctx, "a"), task.Enqueue(ctx, "dropped"))
		})
	}, airlock.WithExecutor(ex), airlock.WithObserver(o))
	wantNil(t, err)
	wantEqual(t, "executor", via, []string{"outer", "inner"})
	wantEqual(t, "observer", seen, []string{"outer", "inner", "inner"})
	tp.wants(t, "a")
}

func TestI11_LimitAtSixteen(t *testing.T) {
	runs := 0
	var last error
	var again func(ctx context.Context, n int) error
	again = func(ctx context.Context, n int) error {
		runs++
		last = airlock.Enqueue(ctx, again, n+1)
		return nil // the refusal counts all the same
	}
	err := airlock.Run(bg, func(ctx context.Context) error { return airlock.Enqueue(ctx, again, 0) })
	wantErr(t, last, airlock.ErrReentrancyLimit)
	wantErr(t, err, airlock.ErrReentrancyLimit)
	wantEqual(t, "runs", runs, 16)
}

func TestI11_LimitAlsoThroughDetachedScopes(t *testing.T) {
	runs := 0
	var again func(ctx context.Context, n int) error
	again = func(ctx context.Context, n int) error {
		runs++
		return airlock.Run(airlock.Detach(ctx), func(ctx context.Context) error { return airlock.Enqueue(ctx, again, n+1) })
	}
	err := airlock.Run(bg, func(ctx context.Context) error { return airlock.Enqueue(ctx, again, 0) })
	wantErr(t, err, airlock.ErrReentrancyLimit)
	wantEqual(t, "runs", runs, 16)
}

func TestI11_NestedRunInATaskIsCaptured(t *testing.T) {
	var tp tape
	err := airlock.Run(bg, func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error {
			wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "x"); return nil }))
			tp.wants(t)
			return errBoom
		})
	})
	wantErr(t, err, errBoom)
	tp.wants(t)
}

func TestI11_GoroutineThatATaskLeftBehind(t *testing.T) {
	var tp tape
	for name, use := range map[string]func(ctx context.Context){
		"no scope":    func(context.Context) {},
		"looked":      func(ctx context.Context) { ctx.Value(valueKey{}); airlock.Detach(ctx) },
		"had a scope": func(ctx context.Context) { airlock.FromContext(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			var kept context.Context
			wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
				return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error { use(ctx); kept = ctx; return nil })
			}))
			wantErr(t, airlock.Enqueue(kept, tp.ran, "late"), airlock.ErrScopeClosed)
			wantErr(t, airlock.Run(kept, func(context.Context) error { t.Error("ran"); return nil }), airlock.ErrScopeClosed)
		})
	}
	tp.wants(t)
}

func TestI11_GoInATaskIsJoined(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error {
			return airlock.Go(ctx, func(ctx context.Context) error { tp.put(t, ctx, "x"); return nil })
		})
	}))
	tp.wants(t, "x")
}

func TestI11_AnIntentCanRunTwice(t *testing.T) {
	var tp tape
	twice := airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error { return errors.Join(i.Run(ctx), i.Run(ctx)) })
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error {
			return airlock.Enqueue(ctx, tp.ran, "x", airlock.Via(airlock.Inline()))
		}, airlock.Via(twice))
	}))
	tp.wants(t, "x", "x")
}

func TestI12_PoliciesCantEnqueue(t *testing.T) {
	var tp tape
	var errs []error
	var s *airlock.Scope
	try := func(ctx context.Context) {
		for _, ctx := range []context.Context{ctx, airlock.Detach(ctx), airlock.WithLocalPolicy(ctx, airlock.AllowAll())} {
			errs = append(errs,
				airlock.Enqueue(ctx, tp.ran, "x"),
				s.Flush(ctx),
				airlock.Go(ctx, func(context.Context) error { t.Error("started"); return nil }),
				airlock.Run(ctx, func(context.Context) error { t.Error("ran"); return nil }),
			)
			inner, is := airlock.Begin(ctx)
			errs = append(errs, airlock.Enqueue(inner, tp.ran, "x"), is.Flush(inner))
			is.Discard()
			if i := s.Intents(); len(i) > 0 {
				errs = append(errs, i[0].Run(ctx), i[0].Enqueue(ctx))
			}
		}
	}
	intent := func(ctx context.Context, _ airlock.IntentEvent) { try(ctx) }
	calls := 0
	ctx, s := airlock.Begin(bg,
		airlock.WithPolicy(&probe{
			onEnqueue:  func(ctx context.Context, _ *airlock.Intent) error { calls++; try(ctx); return nil },
			allows:     func(ctx context.Context, _ *airlock.Intent) bool { calls++; try(ctx); return true },
			onDispatch: func(ctx context.Context, _ *airlock.Intent) { calls++; try(ctx) },
			onEscape:   func(ctx context.Context, _, _ string) error { calls++; try(ctx); return nil },
		}),
		airlock.WithPropagator(tries{try}),
		airlock.WithObserver(airlock.Observer{
			Enqueued: intent, Dispatched: intent, Ran: intent,
			Escaped:     func(ctx context.Context, _ airlock.EscapeEvent) { try(ctx) },
			Flushing:    func(ctx context.Context, _ airlock.ScopeEvent) context.Context { try(ctx); return ctx },
			Dispatching: func(ctx context.Context, _ airlock.IntentEvent) context.Context { try(ctx); return ctx },
			Closed:      func(ctx context.Context, _ airlock.ScopeEvent) { try(ctx) },
		}))
	wantNil(t, airlock.EnqueueFunc(ctx, "f", func(ctx context.Context) error {
		tp.put(t, ctx, "a task may")
		return nil
	}))
	wantNil(t, airlock.Escape(ctx, "mail", "x"))
	wantNil(t, s.Flush(ctx)) // not remembered
	if calls < 6 || len(errs) < 100 {
		t.Errorf("the policy was called %d times, %d errors", calls, len(errs))
	}
	for _, err := range errs {
		wantErr(t, err, airlock.ErrPolicyEnqueue)
	}
	tp.wants(t, "a task may")
}

type tries struct{ try func(ctx context.Context) }

func (p tries) Inject(ctx context.Context, set func(key, value string)) { p.try(ctx); set("k", "v") }
func (p tries) Extract(ctx context.Context, get func(key string) string) context.Context {
	p.try(ctx)
	return ctx
}
