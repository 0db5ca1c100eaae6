package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestI6_CapturedByTheParent(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	ctx, inner := airlock.Begin(root)
	if inner.Parent() != outer || outer.Parent() != nil {
		t.Error("wrong parents")
	}
	tp.put(t, ctx, "a")
	wantNil(t, inner.Flush(ctx))
	wantState(t, inner, airlock.Captured)
	wantEqual(t, "inner", outcomes(inner.Report()), []string{"a Captured"})
	_, empty := airlock.Begin(root)
	wantNil(t, empty.Flush(root))
	wantState(t, empty, airlock.Flushed)
	tp.wants(t)
	wantNil(t, outer.Flush(root))
	wantState(t, outer, airlock.Flushed)
	wantEqual(t, "outer", outcomes(outer.Report()), []string{"a Dispatched"})
	tp.wants(t, "a")
}

func TestI6_ChildThatDiscardsHandsNothingUp(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	err := airlock.Run(root, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "b"); return nil }))
		return errBoom
	})
	wantErr(t, err, errBoom)
	wantNil(t, outer.Flush(root))
	tp.wants(t)
}

func TestI6_FlushWithOpenChildren(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	ctx, inner := airlock.Begin(root)
	tp.put(t, root, "a")
	err := outer.Flush(root)
	wantErr(t, err, airlock.ErrOpenChildren)
	wantContains(t, err.Error(), "capture_test.go")
	wantState(t, outer, airlock.Open)
	tp.put(t, ctx, "b")
	tp.put(t, root, "c")
	wantNil(t, inner.Flush(ctx))
	wantNil(t, outer.Flush(root))
	tp.wants(t, "a", "b", "c")
}

func TestI6_DiscardTakesDescendantsFirst(t *testing.T) {
	var closed []string
	name := map[*airlock.Scope]string{}
	root, outer := airlock.Begin(bg, airlock.WithObserver(airlock.Observer{Closed: func(_ context.Context, e airlock.ScopeEvent) {
		closed = append(closed, name[e.Scope]+" "+e.State.String())
	}}))
	ctx, middle := airlock.Begin(root)
	_, inner := airlock.Begin(ctx)
	name[outer], name[middle], name[inner] = "outer", "middle", "inner"
	outer.Discard()
	wantEqual(t, "order", closed, []string{"inner Discarded", "middle Discarded", "outer Discarded"})
	wantErr(t, inner.Flush(ctx), airlock.ErrScopeClosed)
}

func TestI6_RunWithOpenChildrenDiscardsAll(t *testing.T) {
	var tp tape
	var outer, inner *airlock.Scope
	err := airlock.Run(bg, func(ctx context.Context) error {
		outer, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		_, inner = airlock.Begin(ctx)
		return nil
	})
	wantErr(t, err, airlock.ErrOpenChildren)
	wantState(t, outer, airlock.Discarded)
	wantState(t, inner, airlock.Discarded)
	tp.wants(t)
}

func TestI6_AncestorsAreAskedInnermostFirst(t *testing.T) {
	var tp tape
	var log []string
	hook := func(name, captures string) airlock.ScopeOption {
		return airlock.WithCapture(func(child *airlock.Scope, i *airlock.Intent) bool {
			log = append(log, fmt.Sprintf("%s %v", name, i.Arg()))
			return i.Arg() == captures
		})
	}
	root, outer := airlock.Begin(bg, hook("outer", "o"))
	mctx, middle := airlock.Begin(root, hook("middle", "m"))
	wantNil(t, airlock.Run(mctx, func(ctx context.Context) error {
		tp.put(t, ctx, "m", "o", "released")
		return nil
	}))
	wantEqual(t, "first level", log, []string{"middle m", "middle o", "outer o", "middle released", "outer released"})
	tp.wants(t, "released")
	wantEqual(t, "middle holds", args(middle.Intents()), []string{"m"})
	wantEqual(t, "outer holds", args(outer.Intents()), []string{"o"})
	log = nil
	wantNil(t, middle.Flush(mctx))
	wantEqual(t, "second level", log, []string{"outer m"})
	wantState(t, middle, airlock.Flushed)
	tp.wants(t, "released", "m")
	wantNil(t, outer.Flush(root))
	tp.wants(t, "released", "m", "o")
}

func TestI6_DefaultAncestorCapturesWhatTheParentReleased(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	ctx, inner := airlock.Begin(root, airlock.Independent())
	wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }))
	wantEqual(t, "inner holds", args(inner.Intents()), []string{})
	wantEqual(t, "outer holds", args(outer.Intents()), []string{"a"})
	tp.wants(t)
	inner.Discard()
	wantNil(t, outer.Flush(root))
	tp.wants(t, "a")
}

func TestI6_Independent(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "outer")
		wantNil(t, airlock.Run(ctx, func(ctx context.Context) error {
			child, _ := airlock.FromContext(ctx)
			defer func() { wantState(t, child, airlock.Open) }()
			tp.put(t, ctx, "inner")
			return nil
		}))
		tp.wants(t, "inner")
		return nil
	}, airlock.Independent()))
	tp.wants(t, "inner", "outer")
}

func TestI6_MixedReport(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg, airlock.WithCapture(func(_ *airlock.Scope, i *airlock.Intent) bool { return i.Arg() != "out" }))
	defer outer.Discard()
	ctx, inner := airlock.Begin(root)
	tp.put(t, ctx, "a", "out", "b", "out")
	wantNil(t, inner.Flush(ctx))
	wantState(t, inner, airlock.Captured)
	wantEqual(t, "report", outcomes(inner.Report()), []string{"a Captured", "out Dispatched", "b Captured", "out Dispatched"})
}

func TestI6_StateChangesBeforeDispatch(t *testing.T) {
	var tp tape
	ctx, s := airlock.Begin(bg)
	var during airlock.State
	var late error
	wantNil(t, airlock.EnqueueFunc(ctx, "look", func(context.Context) error {
		during = s.State()
		late = airlock.Enqueue(ctx, tp.ran, "late") // with the closed scope's context
		return nil
	}))
	wantNil(t, s.Flush(ctx))
	wantEqual(t, "state during dispatch", during, airlock.Flushed)
	wantErr(t, late, airlock.ErrScopeClosed)
}

func TestI6_CaptureHookThatPanics(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg, airlock.WithCapture(func(*airlock.Scope, *airlock.Intent) bool { panic("hook") }))
	ctx, inner := airlock.Begin(root)
	tp.put(t, ctx, "a")
	wantEqual(t, "panic", panics(t, func() { inner.Flush(ctx) }), any("hook"))
	wantState(t, inner, airlock.Discarded)
	wantNil(t, outer.Flush(root))
	tp.wants(t)
}

func TestI6_CaptureHookMayLookButNotEnqueue(t *testing.T) {
	var tp tape
	var ctx context.Context
	var seen []string
	var late error
	root, outer := airlock.Begin(bg, airlock.WithCapture(func(child *airlock.Scope, i *airlock.Intent) bool {
		seen = args(child.Intents())
		late = airlock.Enqueue(ctx, tp.ran, "x")
		return true
	}))
	ctx, inner := airlock.Begin(root)
	tp.put(t, ctx, "a")
	wantNil(t, inner.Flush(ctx))
	wantErr(t, late, airlock.ErrScopeClosed)
	wantEqual(t, "child's intents", seen, []string{"a"})
	wantNil(t, outer.Flush(root))
	tp.wants(t, "a")
}

func TestI6_CaptureHookFindsTheChildBeingFlushed(t *testing.T) {
	var tp tape
	var inner context.Context
	asked := 0
	ctx, outer := airlock.Begin(bg, airlock.WithCapture(func(child *airlock.Scope, _ *airlock.Intent) bool {
		asked++
		for _, err := range []error{airlock.Enqueue(inner, tp.ran, "late"), child.Flush(inner)} {
			wantErr(t, err, airlock.ErrScopeClosed)
			wantContains(t, fmt.Sprint(err), "being flushed")
		}
		return true
	}))
	defer outer.Discard()
	inner, child := airlock.Begin(ctx)
	tp.put(t, inner, "a")
	wantNil(t, child.Flush(inner))
	wantEqual(t, "times asked", asked, 1)
}

func TestI6_DiscardOfTheOuterDuringTheInnersHook(t *testing.T) {
	var tp tape
	var outer *airlock.Scope
	root, outer := airlock.Begin(bg, airlock.WithCapture(func(*airlock.Scope, *airlock.Intent) bool { outer.Discard(); return false }))
	ctx, inner := airlock.Begin(root)
	tp.put(t, ctx, "a")
	wantErr(t, inner.Flush(ctx), airlock.ErrScopeClosed)
	wantState(t, inner, airlock.Discarded)
	tp.wants(t)
}

func TestReportAfterPartialFailure(t *testing.T) {
	var tp tape
	failing := true
	task := airlock.NewTask("shop.charge", func(ctx context.Context, id string) error {
		if failing && id == "b" {
			return errBoom
		}
		return tp.ran(ctx, id)
	}, airlock.Header("k", "v"))
	ctx, s := airlock.Begin(bg)
	for _, id := range []string{"a", "b", "c"} {
		wantNil(t, task.Enqueue(ctx, id))
	}
	err := s.Flush(ctx)
	var fe *airlock.FlushError
	if !errors.As(err, &fe) {
		t.Fatalf("Flush returned %v, want a *FlushError", err)
	}
	failed := fe.Report.Failed()
	wantEqual(t, "failed", args(failed), []string{"b"})
	failing = false
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		for _, i := range failed {
			if err := i.Enqueue(ctx); err != nil {
				return err
			}
		}
		s, _ := airlock.FromContext(ctx)
		again := s.Intents()[0]
		if again == failed[0] || again.ID() != failed[0].ID() || again.Caller() != failed[0].Caller() || again.Header("k") != "v" {
			t.Errorf("enqueued again it is %v, ID %s, caller %s", again, again.ID(), again.Caller())
		}
		return nil
	}))
	tp.wants(t, "a", "c", "b")
}

func TestEnqueueAgainKeepsWhatItWas(t *testing.T) {
	var tp tape
	var down error = errBoom
	fn := func(ctx context.Context) error {
		if down != nil {
			return down
		}
		return tp.ran(ctx, "func")
	}
	plain := func(ctx context.Context, what string) error {
		if down != nil {
			return down
		}
		return tp.ran(ctx, what)
	}
	err := airlock.InTx(bg, begins, func(ctx context.Context) error {
		return errors.Join(airlock.EnqueueFunc(ctx, "f", fn), airlock.Enqueue(ctx, plain, "plain", airlock.Origin("test")))
	})
	var fe *airlock.FlushError
	if !errors.As(err, &fe) {
		t.Fatalf("InTx returned %v", err)
	}
	down = nil
	ctx, s := airlock.Begin(bg)
	for _, i := range fe.Report.Failed() {
		wantNil(t, i.Enqueue(ctx))
	}
	for k, i := range s.Intents() {
		was := fe.Report.Failed()[k]
		if i.Name() != was.Name() || i.ID() != was.ID() || i.Origin() != was.Origin() || i.Caller() != was.Caller() || !i.Committed() {
			t.Errorf("%v was enqueued again as %v", was, i)
		}
	}
	wantNil(t, s.Flush(ctx))
	tp.wants(t, "func", "plain")
	wantErr(t, fe.Report.Failed()[0].Enqueue(ctx), airlock.ErrScopeClosed)
	wantErr(t, fe.Report.Failed()[0].Enqueue(bg), airlock.ErrNoScope)
}
