package effect_test

import (
	"math/bits"
	"slices"
	"testing"

	"github.com/airlock-go/airlock/internal/effect"
)

// every yields all sets over four effects that cover both directions and both ends of the kinds.
func every(yield func(effect.Set) bool) {
	es := []effect.Effect{effect.Command(effect.Mail), effect.Query(effect.Mail), effect.Command(effect.HTTP), effect.Query(effect.Env)}
	for mask := range 1 << len(es) {
		var s effect.Set
		for i, e := range es {
			if mask&(1<<i) != 0 {
				s = s.Join(effect.SetOf(e))
			}
		}
		if !yield(s) {
			return
		}
	}
}

func TestJoinLaws(t *testing.T) {
	for a := range every {
		if a.Join(a) != a || a.Join(0) != a {
			t.Fatalf("join is not idempotent with the empty set as identity at %v", a)
		}
		for b := range every {
			if a.Join(b) != b.Join(a) {
				t.Fatalf("join is not commutative at %v, %v", a, b)
			}
			if a.Join(b).Meet(a) != a || a.Join(b).Minus(b) != a.Minus(b) {
				t.Fatalf("join is not monotone at %v, %v", a, b)
			}
			for c := range every {
				if a.Join(b).Join(c) != a.Join(b.Join(c)) {
					t.Fatalf("join is not associative at %v, %v, %v", a, b, c)
				}
			}
		}
	}
}

func TestEffectsRoundTrip(t *testing.T) {
	for k := range effect.Kinds() {
		parsed, err := effect.ParseKind(k.String())
		if err != nil || parsed != k {
			t.Errorf("ParseKind(%q) = %v, %v", k, parsed, err)
		}
		for _, command := range []bool{true, false} {
			e := effect.Of(k, command)
			if e.Kind() != k || e.IsCommand() != command {
				t.Errorf("Of(%v, %v) = %v", k, command, e)
			}
			if s := effect.SetOf(e); !s.Has(e) || s.Len() != 1 || bits.OnesCount64(uint64(s)) != 1 || !slices.Equal(slices.Collect(s.All()), []effect.Effect{e}) {
				t.Errorf("SetOf(%v) = %v", e, s)
			}
		}
	}
	if _, err := effect.ParseKind("mial"); err == nil {
		t.Error("ParseKind accepts a name that is no kind")
	}
}

func TestEnabledByDefault(t *testing.T) {
	const want = "mail, notify, http, rpc, queue, exec, storage, search, payment, infra, other"
	if got := effect.Enabled().String(); got != want {
		t.Errorf("Enabled() = %s, want %s", got, want)
	}
}
