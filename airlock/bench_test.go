package airlock_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

// What a careful person writes by hand: a record of a closure, a name, the boxed argument and the caller, appended under a
// mutex and found through the context; each is run with recover, on an uncancelled context.

type record struct {
	name string
	arg  any
	pc   uintptr
	run  func(context.Context) error
}

type recorder struct {
	mu      sync.Mutex
	records []record
}

type recorderKey struct{}

func withRecorder(ctx context.Context) (context.Context, *recorder) {
	r := new(recorder)
	return context.WithValue(ctx, recorderKey{}, r), r
}

func handEnqueue[A any](ctx context.Context, name string, fn func(context.Context, A) error, arg A) error {
	r, ok := ctx.Value(recorderKey{}).(*recorder)
	if !ok {
		return fmt.Errorf("no recorder for %s", name)
	}
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	rec := record{name: name, arg: arg, pc: pcs[0], run: func(ctx context.Context) error { return fn(ctx, arg) }}
	r.mu.Lock()
	r.records = append(r.records, rec)
	r.mu.Unlock()
	return nil
}

func (r *recorder) flush(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	for _, rec := range r.records {
		if err := rec.protected(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r record) protected(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: %v", r.name, v)
		}
	}()
	return r.run(ctx)
}

var sink int

func notify(_ context.Context, id int) error { sink += id; return nil }

var notifyTask = airlock.NewTask("bench.notify", notify)

// Arguments that don't fit a word's small-integer cache, so that boxing them by hand costs what it costs.
const someID = 1 << 20

func handScope(ctx context.Context) error {
	ctx, r := withRecorder(ctx)
	for k := range 5 {
		if err := handEnqueue(ctx, "bench.notify", notify, someID+k); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

func airlockScope(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		for k := range 5 {
			if err := notifyTask.Enqueue(ctx, someID+k); err != nil {
				return err
			}
		}
		return nil
	})
}

func openScope(ctx context.Context) error {
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	for k := range 5 {
		if err := airlock.Enqueue(ctx, notify, someID+k); err != nil {
			return err
		}
	}
	return s.Flush(ctx)
}

// perScope spreads n enqueues over scopes of a thousand.
const perScope = 1000

func handEnqueues(n int) {
	for n > 0 {
		ctx, _ := withRecorder(context.Background())
		for range min(n, perScope) {
			handEnqueue(ctx, "bench.notify", notify, someID)
		}
		n -= perScope
	}
}

func enqueues(n int, one func(ctx context.Context) error, opts ...airlock.ScopeOption) {
	for n > 0 {
		airlock.Run(context.Background(), func(ctx context.Context) error {
			for range min(n, perScope) {
				one(ctx)
			}
			s, _ := airlock.FromContext(ctx)
			s.Discard()
			return nil
		}, opts...)
		n -= perScope
	}
}

func enqueueFunction(ctx context.Context) error { return airlock.Enqueue(ctx, notify, someID) }
func enqueueTask(ctx context.Context) error     { return notifyTask.Enqueue(ctx, someID) }

func BenchmarkEnqueue(b *testing.B) {
	b.ReportAllocs()
	b.Run("byhand", func(b *testing.B) { b.ReportAllocs(); handEnqueues(b.N) })
	b.Run("function", func(b *testing.B) { b.ReportAllocs(); enqueues(b.N, enqueueFunction) })
	b.Run("task", func(b *testing.B) { b.ReportAllocs(); enqueues(b.N, enqueueTask) })
	b.Run("blocktasks", func(b *testing.B) {
		b.ReportAllocs()
		enqueues(b.N, enqueueTask, airlock.WithPolicy(airlock.BlockTasks("shop.*")))
	})
	b.Run("userpolicy", func(b *testing.B) {
		b.ReportAllocs()
		enqueues(b.N, enqueueTask, airlock.WithPolicy(userPolicy{}))
	})
}

type userPolicy struct{}

func (userPolicy) OnEnqueue(context.Context, *airlock.Intent) error { return nil }
func (userPolicy) Allows(context.Context, *airlock.Intent) bool     { return true }

func BenchmarkScope(b *testing.B) {
	ctx := context.Background()
	for name, scope := range map[string]func(context.Context) error{"byhand": handScope, "run": airlockScope, "begin": openScope} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := scope(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRatio compares in one run: rounds of both sides alternate, and the median of the rounds' ratios is reported.
func BenchmarkRatio(b *testing.B) {
	ctx := context.Background()
	times := func(n int, f func(context.Context) error) func() {
		return func() {
			for range n {
				f(ctx)
			}
		}
	}
	byHand := func() { handEnqueues(20 * perScope) }
	for _, c := range []struct {
		name         string
		ours, byHand func()
	}{
		{"enqueue", func() { enqueues(20*perScope, enqueueFunction) }, byHand},
		{"task", func() { enqueues(20*perScope, enqueueTask) }, byHand},
		{"scope", times(4000, airlockScope), times(4000, handScope)},
		{"begin", times(4000, openScope), times(4000, handScope)},
	} {
		b.Run(c.name, func(b *testing.B) { b.ReportMetric(medianRatio(b.N, c.ours, c.byHand), "x-by-hand") })
	}
}

func medianRatio(rounds int, ours, byHand func()) float64 {
	ratios := make([]float64, max(rounds, 1))
	for k := range ratios {
		a, b := elapsed(ours), elapsed(byHand)
		if k%2 == 1 { // take turns at going first
			b, a = elapsed(byHand), elapsed(ours)
		}
		ratios[k] = float64(a) / float64(b)
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

func elapsed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// BenchmarkParallelEnqueue has all processors enqueue in one scope.
func BenchmarkParallelEnqueue(b *testing.B) {
	b.ReportAllocs()
	ctx, s := airlock.Begin(context.Background())
	defer s.Discard()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := notifyTask.Enqueue(ctx, someID); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkNested flushes n intents out of nested scopes: flat, ten deep and a thousand deep, one or a thousand in each. The
// time per intent should not depend on n.
func BenchmarkNested(b *testing.B) {
	for _, c := range []struct{ n, depth, each int }{
		{1_000, 2, 1}, {1_000_000, 2, 1}, {1_000, 10, 10}, {1_000_000, 10, 10}, {1_000_000, 1000, 1000},
	} {
		b.Run(fmt.Sprintf("n=%d/depth=%d/each=%d", c.n, c.depth, c.each), func(b *testing.B) {
			for b.Loop() {
				if err := nested(c.n, c.depth, c.each); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/intent")
		})
	}
}

func nested(n, depth, each int) error {
	return airlock.Run(context.Background(), func(ctx context.Context) error {
		for n > 0 {
			if err := descend(ctx, &n, depth-1, each); err != nil {
				return err
			}
		}
		return nil
	})
}

// descend enqueues before and after the scope nested in its own, so that captured lists interleave with own ones.
func descend(ctx context.Context, n *int, depth, each int) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		for k := range each {
			if k == (each+1)/2 && depth > 1 && *n > 0 {
				if err := descend(ctx, n, depth-1, each); err != nil {
					return err
				}
			}
			*n--
			if err := notifyTask.Enqueue(ctx, someID); err != nil {
				return err
			}
		}
		return nil
	})
}
