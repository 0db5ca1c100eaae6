package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestI13_EscapeAsksThePolicies(t *testing.T) {
	var log []string
	asks := func(name string, err error) *probe {
		return &probe{name: name, onEscape: func(_ context.Context, kind, what string) error {
			log = append(log, fmt.Sprint(name, " ", kind, " ", what))
			return err
		}}
	}
	var seen []string
	o := airlock.Observer{Escaped: func(_ context.Context, e airlock.EscapeEvent) {
		seen = append(seen, fmt.Sprint(e.Kind, " ", e.What, " ", e.Err != nil))
	}}
	root, outer := airlock.Begin(bg, airlock.WithPolicy(asks("outer", nil)), airlock.WithObserver(o))
	middle, owner := airlock.Begin(root, airlock.WithPolicy(asks("middle", errBoom)))
	inner, s := airlock.Begin(middle, airlock.WithPolicy(asks("inner", errors.New("not asked"))))
	err := airlock.Escape(inner, "mail", "to somebody")
	wantErr(t, err, airlock.ErrEscaped, errBoom)
	var pe *airlock.PolicyError
	if !errors.As(err, &pe) || pe.Intent != nil {
		t.Errorf("error is %v, want a *PolicyError without an intent", err)
	}
	wantEqual(t, "error", err.Error(), "airlock: direct effect refused: mail: to somebody: probe middle: boom")
	wantEqual(t, "asked", log, []string{"outer mail to somebody", "middle mail to somebody"})
	wantEqual(t, "observed", seen, []string{"mail to somebody true"})
	wantErr(t, s.Flush(inner), err)
	wantErr(t, owner.Flush(middle), err)
	wantNil(t, outer.Flush(root))
}

func TestI13_EscapeIsRememberedUnlessHandled(t *testing.T) {
	for _, handled := range []bool{false, true} {
		err := airlock.Run(bg, func(ctx context.Context) error {
			var pe *airlock.PolicyError
			if errors.As(airlock.Escape(ctx, "http", "POST https://example.com"), &pe) && handled {
				pe.Handled()
			}
			return nil
		}, airlock.WithPolicy(airlock.AssertNoEffects()))
		if handled {
			wantNil(t, err)
		} else {
			wantErr(t, err, airlock.ErrEscaped)
		}
	}
}

func TestI13_WithoutPolicies(t *testing.T) {
	wantNil(t, airlock.Escape(bg, "mail", "x"))
	wantNil(t, airlock.Escape(airlock.WithLocalPolicy(bg, airlock.AssertNoEffects()), "mail", "x"))
	var seen int
	o := airlock.WithObserver(airlock.Observer{Escaped: func(context.Context, airlock.EscapeEvent) { seen++ }})
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { return airlock.Escape(ctx, "mail", "x") }, o,
		airlock.WithPolicy(airlock.DropAll())))
	err := airlock.Run(bg, func(ctx context.Context) error {
		return airlock.Run(ctx, func(ctx context.Context) error { // strictness is inherited
			wantErr(t, airlock.Escape(ctx, "mail", "x"), airlock.ErrEscaped)
			return nil
		})
	}, o, airlock.WithStrict())
	wantErr(t, err, airlock.ErrEscaped)
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { return airlock.Escape(ctx, "mail", "x") },
		airlock.WithStrict(), airlock.WithPolicy(&probe{}))) // somebody was asked
	wantEqual(t, "observed", seen, 2)
}

func TestI13_TasksMayEscape(t *testing.T) {
	registry := airlock.NewRegistry()
	task := airlock.NewTask("mail", func(ctx context.Context, _ string) error {
		return errors.Join(
			airlock.Escape(ctx, "mail", "x"),
			airlock.Run(ctx, func(ctx context.Context) error { return airlock.Escape(ctx, "mail", "x") }),
		)
	})
	wantNil(t, registry.Add(task))
	refuse := airlock.WithPolicy(&probe{onEscape: func(context.Context, string, string) error { return errBoom }})
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { return task.Enqueue(ctx, "a") }, refuse, airlock.WithStrict()))
	wantNil(t, registry.Run(bg, airlock.Message{Task: "mail", Payload: []byte(`"a"`)}, refuse, airlock.WithStrict()))
}
