package airlock_test

import (
	"context"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// What enqueueing and flushing may allocate. BenchmarkRatio says what they may cost.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, c := range []struct {
		name string
		most float64
		f    func(ctx context.Context) error
		opts []airlock.ScopeOption
	}{
		{"Enqueue", 2, enqueueFunction, nil},
		{"Task.Enqueue", 2, enqueueTask, nil},
		{"Task.Enqueue, built-in policies", 2, enqueueTask, []airlock.ScopeOption{
			airlock.WithPolicy(airlock.Policies(airlock.BlockTasks("a.*"), airlock.RejectTasks("b.*"), airlock.DropAll())),
		}},
		{"Task.Enqueue, a route", 2, enqueueTask, []airlock.ScopeOption{airlock.WithRoute(airlock.Inline(), "bench.*")}},
		{"Task.Enqueue, the user's policy", 3, enqueueTask, []airlock.ScopeOption{airlock.WithPolicy(userPolicy{})}},
	} {
		ctx, s := airlock.Begin(bg, c.opts...)
		for range 1 << 12 { // room to append
			wantNil(t, c.f(ctx))
		}
		if n := testing.AllocsPerRun(100, func() { c.f(ctx) }); n > c.most {
			t.Errorf("%s: %v allocations, want %v", c.name, n, c.most)
		}
		s.Discard()
	}
	for name, scope := range map[string]func(context.Context) error{"Run": airlockScope, "Begin": openScope} {
		if n := testing.AllocsPerRun(100, func() { scope(bg) }); n > 12 {
			t.Errorf("%s with five effects: %v allocations, want 12", name, n)
		}
	}
}
