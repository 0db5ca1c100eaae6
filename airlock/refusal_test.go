package airlock_test

import (
	"context"
	"errors"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestI4_IgnoredRefusalFailsTheFlush(t *testing.T) {
	var tp tape
	var scope *airlock.Scope
	err := airlock.Run(bg, func(ctx context.Context) error {
		scope, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		_ = airlock.Enqueue(ctx, tp.ran, "no")
		tp.put(t, ctx, "b")
		return nil
	}, airlock.WithPolicy(reject("no")))
	wantErr(t, err, errBoom)
	var pe *airlock.PolicyError
	if !errors.As(err, &pe) || pe.Intent.Arg() != "no" {
		t.Errorf("error is %v, want a *PolicyError with the intent", err)
	}
	wantState(t, scope, airlock.Discarded)
	wantEqual(t, "report", outcomes(scope.Report()), []string{"a Discarded", "b Discarded"})
	tp.wants(t)
}

func TestI4_RefusalsJoinInOrder(t *testing.T) {
	var tp tape
	p := &probe{onEnqueue: func(_ context.Context, i *airlock.Intent) error { return errors.New("no " + i.Arg().(string)) }}
	ctx, s := airlock.Begin(bg, airlock.WithPolicy(p))
	var want []error
	for _, what := range []string{"a", "b", "c"} {
		want = append(want, airlock.Enqueue(ctx, tp.ran, what))
	}
	err := s.Flush(ctx)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("error is %T, want joined ones", err)
	}
	got := joined.Unwrap()
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("Flush returned %v, want %v", got, want)
	}
	wantState(t, s, airlock.Discarded)
}

func TestI4_RunDoesNotRepeatWhatFnReturns(t *testing.T) {
	var tp tape
	var first error
	err := airlock.Run(bg, func(ctx context.Context) error {
		first = airlock.Enqueue(ctx, tp.ran, "no")
		return first
	}, airlock.WithPolicy(reject("no")))
	if err != first {
		t.Errorf("Run returned %v, want fn's error itself", err)
	}
	var second error
	err = airlock.Run(bg, func(ctx context.Context) error {
		first = airlock.Enqueue(ctx, tp.ran, "no")
		second = airlock.Enqueue(ctx, tp.ran, "no")
		return second
	}, airlock.WithPolicy(reject("no")))
	wantErr(t, err, first, second)
}

func TestI4_AncestorsRememberUpToThePolicysOwner(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	middle, owner := airlock.Begin(root, airlock.WithPolicy(reject("no")))
	err := airlock.Run(middle, func(ctx context.Context) error {
		return errors.Join(airlock.Run(ctx, func(ctx context.Context) error {
			_ = airlock.Enqueue(ctx, tp.ran, "no")
			return errBoom // the innermost scope discards
		}), nil) // and so does this one
	})
	wantErr(t, err, errBoom)
	tp.put(t, middle, "a")
	wantErr(t, owner.Flush(middle), errBoom)
	wantState(t, owner, airlock.Discarded)
	tp.put(t, root, "b")
	wantNil(t, outer.Flush(root)) // beyond the owner
	tp.wants(t, "b")
}

func TestI4_LocalPolicyIsOwnedByItsScope(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	local := airlock.WithLocalPolicy(root, reject("no"))
	inner, s := airlock.Begin(local)
	_ = airlock.Enqueue(inner, tp.ran, "no")
	s.Discard()
	wantErr(t, outer.Flush(root), errBoom)

	// Without a scope around it, it belongs to the world: every scope below remembers.
	world := airlock.WithLocalPolicy(bg, reject("no"))
	root, outer = airlock.Begin(world)
	inner, s = airlock.Begin(root)
	_ = airlock.Enqueue(inner, tp.ran, "no")
	s.Discard()
	wantErr(t, outer.Flush(root), errBoom)
	tp.wants(t)
}

func TestI4_HandledTakesItBack(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg, airlock.WithPolicy(reject("no")))
	wantNil(t, airlock.Run(root, func(ctx context.Context) error {
		err := airlock.Enqueue(ctx, tp.ran, "no")
		var pe *airlock.PolicyError
		if !errors.As(err, &pe) {
			t.Fatalf("error is %v", err)
		}
		pe.Handled()
		pe.Handled()
		tp.put(t, ctx, "instead")
		return nil
	}))
	wantNil(t, outer.Flush(root))
	tp.wants(t, "instead")
	new(airlock.PolicyError).Handled() // nobody remembers it
}

// unfit is an executor that can't take anything.
type unfit struct{ err error }

func (u unfit) Execute(context.Context, *airlock.Intent) error { return nil }
func (u unfit) Prepare(context.Context, *airlock.Intent) (any, error) {
	return nil, u.err
}

func TestI4_WhatCantBeEncodedIsRemembered(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg)
	err := airlock.Run(root, func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		_ = airlock.Enqueue(ctx, tp.ran, "b", airlock.Via(unfit{errBoom}))
		return nil
	})
	wantErr(t, err, errBoom)
	wantContains(t, err.Error(), "tape.ran", "refusal_test.go")
	wantNil(t, outer.Flush(root)) // its own scope alone remembers
	tp.wants(t)
}

func TestI4_PoliciesAreAskedBeforeTheExecutor(t *testing.T) {
	var tp tape
	root, outer := airlock.Begin(bg, airlock.WithPolicy(airlock.AssertNoEffects()))
	_ = airlock.Run(root, func(ctx context.Context) error {
		_ = airlock.Enqueue(ctx, tp.ran, "b", airlock.Via(unfit{errBoom}))
		return nil
	})
	var pe *airlock.PolicyError
	if err := outer.Flush(root); !errors.As(err, &pe) {
		t.Errorf("Flush returned %v, want the policy's refusal", err)
	}
}

func TestI4_ShouldFlushDoesNotHideRefusals(t *testing.T) {
	var tp tape
	err := airlock.Run(bg, func(ctx context.Context) error {
		_ = airlock.Enqueue(ctx, tp.ran, "no")
		return nil
	}, airlock.WithPolicy(reject("no")), airlock.WithShouldFlush(func(error) bool { return false }))
	wantErr(t, err, errBoom)
	err = airlock.Run(bg, func(ctx context.Context) error {
		s, _ := airlock.FromContext(ctx)
		_ = airlock.Enqueue(ctx, tp.ran, "no")
		s.Discard()
		return nil
	}, airlock.WithPolicy(reject("no")))
	wantErr(t, err, errBoom)
}

func TestI4_RefusalsAreNotRepeatedByAFlushInSpiteOfTheError(t *testing.T) {
	var tp tape
	var first error
	err := airlock.Run(bg, func(ctx context.Context) error {
		first = airlock.Enqueue(ctx, tp.ran, "no")
		return first
	}, airlock.WithPolicy(reject("no")), airlock.WithShouldFlush(func(error) bool { return true }))
	if err != first {
		t.Errorf("Run returned %v, want fn's error itself", err)
	}
}
