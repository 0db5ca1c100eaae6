// Package further has shapes of contexts as they are handed around in real code.
package further

import (
	"context"
	"errors"
	"iter"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

var mail = airlock.NewTask("mail", send)

func place(ctx context.Context) error { return mail.Enqueue(ctx, "a") }

func cond() bool { return false }

// A context that is made scoped on one path only.
func onePath() error {
	ctx := context.Background()
	if cond() {
		scoped, scope := airlock.Begin(ctx)
		defer scope.Discard()
		ctx = scoped
	}
	return place(ctx) // want `this context carries no scope`
}

func bothPaths() error {
	ctx := context.Background()
	var scope *airlock.Scope
	if cond() {
		ctx, scope = airlock.Begin(ctx)
	} else {
		ctx, scope = airlock.Begin(ctx, airlock.WithStrict())
	}
	defer scope.Discard()
	return place(ctx)
}

// nil means Background.
func orBackground(ctx context.Context) error {
	if ctx == nil {
		ctx = context.Background()
	}
	return place(ctx) // want `this context carries no scope`
}

type key struct{}

func withUser(ctx context.Context, id int) context.Context { return context.WithValue(ctx, key{}, id) }

func withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(withUser(ctx, 1), time.Second)
}

func wrapperOfWrapper() error {
	ctx, cancel := withTimeout(context.Background())
	defer cancel()
	return place(ctx) // want `this context carries no scope`
}

func wrapperOfScoped(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		ctx, cancel := withTimeout(ctx)
		defer cancel()
		return place(ctx)
	})
}

func signals() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return place(ctx) // want `this context carries no scope`
}

func signalsRun() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return airlock.Run(ctx, place)
}

// The method value is called by Run.
type shop struct{ name string }

func (s *shop) place(ctx context.Context) error { return mail.Enqueue(ctx, s.name) }

func methodValue(ctx context.Context, s *shop) error { return airlock.Run(ctx, s.place) }

func methodValueUnscoped(s *shop) error {
	f := s.place
	return f(context.Background()) // want `this context carries no scope`
}

type placer interface {
	place(ctx context.Context) error
}

func throughInterface(p placer) error {
	return p.place(context.Background()) // want `this context carries no scope`
}

// A home-made retry hands its own context on.
func retry(ctx context.Context, fn func(context.Context) error) (err error) {
	for range 3 {
		if err = fn(ctx); err == nil {
			return nil
		}
	}
	return err
}

func retried() error {
	return retry(context.Background(), place) // want `this context carries no scope`
}

func retriedInScope(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error { return retry(ctx, place) })
}

func retriedRuns() error {
	return retry(context.Background(), func(ctx context.Context) error { return airlock.Run(ctx, place) })
}

// A table of steps.
func steps() error {
	for _, step := range []func(context.Context) error{place, place} {
		if err := step(context.Background()); err != nil { // want `this context carries no scope`
			return err
		}
	}
	return nil
}

func contexts(parent context.Context, n int) iter.Seq[context.Context] {
	return func(yield func(context.Context) bool) {
		for range n {
			if !yield(parent) {
				return
			}
		}
	}
}

func inLoopOverFunc(ctx context.Context) error {
	for i := range 3 {
		err := airlock.Run(ctx, func(ctx context.Context) error { return mail.Enqueue(ctx, string(rune(i))) })
		if err != nil {
			return err
		}
	}
	return nil
}

func outerInScope(ctx context.Context) error {
	return airlock.Run(ctx, func(inner context.Context) error {
		if cond() {
			return place(ctx) // want `this enqueues outside the scope opened on line`
		}
		return place(inner)
	})
}

func outerAfterScope(ctx context.Context) error {
	if err := airlock.Run(ctx, func(ctx context.Context) error { return place(ctx) }); err != nil {
		return err
	}
	return place(ctx) // the scope has closed
}

func detachedOnPurpose(ctx context.Context) {
	go func() {
		_ = airlock.Run(airlock.Detach(ctx), place)
	}()
}

func fireAndForget(ctx context.Context) {
	go func() { // want `this may enqueue after its scope has closed`
		_ = place(ctx)
	}()
}

func waits(ctx context.Context) error {
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = place(ctx)
		}()
	}
	wg.Wait()
	return nil
}

func waitsOnOnePath(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // want `this may enqueue after its scope has closed`
		defer wg.Done()
		_ = place(ctx)
	}()
	if cond() {
		return errors.New("not waited")
	}
	wg.Wait()
	return nil
}

func waitsDeferred(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { _ = place(ctx) })
	if cond() {
		return errors.New("waited all the same")
	}
	return nil
}

func group(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for range 3 {
		g.Go(func() error { return place(ctx) })
	}
	return g.Wait()
}

func groupForgotten(ctx context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return place(ctx) }) // want `this may enqueue after its scope has closed`
}

func results(ctx context.Context) error {
	errs := make(chan error, 1)
	go func() { errs <- place(ctx) }()
	select {
	case err := <-errs:
		return err
	case <-time.After(time.Second):
		return <-errs
	}
}

func resultsAbandoned(ctx context.Context) error {
	errs := make(chan error, 1)
	go func() { errs <- place(ctx) }() // want `this may enqueue after its scope has closed`
	select {
	case err := <-errs:
		return err
	case <-time.After(time.Second):
		return errors.New("timeout")
	}
}

func inTest(t *testing.T) {
	if err := place(t.Context()); err != nil { // want `this context carries no scope`
		t.Fatal(err)
	}
}

func inSubtest(t *testing.T) {
	t.Run("sub", func(t *testing.T) {
		ctx, scope := airlock.Begin(t.Context())
		defer scope.Discard()
		if err := place(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func inCleanup(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context())
	t.Cleanup(func() {
		_ = place(ctx) // cleanups run last in, first out: the scope is open here
	})
	t.Cleanup(scope.Discard)
}

func once(ctx context.Context) {
	var o sync.Once
	o.Do(func() { _ = place(ctx) })
}

func onceUnscoped() {
	var o sync.Once
	o.Do(func() { _ = place(context.TODO()) }) // want `this context carries no scope`
}

var lazily = sync.OnceValue(func() error {
	return place(context.Background()) // want `this context carries no scope`
})

func generic[T any](ctx context.Context, v T, fn func(context.Context, T) error) error {
	return fn(ctx, v)
}

func generically() error {
	return generic(context.Background(), "a", task[string]{mail}.enqueue) // want `this context carries no scope`
}

type task[A any] struct{ t *airlock.Task[A] }

func (t task[A]) enqueue(ctx context.Context, arg A) error { return t.t.Enqueue(ctx, arg) }

func genericMethod() error {
	return task[string]{mail}.enqueue(context.Background(), "a") // want `this context carries no scope`
}

func guarded(ctx context.Context) error {
	if _, ok := airlock.FromContext(ctx); !ok {
		return send(ctx, "a")
	}
	return place(ctx)
}

func guardedCaller() error { return guarded(context.Background()) } // it asks

func deferred(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, place(ctx)) }()
	return nil
}

func deferredUnscoped() {
	defer place(context.Background()) // want `this context carries no scope`
}

func contextOfStruct() error {
	j := job{ctx: context.Background()}
	return j.run() // contexts in fields are unknown
}

type job struct{ ctx context.Context }

func (j job) run() error { return place(j.ctx) }

func ticker(ctx context.Context) {
	for range time.Tick(time.Second) {
		_ = airlock.Run(ctx, place)
	}
}

func tickerUnscoped() {
	for range time.Tick(time.Second) {
		_ = place(context.Background()) // want `this context carries no scope`
	}
}
