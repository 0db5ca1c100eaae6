package airlock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// journal returns an observer that notes everything.
func journal(log *[]string) airlock.Observer {
	note := func(kind string) func(context.Context, airlock.IntentEvent) {
		return func(_ context.Context, e airlock.IntentEvent) {
			line := fmt.Sprintf("%s %v", kind, e.Intent.Arg())
			if e.Outcome != airlock.OutcomePending {
				line += " " + e.Outcome.String()
			}
			if e.Err != nil {
				line += " err"
			}
			*log = append(*log, line)
		}
	}
	return airlock.Observer{
		Enqueued: note("enqueued"), Rejected: note("rejected"), Late: note("late"), Ran: note("ran"), Lost: note("lost"),
		Dispatched: note("dispatched"),
		Dispatching: func(ctx context.Context, e airlock.IntentEvent) context.Context {
			*log = append(*log, fmt.Sprintf("dispatching %v", e.Intent.Arg()))
			return context.WithValue(ctx, valueKey{}, e.Intent.Arg())
		},
		Flushing: func(ctx context.Context, e airlock.ScopeEvent) context.Context {
			*log = append(*log, fmt.Sprintf("flushing %d", e.Intents))
			return ctx
		},
		Closed: func(_ context.Context, e airlock.ScopeEvent) {
			*log = append(*log, fmt.Sprintf("closed %v err=%v", e.State, e.Err != nil))
		},
	}
}

func TestObserverHearsEverything(t *testing.T) {
	var log []string
	var kept context.Context
	task := func(ctx context.Context, what string) error {
		if ctx.Value(valueKey{}) != what {
			t.Errorf("%s does not run with the context of Dispatching", what)
		}
		if what == "fails" {
			return errBoom
		}
		return nil
	}
	var tp tape
	err := airlock.Run(bg, func(ctx context.Context) error {
		kept = ctx
		for _, what := range []string{"a", "dropped", "fails"} {
			wantNil(t, airlock.Enqueue(ctx, task, what))
		}
		var pe *airlock.PolicyError
		if errors.As(airlock.Enqueue(ctx, task, "no"), &pe) {
			pe.Handled()
		}
		return airlock.Run(ctx, func(ctx context.Context) error { return airlock.Enqueue(ctx, task, "inner") })
	}, airlock.WithObserver(journal(&log)), airlock.WithPolicy(airlock.Policies(drop("dropped"), reject("no"))))
	wantErr(t, err, errBoom)
	wantErr(t, airlock.Enqueue(kept, tp.ran, "late"), airlock.ErrScopeClosed)
	wantEqual(t, "journal", log, []string{
		"enqueued a", "enqueued dropped", "enqueued fails", "rejected no err",
		"enqueued inner", "flushing 1", "dispatched inner Captured", "closed Captured err=false",
		"flushing 4", "dispatched dropped Dropped",
		"dispatching a", "ran a", "dispatched a Dispatched",
		"dispatching fails", "ran fails err", "dispatched fails Failed err",
		"dispatching inner", "ran inner", "dispatched inner Dispatched",
		"closed Flushed err=true",
		"late late err",
	})
	log = nil
	wantErr(t, airlock.Run(bg, func(ctx context.Context) error {
		wantNil(t, airlock.Enqueue(ctx, task, "a"))
		return errBoom
	}, airlock.WithObserver(journal(&log))), errBoom)
	wantEqual(t, "journal of a discard", log, []string{"enqueued a", "dispatched a Discarded", "closed Discarded err=false"})
}

func TestObserversAddAndAreInherited(t *testing.T) {
	var a, b []string
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "1")
		return airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "2"); return nil },
			airlock.WithObserver(airlock.Observer{Enqueued: journal(&b).Enqueued, Ran: journal(&b).Ran}))
	}, airlock.WithObserver(airlock.Observer{Enqueued: journal(&a).Enqueued, Ran: journal(&a).Ran})))
	wantEqual(t, "outer", a, []string{"enqueued 1", "enqueued 2", "ran 1", "ran 2"})
	wantEqual(t, "inner", b, []string{"enqueued 2", "ran 2"})
}

// An observer of an inner scope hears what becomes of its intents in outer ones that have none.
func TestObserverHearsOfItsIntentsFurtherOut(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, s *airlock.Scope){
		"Captured":  func(ctx context.Context, s *airlock.Scope) { s.Flush(ctx) },
		"Discarded": func(_ context.Context, s *airlock.Scope) { s.Discard() },
	} {
		t.Run(name, func(t *testing.T) {
			var log []string
			var tp tape
			ctx, outermost := airlock.Begin(bg)
			defer outermost.Discard()
			ctx, outer := airlock.Begin(ctx)
			wantNil(t, airlock.Run(ctx, func(ctx context.Context) error {
				tp.put(t, ctx, "a")
				return nil
			}, airlock.WithObserver(airlock.Observer{Dispatched: func(_ context.Context, e airlock.IntentEvent) {
				log = append(log, e.Outcome.String())
			}})))
			end(ctx, outer)
			outermost.Discard()
			want := []string{"Captured", name}
			if name == "Captured" {
				want = append(want, "Discarded")
			}
			wantEqual(t, "outcomes", log, want)
		})
	}
}

func TestObserverThatPanics(t *testing.T) {
	log := captureLog(t)
	intent := func(context.Context, airlock.IntentEvent) { panic("observer") }
	o := airlock.Observer{
		Enqueued: intent, Dispatched: intent, Ran: intent,
		Flushing:    func(context.Context, airlock.ScopeEvent) context.Context { panic("observer") },
		Dispatching: func(context.Context, airlock.IntentEvent) context.Context { panic("observer") },
		Closed:      func(context.Context, airlock.ScopeEvent) { panic("observer") },
	}
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }, airlock.WithObserver(o)))
	tp.wants(t, "a")
	wantContains(t, log.String(), "level=ERROR", "panic: observer")
}

func TestObserverContextsAreOptional(t *testing.T) {
	o := airlock.Observer{
		Flushing:    func(context.Context, airlock.ScopeEvent) context.Context { return nil },
		Dispatching: func(context.Context, airlock.IntentEvent) context.Context { return nil },
	}
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }, airlock.WithObserver(o)))
	tp.wants(t, "a")
}

func TestObserverOfAPoolHearsWhatBecameOfTasks(t *testing.T) {
	var log []string
	pool := airlock.Pool(1)
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { return airlock.Enqueue(ctx, explodes, "x") },
		airlock.WithExecutor(pool), airlock.WithObserver(airlock.Observer{Ran: journal(&log).Ran})))
	wantNil(t, pool.Close(bg))
	wantEqual(t, "journal", log, []string{"ran x err"})

	buf := captureLog(t)
	pool = airlock.Pool(1)
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { return airlock.Enqueue(ctx, explodes, password) }, airlock.WithExecutor(pool)))
	wantNil(t, pool.Close(bg))
	wantContains(t, buf.String(), "level=ERROR", "boom", "explodes")
}

func TestSlogObserver(t *testing.T) {
	var buf bytes.Buffer
	l := slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var tp tape
	_ = airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		wantNil(t, airlock.Enqueue(ctx, explodes, "b"))
		wantNil(t, airlock.Escape(ctx, "mail", "somebody"))
		return nil
	}, airlock.WithObserver(airlock.SlogObserver(l)))
	wantContains(t, buf.String(), "level=DEBUG", "level=WARN", "level=ERROR", "outcome=Failed", "boom", "kind=mail", "state=Flushed")
}
