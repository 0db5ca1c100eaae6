package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/airlock-go/airlock/airlock"
	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBoom = errors.New("boom")

// A tape records which effects ran, in order.
type tape struct {
	mu  sync.Mutex
	got []string
}

// ran is the effect.
func (t *tape) ran(_ context.Context, what string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got = append(t.got, what)
	return nil
}

// put enqueues the effect, and fails the test if that fails.
func (t *tape) put(tb testing.TB, ctx context.Context, whats ...string) {
	tb.Helper()
	for _, what := range whats {
		if err := airlock.Enqueue(ctx, t.ran, what); err != nil {
			tb.Fatalf("Enqueue(%q): %v", what, err)
		}
	}
}

func (t *tape) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.got)
}

// wants fails the test unless exactly these effects ran, in this order.
func (t *tape) wants(tb testing.TB, want ...string) {
	tb.Helper()
	if diff := cmp.Diff(want, t.all()); diff != "" && len(want)+len(t.all()) > 0 {
		tb.Errorf("effects that ran (-want +got):\n%s", diff)
	}
}

func wantErr(tb testing.TB, got error, want ...error) {
	tb.Helper()
	for _, w := range want {
		if !errors.Is(got, w) {
			tb.Errorf("error is %v, want one that matches %v", got, w)
		}
	}
}

func wantNil(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Errorf("unexpected error: %v", err)
	}
}

func wantState(tb testing.TB, s *airlock.Scope, want airlock.State) {
	tb.Helper()
	if got := s.State(); got != want {
		tb.Errorf("scope is %v, want %v", got, want)
	}
}

// args returns the intents' arguments, to compare.
func args(is []*airlock.Intent) []string {
	list := []string{}
	for _, i := range is {
		list = append(list, fmt.Sprint(i.Arg()))
	}
	return list
}

// outcomes returns "argument outcome" for each result.
func outcomes(r *airlock.Report) []string {
	list := []string{}
	for _, res := range r.Results() {
		list = append(list, fmt.Sprintf("%v %v", res.Intent.Arg(), res.Outcome))
	}
	return list
}

func wantEqual[T any](tb testing.TB, what string, got, want T) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// panics returns what f panics with.
func panics(tb testing.TB, f func()) (v any) {
	tb.Helper()
	defer func() {
		if v = recover(); v == nil {
			tb.Error("did not panic")
		}
	}()
	f()
	return nil
}

// A probe is a policy made of functions; nil ones allow.
type probe struct {
	name       string
	onEnqueue  func(ctx context.Context, i *airlock.Intent) error
	allows     func(ctx context.Context, i *airlock.Intent) bool
	onDispatch func(ctx context.Context, i *airlock.Intent)
	onEscape   func(ctx context.Context, kind, what string) error
}

func (p *probe) OnEnqueue(ctx context.Context, i *airlock.Intent) error {
	if p.onEnqueue == nil {
		return nil
	}
	return p.onEnqueue(ctx, i)
}

func (p *probe) Allows(ctx context.Context, i *airlock.Intent) bool {
	return p.allows == nil || p.allows(ctx, i)
}

func (p *probe) OnDispatch(ctx context.Context, i *airlock.Intent) {
	if p.onDispatch != nil {
		p.onDispatch(ctx, i)
	}
}

func (p *probe) OnEscape(ctx context.Context, kind, what string) error {
	if p.onEscape == nil {
		return nil
	}
	return p.onEscape(ctx, kind, what)
}

func (p *probe) String() string { return "probe " + p.name }

// reject refuses the intents with an argument.
func reject(arg string) *probe {
	return &probe{name: "reject " + arg, onEnqueue: func(_ context.Context, i *airlock.Intent) error {
		if fmt.Sprint(i.Arg()) == arg {
			return errBoom
		}
		return nil
	}}
}

// drop drops the intents with an argument.
func drop(arg string) *probe {
	return &probe{name: "drop " + arg, allows: func(_ context.Context, i *airlock.Intent) bool {
		return fmt.Sprint(i.Arg()) != arg
	}}
}

func wantContains(tb testing.TB, s string, parts ...string) {
	tb.Helper()
	for _, p := range parts {
		if !strings.Contains(s, p) {
			tb.Errorf("%q does not contain %q", s, p)
		}
	}
}

var bg = context.Background()
