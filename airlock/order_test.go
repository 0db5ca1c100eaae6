package airlock_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// batcher notes the batches that it gets.
type batcher struct {
	name string
	got  *[]string
	errs func(is []*airlock.Intent) []error
}

func (b *batcher) Execute(context.Context, *airlock.Intent) error { panic("not one by one") }

func (b *batcher) ExecuteBatch(_ context.Context, is []*airlock.Intent) []error {
	*b.got = append(*b.got, fmt.Sprint(b.name, args(is)))
	if b.errs != nil {
		return b.errs(is)
	}
	return nil
}

func TestI2_NothingRunsBeforeFlush(t *testing.T) {
	var tp tape
	ctx, s := airlock.Begin(bg)
	tp.put(t, ctx, "a")
	wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "b"); return nil }))
	tp.put(t, ctx, "c")
	tp.wants(t)
	wantEqual(t, "intents", args(s.Intents()), []string{"a", "b", "c"})
	wantEqual(t, "own", args(s.Own()), []string{"a", "c"})
	wantEqual(t, "captured", args(s.Captured()), []string{"b"})
	wantEqual(t, "report", outcomes(s.Report()), []string{"a Pending", "b Pending", "c Pending"})
	wantNil(t, s.Flush(ctx))
	tp.wants(t, "a", "b", "c")
}

// Whatever the shape of the tree, one flush runs everything in the order in which it was enqueued.
func TestI2_GlobalOrder(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		var tp tape
		var want []string
		n := 0
		var grow func(ctx context.Context, depth int)
		grow = func(ctx context.Context, depth int) {
			var open []*airlock.Scope
			ctxs := []context.Context{ctx}
			for range rnd.IntN(12) {
				switch k := rnd.IntN(10); {
				case k == 0 && depth < 6:
					inner, s := airlock.Begin(ctx)
					open, ctxs = append(open, s), append(ctxs, inner)
				case k < 3 && depth < 6:
					wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { grow(ctx, depth+1); return nil }))
				default: // in any of the scopes that are open side by side
					n++
					what := fmt.Sprint(n)
					tp.put(t, ctxs[rnd.IntN(len(ctxs))], what)
					want = append(want, what)
				}
			}
			for _, s := range open {
				wantNil(t, s.Flush(ctx))
			}
		}
		wantNil(t, airlock.Run(bg, func(ctx context.Context) error { grow(ctx, 0); return nil }))
		tp.wants(t, want...)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// Few intents of many that were numbered: the others left, or were discarded.
func TestI2_OrderOfFewAmongMany(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		one, a := airlock.Begin(ctx)
		two, b := airlock.Begin(ctx)
		for k := range 40 {
			tp.put(t, []context.Context{one, two}[k%2], fmt.Sprint(k))
			lost, c := airlock.Begin(ctx)
			for range 20 {
				tp.put(t, lost, "lost")
			}
			c.Discard()
		}
		wantNil(t, b.Flush(ctx))
		return a.Flush(ctx)
	}))
	var want []string
	for k := range 40 {
		want = append(want, fmt.Sprint(k))
	}
	tp.wants(t, want...)
}

func TestI2_BatchesAreMaximalRuns(t *testing.T) {
	var got []string
	a, b := &batcher{name: "a", got: &got}, &batcher{name: "b", got: &got}
	one := airlock.ExecutorFunc(func(_ context.Context, i *airlock.Intent) error {
		got = append(got, fmt.Sprint("one", i.Arg()))
		return nil
	})
	var tp tape
	err := airlock.Run(bg, func(ctx context.Context) error {
		for _, e := range []struct {
			what string
			ex   airlock.Executor
		}{{"1", a}, {"2", a}, {"3", b}, {"4", a}, {"5", one}, {"6", one}, {"7", b}, {"dropped", a}, {"8", b}} {
			if err := airlock.Enqueue(ctx, tp.ran, e.what, airlock.Via(e.ex)); err != nil {
				return err
			}
		}
		return nil
	}, airlock.WithPolicy(drop("dropped")))
	wantNil(t, err)
	wantEqual(t, "batches", got, []string{"a[1 2]", "b[3]", "a[4]", "one5", "one6", "b[7 8]"})
}

// A batchFunc can't be compared.
type batchFunc func(is []*airlock.Intent)

func (batchFunc) Execute(context.Context, *airlock.Intent) error { return errBoom }
func (f batchFunc) ExecuteBatch(_ context.Context, is []*airlock.Intent) []error {
	f(is)
	return nil
}

func TestI2_FunctionsBatchToo(t *testing.T) {
	var batches []int
	ex := batchFunc(func(is []*airlock.Intent) { batches = append(batches, len(is)) })
	var tp tape
	for _, opts := range [][]airlock.ScopeOption{{airlock.WithExecutor(ex)}, {airlock.WithRoute(ex, "*")}} {
		wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
			tp.put(t, ctx, "a", "b")
			return airlock.Enqueue(ctx, tp.ran, "c", airlock.Via(ex))
		}, opts...))
	}
	wantEqual(t, "sizes of the batches", batches, []int{3, 3})
}

func TestI2_PoliciesFilterOnly(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "a", "b", "c")
		return nil
	}, airlock.WithPolicy(drop("b"))))
	tp.wants(t, "a", "c")
}
