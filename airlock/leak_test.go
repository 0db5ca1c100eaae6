package airlock_test

import (
	"bytes"
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

// captureLog redirects the default logger for the duration of a test.
func captureLog(t *testing.T) *syncBuffer {
	old := slog.Default()
	buf := new(syncBuffer)
	slog.SetDefault(slog.New(slog.NewTextHandler(buf, nil)))
	t.Cleanup(func() { slog.SetDefault(old) })
	return buf
}

type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestI14_LeakedScopeReportsItself(t *testing.T) {
	log := captureLog(t)
	events := make(chan airlock.ScopeEvent, 10)
	o := airlock.WithObserver(airlock.Observer{Leaked: func(_ context.Context, e airlock.ScopeEvent) { events <- e }})
	var tp tape
	func() {
		ctx, _ := airlock.Begin(bg, o)
		tp.put(t, ctx, "a", "b")
	}()
	e := collect(t, events)
	if e.Scope != nil || e.Intents != 2 || e.State != airlock.Open {
		t.Errorf("event is %+v", e)
	}
	wantContains(t, e.Begun, "leak_test.go:")
	wantContains(t, e.First, "harness_test.go:")
	wantContains(t, log.String(), "level=WARN", e.Begun, e.First, "intents=2")
	tp.wants(t)
}

// collect collects garbage until an event comes.
func collect(t *testing.T, events chan airlock.ScopeEvent) airlock.ScopeEvent {
	t.Helper()
	for range 6000 { // at least a minute, for a machine with much else to do
		runtime.GC()
		select {
		case e := <-events:
			return e
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("the leak was not reported")
	return airlock.ScopeEvent{}
}

func TestI14_ClosedEmptyAndRunScopesAreSilent(t *testing.T) {
	log := captureLog(t)
	events := make(chan airlock.ScopeEvent, 10)
	o := airlock.WithObserver(airlock.Observer{Leaked: func(_ context.Context, e airlock.ScopeEvent) { events <- e }})
	var tp tape
	func() {
		ctx, s := airlock.Begin(bg, o)
		tp.put(t, ctx, "a")
		wantNil(t, s.Flush(ctx))
		ctx, s = airlock.Begin(bg, o)
		tp.put(t, ctx, "a")
		s.Discard()
		airlock.Begin(bg, o)
		wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }, o))
		closed, s := airlock.Begin(bg)
		s.Discard()
		airlock.Begin(closed, o)
	}()
	func() { // so that there is something to wait for
		ctx, _ := airlock.Begin(bg, o)
		tp.put(t, ctx, "leaked", "leaked", "leaked")
	}()
	if e := collect(t, events); e.Intents != 3 {
		t.Errorf("reported %+v, want only the scope with three intents", e)
	}
	if n := strings.Count(log.String(), "begun=leak_test.go:"); n != 1 { // other tests leave scopes open, too
		t.Errorf("%d reports in the log:\n%s", n, log)
	}
}
