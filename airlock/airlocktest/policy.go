package airlocktest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// TestPolicy tests that a policy keeps the rules of [airlock.Policy], with a subtest for each rule. open makes the policy under test. The
// suite enqueues [ProbeTask]; it holds for policies that refuse it, drop it or let it pass.
func TestPolicy(t *testing.T, open func(t *testing.T) airlock.Policy) {
	for _, c := range policyCases {
		t.Run(c.rule, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var policyCases = []struct {
	rule string
	test func(t *testing.T, p airlock.Policy)
}{
	{"RefusesAsAPolicyError", refusesAsPolicyError},
	{"AllowsIsCheapAndSteady", allowsIsSteady},
	{"DoesNotEnqueue", doesNotEnqueue},
	{"MayBeUsedConcurrently", policyConcurrently},
	{"BindsNestedScopes", bindsNested},
	{"AgreesWithAllowAll", agreesWithAllowAll},
}

// refusesAsPolicyError: what OnEnqueue refuses is not buffered, and the error tells who refused.
func refusesAsPolicyError(t *testing.T, p airlock.Policy) {
	ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(p))
	defer scope.Discard()
	err := ProbeTask.Enqueue(ctx, newProbeLog().probe(0, ""))
	if err == nil {
		if len(scope.Intents()) != 1 {
			t.Errorf("the enqueue was accepted, and the scope has %d intents", len(scope.Intents()))
		}
		return
	}
	if refusal := new(airlock.PolicyError); !errors.As(err, &refusal) {
		t.Errorf("the enqueue failed with %v, want a *airlock.PolicyError", err)
	}
	if len(scope.Intents()) != 0 {
		t.Error("the intent was refused and buffered all the same")
	}
}

// allowsIsSteady: Allows has no side effects, so that asking twice tells the same, and a flush acts on it.
func allowsIsSteady(t *testing.T, p airlock.Policy) {
	log := newProbeLog()
	ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(p), airlock.WithExecutor(airlock.Inline()))
	defer scope.Discard()
	if ProbeTask.Enqueue(ctx, log.probe(0, "")) != nil {
		return // refused: Allows is not asked
	}
	i := scope.Intents()[0]
	first, second := i.Verdict() == nil, i.Verdict() == nil
	if first != second {
		t.Fatalf("Allows says %t and then %t of one intent", first, second)
	}
	if err := scope.Flush(ctx); err != nil {
		t.Fatalf("Flush: %v", err)
	}
	if ran := len(log.runs()) == 1; ran != first {
		t.Errorf("Allows says %t, and the task ran: %t", first, ran)
	}
}

// doesNotEnqueue: under the context that a policy is given, an enqueue is refused; a policy that tries and ignores the error has
// lost an effect, and one that closed over another context has let one out.
func doesNotEnqueue(t *testing.T, p airlock.Policy) {
	var enqueued []string
	ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(p), airlock.WithObserver(airlock.Observer{
		Enqueued: func(_ context.Context, e airlock.IntentEvent) { enqueued = append(enqueued, e.Intent.Name()) },
	}))
	defer scope.Discard()
	err := ProbeTask.Enqueue(ctx, newProbeLog().probe(0, ""))
	if errors.Is(err, airlock.ErrPolicyEnqueue) {
		t.Errorf("the policy enqueues: %v", err)
	}
	for _, name := range enqueued {
		if name != ProbeTask.Name() {
			t.Errorf("the policy enqueued %s", name)
		}
	}
}

func policyConcurrently(t *testing.T, p airlock.Policy) {
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			ctx, scope := airlock.Begin(context.Background(), airlock.WithPolicy(p))
			defer scope.Discard()
			if ProbeTask.Enqueue(ctx, newProbeLog().probe(n, "")) == nil {
				scope.Intents()[0].Verdict()
			}
		})
	}
	wg.Wait()
}

// bindsNested: a scope nested in the policy's is bound as the policy's own.
func bindsNested(t *testing.T, p airlock.Policy) {
	verdict := func(nested bool) (refused, dropped bool) {
		ctx, outer := airlock.Begin(t.Context(), airlock.WithPolicy(p))
		defer outer.Discard()
		scope := outer
		if nested {
			ctx, scope = airlock.Begin(ctx)
			defer scope.Discard()
		}
		if ProbeTask.Enqueue(ctx, newProbeLog().probe(0, "")) != nil {
			return true, false
		}
		return false, scope.Intents()[0].Verdict() != nil
	}
	refused, dropped := verdict(false)
	nestedRefused, nestedDropped := verdict(true)
	if refused != nestedRefused || dropped != nestedDropped {
		t.Errorf("in its own scope the policy refuses: %t, drops: %t; in a nested one it refuses: %t, drops: %t", refused, dropped, nestedRefused, nestedDropped)
	}
}

// agreesWithAllowAll: a policy beside AllowAll says what it says alone.
func agreesWithAllowAll(t *testing.T, p airlock.Policy) {
	verdict := func(p airlock.Policy) bool {
		ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(p))
		defer scope.Discard()
		return ProbeTask.Enqueue(ctx, newProbeLog().probe(0, "")) == nil && scope.Intents()[0].Verdict() == nil
	}
	if alone, beside := verdict(p), verdict(airlock.Policies(airlock.AllowAll(), p)); alone != beside {
		t.Errorf("alone the policy lets the probe pass: %t; beside AllowAll: %t", alone, beside)
	}
}
