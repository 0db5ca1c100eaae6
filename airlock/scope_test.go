package airlock_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestI1_NoScopeIsAnError(t *testing.T) {
	var tp tape
	for name, ctx := range map[string]context.Context{
		"background": bg,
		"detached":   airlock.Detach(bg),
		"local":      airlock.WithLocalPolicy(bg, airlock.DropAll()),
	} {
		err := airlock.Enqueue(ctx, tp.ran, "secret", airlock.Origin("POST /orders"))
		wantErr(t, err, airlock.ErrNoScope)
		wantContains(t, err.Error(), "tape.ran", "scope_test.go", "POST /orders", "airlock.Run", "airlock.Begin")
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error prints the argument: %v", name, err)
		}
	}
	wantErr(t, airlock.EnqueueFunc(bg, "f", func(context.Context) error { return nil }), airlock.ErrNoScope)
	wantErr(t, airlock.NewTask("t", tp.ran).Enqueue(bg, "x"), airlock.ErrNoScope)
	wantErr(t, airlock.Go(bg, func(context.Context) error { return nil }), airlock.ErrNoScope)
	if s, ok := airlock.FromContext(bg); ok || s != nil {
		t.Errorf("FromContext(Background) = %v, %v", s, ok)
	}
	tp.wants(t)
}

func TestI1_NilPanicsWithTheCallsName(t *testing.T) {
	var tp tape
	fn := func(context.Context) error { return nil }
	var none context.Context
	var task *airlock.Task[string]
	_, scope := airlock.Begin(bg)
	defer scope.Discard()
	for _, c := range []struct {
		call string
		f    func()
	}{
		{"airlock.Run", func() { airlock.Run(none, fn) }},
		{"airlock.Run", func() { airlock.Run(bg, nil) }},
		{"airlock.Begin", func() { airlock.Begin(none) }},
		{"airlock.Detach", func() { airlock.Detach(none) }},
		{"airlock.FromContext", func() { airlock.FromContext(none) }},
		{"airlock.Go", func() { airlock.Go(none, fn) }},
		{"airlock.Go", func() { airlock.Go(bg, nil) }},
		{"airlock.Scope.Flush", func() { scope.Flush(none) }},
		{"airlock.Enqueue", func() { airlock.Enqueue(none, tp.ran, "") }},
		{"airlock.Enqueue", func() { airlock.Enqueue[string](bg, nil, "") }},
		{"airlock.EnqueueFunc", func() { airlock.EnqueueFunc(none, "f", fn) }},
		{"airlock.EnqueueFunc", func() { airlock.EnqueueFunc(bg, "f", nil) }},
		{"airlock.EnqueueFunc", func() { airlock.EnqueueFunc(bg, "", fn) }},
		{"airlock.NewTask", func() { airlock.NewTask("", tp.ran) }},
		{"airlock.NewTask", func() { airlock.NewTask[string]("t", nil) }},
		{"airlock.RemoteTask", func() { airlock.RemoteTask[string]("") }},
		{"airlock.Task.Enqueue", func() { task.Enqueue(bg, "") }},
		{"airlock.Task.Enqueue", func() { airlock.NewTask("t", tp.ran).Enqueue(none, "") }},
		{"airlock.WithPolicy", func() { airlock.WithPolicy(nil) }},
		{"airlock.WithLocalPolicy", func() { airlock.WithLocalPolicy(bg, nil) }},
		{"airlock.WithLocalPolicy", func() { airlock.WithLocalPolicy(none, airlock.AllowAll()) }},
		{"airlock.Policies", func() { airlock.Policies(airlock.AllowAll(), nil) }},
		{"airlock.WithExecutor", func() { airlock.WithExecutor(nil) }},
		{"airlock.WithRoute", func() { airlock.WithRoute(nil, "a") }},
		{"airlock.Via", func() { airlock.Via(nil) }},
		{"airlock.WithCapture", func() { airlock.WithCapture(nil) }},
		{"airlock.WithShouldFlush", func() { airlock.WithShouldFlush(nil) }},
		{"airlock.WithPropagator", func() { airlock.WithPropagator(nil) }},
		{"airlock.WithCodec", func() { airlock.WithCodec(nil) }},
		{"airlock.LogOnFlush", func() { airlock.LogOnFlush(nil) }},
		{"airlock.SlogObserver", func() { airlock.SlogObserver(nil) }},
		{"airlock.Parallel", func() { airlock.Parallel(0) }},
		{"airlock.Pool", func() { airlock.Pool(0) }},
		{"airlock.Escape", func() { airlock.Escape(none, "mail", "x") }},
		{"airlock.InTx", func() { airlock.InTx(none, begins, fn) }},
		{"airlock.InTx", func() { airlock.InTx(bg, nil, fn) }},
		{"airlock.InTx", func() { airlock.InTx(bg, begins, nil) }},
		{"airlock.Run", func() { airlock.Run(bg, fn, nil) }},
		{"airlock.Begin", func() { airlock.Begin(bg, nil) }},
		{"airlock.InTx", func() { airlock.InTx(bg, begins, fn, nil) }},
		{"airlock.New", func() { airlock.New(nil) }},
		{"airlock.SetDefault", func() { airlock.SetDefault(nil) }},
		{"airlock.Enqueue", func() { airlock.Enqueue(bg, tp.ran, "", nil) }},
		{"airlock.EnqueueFunc", func() { airlock.EnqueueFunc(bg, "f", fn, nil) }},
		{"airlock.NewTask", func() { airlock.NewTask("t", tp.ran, nil) }},
		{"airlock.RemoteTask", func() { airlock.RemoteTask[string]("t", nil) }},
		{"airlock.Task.Enqueue", func() { airlock.NewTask("t", tp.ran).Enqueue(bg, "", nil) }},
		{"airlock.Registry.Run", func() { airlock.NewRegistry().Run(bg, airlock.Message{}, nil) }},
		{"airlock.Registry.Run", func() { airlock.NewRegistry().Run(none, airlock.Message{}) }},
		{"airlock.Registry.Add", func() { airlock.NewRegistry().Add(nil) }},
		{"airlock.Registry.Add", func() { airlock.NewRegistry().Add(task) }},
	} {
		t.Run(c.call, func(t *testing.T) {
			msg, _ := panics(t, c.f).(string)
			if !strings.HasPrefix(msg, c.call+": ") {
				t.Errorf("panics with %q, want the call's name %q first", msg, c.call)
			}
		})
	}
}

func TestI3_RunFlushesOnlyAfterNil(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		tp.wants(t)
		return nil
	}))
	tp.wants(t, "a")
	var scope *airlock.Scope
	err := airlock.Run(bg, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "b")
		return errBoom
	})
	if err != errBoom {
		t.Errorf("Run returned %v, want fn's own error, untouched", err)
	}
	wantState(t, scope, airlock.Discarded)
	tp.wants(t, "a")
}

func TestI3_PanicGoesOnUntouched(t *testing.T) {
	var tp tape
	var scope *airlock.Scope
	value := &struct{ n int }{7}
	var stack string
	func() {
		defer func() {
			buf := make([]byte, 1<<16)
			stack = string(buf[:runtime.Stack(buf, false)])
			if got := recover(); got != value {
				t.Errorf("recovered %v, want the very value", got)
			}
		}()
		airlock.Run(bg, func(ctx context.Context) error {
			scope, _ = airlock.FromContext(ctx)
			tp.put(t, ctx, "a")
			panicsHere(value)
			return nil
		}, airlock.WithShouldFlush(func(error) bool { t.Error("asked after a panic"); return true }))
	}()
	wantContains(t, stack, "panicsHere")
	if strings.Contains(stack, "[recovered") {
		t.Error("the panic was recovered on its way")
	}
	wantState(t, scope, airlock.Discarded)
	tp.wants(t)
}

//go:noinline
func panicsHere(v any) { panic(v) }

func TestI3_GoexitDiscards(t *testing.T) {
	var tp tape
	var scope *airlock.Scope
	done := make(chan struct{})
	go func() {
		defer close(done)
		airlock.Run(bg, func(ctx context.Context) error {
			scope, _ = airlock.FromContext(ctx)
			tp.put(t, ctx, "a")
			runtime.Goexit()
			return nil
		}, airlock.WithShouldFlush(func(error) bool { t.Error("asked after Goexit"); return true }))
	}()
	<-done
	wantState(t, scope, airlock.Discarded)
	tp.wants(t)
}

func TestI3_ShouldFlushDecides(t *testing.T) {
	var tp tape
	var asked []error
	always := airlock.WithShouldFlush(func(err error) bool { asked = append(asked, err); return true })
	never := airlock.WithShouldFlush(func(error) bool { return false })
	err := airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "a"); return errBoom }, always)
	wantErr(t, err, errBoom)
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "b"); return nil }, always))
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "c"); return nil }, never))
	tp.wants(t, "a", "b")
	if len(asked) != 2 || asked[0] != errBoom || asked[1] != nil {
		t.Errorf("asked about %v, want boom and nil", asked)
	}
}

func TestI3_OpenForm(t *testing.T) {
	var tp tape
	do := func(fail error) (err error) {
		ctx, scope := airlock.Begin(bg)
		defer scope.Discard()
		tp.put(t, ctx, "a")
		if fail != nil {
			return fail
		}
		return scope.Flush(ctx)
	}
	wantErr(t, do(errBoom), errBoom)
	tp.wants(t)
	wantNil(t, do(nil))
	tp.wants(t, "a")
}

func TestI7_ClosedIsClosed(t *testing.T) {
	var tp tape
	ctx, s := airlock.Begin(bg)
	tp.put(t, ctx, "a")
	wantNil(t, s.Flush(ctx))
	wantErr(t, s.Flush(ctx), airlock.ErrScopeClosed)
	err := airlock.Enqueue(ctx, tp.ran, "late")
	wantErr(t, err, airlock.ErrScopeClosed)
	wantContains(t, err.Error(), "tape.ran", "scope_test.go", "Detach")
	wantErr(t, airlock.Go(ctx, func(context.Context) error { t.Error("started"); return nil }), airlock.ErrScopeClosed)
	s.Discard()
	wantState(t, s, airlock.Flushed)
	wantEqual(t, "intents of a closed scope", args(s.Intents()), []string{"a"})
	wantEqual(t, "its report", outcomes(s.Report()), []string{"a Dispatched"})
	if got, ok := airlock.FromContext(ctx); !ok || got != s {
		t.Error("FromContext does not find the closed scope")
	}
	tp.wants(t, "a")
}

func TestI7_BornClosed(t *testing.T) {
	ctx, outer := airlock.Begin(bg)
	outer.Discard()
	outer.Discard()
	ran := false
	err := airlock.Run(ctx, func(context.Context) error { ran = true; return nil })
	wantErr(t, err, airlock.ErrScopeClosed)
	wantContains(t, err.Error(), "Detach")
	err = airlock.InTx(ctx, begins, func(context.Context) error { ran = true; return nil })
	wantErr(t, err, airlock.ErrScopeClosed)
	if ran {
		t.Error("the function ran")
	}
	inner, s := airlock.Begin(ctx)
	wantState(t, s, airlock.Discarded)
	if s.Parent() != outer {
		t.Error("a scope born closed has lost its parent")
	}
	var tp tape
	wantErr(t, airlock.Enqueue(inner, tp.ran, "x"), airlock.ErrScopeClosed)
	wantErr(t, s.Flush(inner), airlock.ErrScopeClosed)
	s.Discard()

	wantNil(t, airlock.Run(airlock.Detach(ctx), func(ctx context.Context) error { tp.put(t, ctx, "x"); return nil }))
	tp.wants(t, "x")
}

func TestI7_RunLeavesAScopeThatFnClosed(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		s, _ := airlock.FromContext(ctx)
		return s.Flush(ctx)
	}))
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "b")
		s, _ := airlock.FromContext(ctx)
		s.Discard()
		return nil
	}))
	tp.wants(t, "a")
	ctx, outer := airlock.Begin(bg)
	err := airlock.Run(ctx, func(ctx context.Context) error {
		tp.put(t, ctx, "c")
		outer.Discard() // not its own decision
		return nil
	})
	wantErr(t, err, airlock.ErrScopeClosed)

	ctx, outer = airlock.Begin(bg)
	err = airlock.Run(ctx, func(ctx context.Context) error { outer.Discard(); return errBoom })
	if err != errBoom {
		t.Errorf("Run returned %v, want fn's error itself", err)
	}
}

func TestI7_FlushErrorIsNotMistakenForAClosedScope(t *testing.T) {
	err := airlock.Run(bg, func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "fails", func(context.Context) error { return airlock.ErrScopeClosed })
	})
	var fe *airlock.FlushError
	if !errors.As(err, &fe) {
		t.Errorf("error is %v, want a *FlushError", err)
	}
}

func TestStatesAndOutcomesHaveNames(t *testing.T) {
	for s, want := range map[airlock.State]string{
		airlock.Open: "Open", airlock.Flushed: "Flushed", airlock.Captured: "Captured",
		airlock.Pending: "Pending", airlock.Discarded: "Discarded",
	} {
		wantEqual(t, "state", s.String(), want)
	}
	for o, want := range map[airlock.Outcome]string{
		airlock.OutcomePending: "Pending", airlock.OutcomeDispatched: "Dispatched", airlock.OutcomeFailed: "Failed",
		airlock.OutcomeSkipped: "Skipped", airlock.OutcomeDropped: "Dropped", airlock.OutcomeCaptured: "Captured",
		airlock.OutcomeDiscarded: "Discarded",
	} {
		wantEqual(t, "outcome", o.String(), want)
	}
	_, s := airlock.Begin(bg)
	defer s.Discard()
	wantEqual(t, "scope", s.String(), "airlock.Scope(Open, 0 intents)")
}
