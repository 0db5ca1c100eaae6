package airlock_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// noting returns a policy that notes when it is asked.
func noting(name string, log *[]string) *probe {
	return &probe{
		name: name,
		onEnqueue: func(_ context.Context, i *airlock.Intent) error {
			*log = append(*log, fmt.Sprintf("%s enqueue %v", name, i.Arg()))
			return nil
		},
		allows: func(_ context.Context, i *airlock.Intent) bool {
			*log = append(*log, fmt.Sprintf("%s allows %v", name, i.Arg()))
			return true
		},
		onDispatch: func(_ context.Context, i *airlock.Intent) {
			*log = append(*log, fmt.Sprintf("%s dispatch %v", name, i.Arg()))
		},
	}
}

func TestI5_OutermostFirstAndOnce(t *testing.T) {
	var log []string
	var tp tape
	world := airlock.WithLocalPolicy(bg, noting("world", &log))
	wantNil(t, airlock.Run(world, func(ctx context.Context) error {
		return airlock.Run(airlock.WithLocalPolicy(ctx, noting("local", &log)), func(ctx context.Context) error {
			tp.put(t, ctx, "a")
			return nil
		}, airlock.WithPolicy(noting("inner", &log)))
	}, airlock.WithPolicy(noting("outer", &log))))
	wantEqual(t, "calls", log, []string{
		"world enqueue a", "outer enqueue a", "local enqueue a", "inner enqueue a",
		"world allows a", "outer allows a", "local allows a", "inner allows a",
		"world dispatch a", "outer dispatch a", "local dispatch a", "inner dispatch a",
	})
	tp.wants(t, "a")
}

func TestI5_SamePolicyIsAskedOnce(t *testing.T) {
	var log []string
	var tp tape
	p := noting("p", &log)
	ctx := airlock.WithLocalPolicy(bg, airlock.Policies(p, p))
	wantNil(t, airlock.Run(ctx, func(ctx context.Context) error {
		tp.put(t, airlock.WithLocalPolicy(ctx, p), "a")
		return nil
	}, airlock.WithPolicy(p)))
	wantEqual(t, "calls", log, []string{"p enqueue a", "p allows a", "p dispatch a"})
}

// uncomparable policies are fine, and asked as often as given.
type uncomparable struct{ names []string }

func (uncomparable) OnEnqueue(context.Context, *airlock.Intent) error { return nil }
func (uncomparable) Allows(context.Context, *airlock.Intent) bool     { return false }

// A default is asked once as well, where it is also given by hand, and is authority from there on.
func TestI5_DefaultThatIsAlsoGivenByHand(t *testing.T) {
	asked := 0
	p := &probe{name: "counts", allows: func(context.Context, *airlock.Intent) bool { asked++; return true }}
	app := airlock.New(airlock.WithPolicy(p))
	var tp tape
	wantNil(t, app.Run(bg, func(ctx context.Context) error {
		return airlock.Run(airlock.WithLocalPolicy(ctx, airlock.LogOnFlush(slog.New(slog.DiscardHandler))), func(ctx context.Context) error {
			tp.put(t, ctx, "a")
			return airlock.New().Run(airlock.Detach(ctx), func(ctx context.Context) error {
				tp.put(t, ctx, "b")
				return nil
			})
		}, airlock.WithPolicy(p))
	}))
	tp.wants(t, "b", "a")
	wantEqual(t, "times asked", asked, 2)
}

// A policyFunc can't be compared.
type policyFunc func() bool

func (policyFunc) OnEnqueue(context.Context, *airlock.Intent) error { return nil }
func (f policyFunc) Allows(context.Context, *airlock.Intent) bool   { return f() }

func TestI5_SameFunctionIsAskedOnce(t *testing.T) {
	asked := 0
	p := policyFunc(func() bool { asked++; return true })
	var tp tape
	wantNil(t, airlock.Run(airlock.WithLocalPolicy(bg, p), func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		return nil
	}, airlock.WithPolicy(p)))
	tp.wants(t, "a")
	wantEqual(t, "times asked", asked, 1)
}

func TestI5_UncomparablePolicies(t *testing.T) {
	var tp tape
	p := uncomparable{[]string{"x"}}
	wantNil(t, airlock.Run(airlock.WithLocalPolicy(bg, p), func(ctx context.Context) error {
		tp.put(t, ctx, "a")
		return nil
	}, airlock.WithPolicy(p)))
	tp.wants(t)
}

func TestI5_InnerDropSurvivesCapture(t *testing.T) {
	var tp tape
	var outer *airlock.Scope
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		outer, _ = airlock.FromContext(ctx)
		tp.put(t, ctx, "a")
		if err := airlock.Run(ctx, func(ctx context.Context) error {
			tp.put(t, ctx, "b")
			return nil
		}, airlock.WithPolicy(airlock.DropAll())); err != nil {
			return err
		}
		tp.put(t, airlock.WithLocalPolicy(ctx, airlock.DropAll()), "c")
		tp.put(t, ctx, "d")
		return nil
	}))
	tp.wants(t, "a", "d")
	wantEqual(t, "report", outcomes(outer.Report()), []string{"a Dispatched", "b Dropped", "c Dropped", "d Dispatched"})
	if p := outer.Report().Results()[1].Policy; p != airlock.DropAll() {
		t.Errorf("dropped by %v, want DropAll", p)
	}
	if err := outer.Intents()[1].Verdict(); err == nil {
		t.Error("Verdict of a dropped intent is nil")
	}
	wantNil(t, outer.Intents()[0].Verdict())
}

func TestI5_OuterAssertRejectsEverywhereBelow(t *testing.T) {
	var tp tape
	for name, ctx := range map[string]context.Context{
		"outer": func() context.Context {
			ctx, s := airlock.Begin(bg, airlock.WithPolicy(airlock.AssertNoEffects()))
			t.Cleanup(s.Discard)
			return ctx
		}(),
		"local":    airlock.WithLocalPolicy(bg, airlock.AssertNoEffects()),
		"detached": airlock.Detach(airlock.WithLocalPolicy(bg, airlock.AssertNoEffects())),
	} {
		err := airlock.Run(ctx, func(ctx context.Context) error {
			return airlock.Run(ctx, func(ctx context.Context) error {
				return airlock.Enqueue(ctx, tp.ran, "x")
			}, airlock.WithPolicy(airlock.AllowAll()))
		}, airlock.WithPolicy(airlock.AllowAll()))
		var pe *airlock.PolicyError
		if !errors.As(err, &pe) || pe.Policy != airlock.AssertNoEffects() {
			t.Errorf("%s: error is %v, want a refusal by AssertNoEffects", name, err)
		}
	}
	tp.wants(t)
}

func TestI5_DetachKeepsAuthority(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		return airlock.Run(airlock.Detach(ctx), func(ctx context.Context) error {
			tp.put(t, ctx, "a")
			return nil
		})
	}, airlock.WithPolicy(airlock.DropAll())))
	tp.wants(t)
}

func TestI5_DefaultsAreNotAuthority(t *testing.T) {
	t.Cleanup(func() { airlock.SetDefault() })
	var tp tape
	put := func(ctx context.Context, what string, opts ...airlock.ScopeOption) {
		wantNil(t, airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, what); return nil }, opts...))
	}
	airlock.SetDefault(airlock.WithPolicy(airlock.DropAll()))
	put(bg, "default drops")
	put(bg, "own policy wins", airlock.WithPolicy(airlock.AllowAll()))
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		put(airlock.Detach(ctx), "also detached", airlock.WithPolicy(airlock.AllowAll()))
		put(airlock.Detach(ctx), "default drops")
		put(ctx, "it is the root's policy now", airlock.WithPolicy(airlock.AllowAll()))
		return nil
	}))
	airlock.SetDefault()
	put(bg, "reset")
	tp.wants(t, "own policy wins", "also detached", "reset")
}

func TestI5_AnAirlockHasItsOwnDefaults(t *testing.T) {
	var tp tape
	var via []string
	note := func(name string) airlock.Executor {
		return airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error {
			via = append(via, fmt.Sprintf("%s %v", name, i.Arg()))
			return i.Run(ctx)
		})
	}
	a := airlock.New(airlock.WithExecutor(note("a")), airlock.WithPolicy(drop("dropped")))
	wantNil(t, a.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "1", "dropped")
		wantNil(t, a.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "2"); return nil }, airlock.WithExecutor(note("b"))))
		wantNil(t, a.InTx(ctx, begins, func(ctx context.Context) error { tp.put(t, ctx, "3"); return nil }))
		// Root scopes opened below, also by the package's functions, are the application's.
		return airlock.Run(airlock.Detach(ctx), func(ctx context.Context) error { tp.put(t, ctx, "4", "dropped"); return nil })
	}))
	// In a scope of somebody else, its defaults come on top.
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		ctx, s := a.Begin(ctx)
		tp.put(t, ctx, "5", "dropped")
		return s.Flush(ctx)
	}, airlock.WithExecutor(note("c"))))
	wantEqual(t, "executors", via, []string{"a 4", "a 1", "b 2", "a 3", "a 5"})
}

func TestI5_OptionsLastWins(t *testing.T) {
	var tp tape
	first, last := airlock.WithPolicy(airlock.DropAll()), airlock.WithPolicy(airlock.AllowAll())
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }, first, last))
	tp.wants(t, "a")
}

func TestPoliciesOfTheBox(t *testing.T) {
	mail := func(_ context.Context, string2 string) error { return nil }
	task := airlock.NewTask("shop.mail", mail)
	other := airlock.NewTask("shop.other", mail)
	for _, c := range []struct {
		policy   airlock.Policy
		rejected bool
		want     []string
	}{
		{airlock.AllowAll(), false, []string{"shop.mail Dispatched", "shop.other Dispatched"}},
		{airlock.DropAll(), false, []string{"shop.mail Dropped", "shop.other Dropped"}},
		{airlock.BlockTasks("shop.mail"), false, []string{"shop.mail Dropped", "shop.other Dispatched"}},
		{airlock.AllowTasks("shop.mail"), false, []string{"shop.mail Dispatched", "shop.other Dropped"}},
		{airlock.RejectTasks("shop.mail"), true, []string{"shop.other Discarded"}},
		{airlock.AssertNoEffects(), true, nil},
		{airlock.Policies(), false, []string{"shop.mail Dispatched", "shop.other Dispatched"}},
		{airlock.Policies(airlock.BlockTasks("shop.mail"), airlock.BlockTasks("shop.other")), false, []string{"shop.mail Dropped", "shop.other Dropped"}},
	} {
		t.Run(fmt.Sprint(c.policy), func(t *testing.T) {
			ctx, s := airlock.Begin(bg, airlock.WithPolicy(c.policy))
			defer s.Discard()
			err := errors.Join(task.Enqueue(ctx, "x"), other.Enqueue(ctx, "y"))
			if (err != nil) != c.rejected {
				t.Errorf("Enqueue: %v", err)
			}
			if err := s.Flush(ctx); (err != nil) != c.rejected {
				t.Errorf("Flush: %v", err)
			}
			var got []string
			for _, r := range s.Report().Results() {
				got = append(got, r.Intent.Name()+" "+r.Outcome.String())
			}
			wantEqual(t, "report", got, c.want)
		})
	}
}

func TestPoliciesForwardTheOptionalInterfaces(t *testing.T) {
	var log []string
	p := airlock.Policies(airlock.AllowAll(), noting("p", &log), &probe{onEscape: func(context.Context, string, string) error { return errBoom }})
	f, ok := p.(airlock.FlushPolicy)
	if !ok {
		t.Fatal("Policies is no FlushPolicy")
	}
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	var tp tape
	tp.put(t, ctx, "a")
	f.OnDispatch(bg, s.Intents()[0])
	wantErr(t, p.(airlock.EscapePolicy).OnEscape(bg, "mail", "x"), errBoom)
	wantEqual(t, "calls", log, []string{"p dispatch a"})
	if !p.Allows(bg, s.Intents()[0]) || p.OnEnqueue(bg, s.Intents()[0]) != nil {
		t.Error("Policies refuses what its members allow")
	}
	ctx, s2 := airlock.Begin(bg, airlock.WithPolicy(p))
	defer s2.Discard()
	wantErr(t, airlock.Escape(ctx, "mail", "x"), airlock.ErrEscaped, errBoom)
}

func TestLogOnFlushLogsWhatIsDispatched(t *testing.T) {
	var buf bytes.Buffer
	var tp tape
	l := slog.New(slog.NewTextHandler(&buf, nil))
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		tp.put(t, ctx, "secret", "dropped")
		return nil
	}, airlock.WithPolicy(airlock.Policies(airlock.LogOnFlush(l), drop("dropped")))))
	wantContains(t, buf.String(), "tape.ran", "harness_test.go")
	if bytes.Count(buf.Bytes(), []byte("\n")) != 1 || bytes.Contains(buf.Bytes(), []byte("secret")) {
		t.Errorf("logged %q, want one line without the argument", buf.String())
	}
}

func TestPolicyPanics(t *testing.T) {
	var tp tape
	boom := &probe{onEnqueue: func(_ context.Context, i *airlock.Intent) error {
		if i.Arg() == "enqueue" {
			panic("enqueue")
		}
		return nil
	}, allows: func(_ context.Context, i *airlock.Intent) bool {
		if i.Arg() == "allows" {
			panic(errBoom)
		}
		return true
	}}
	ctx, s := airlock.Begin(bg, airlock.WithPolicy(boom))
	wantEqual(t, "panic of OnEnqueue", panics(t, func() { airlock.Enqueue(ctx, tp.ran, "enqueue") }), any("enqueue"))
	tp.put(t, ctx, "allows", "a")
	err := s.Flush(ctx)
	var pe *airlock.PanicError
	if !errors.As(err, &pe) || !errors.Is(err, errBoom) {
		t.Errorf("Flush returned %v, want the panic", err)
	}
	wantEqual(t, "report", outcomes(s.Report()), []string{"allows Failed", "a Dispatched"})
	tp.wants(t, "a")
}

func TestOnDispatchThatPanics(t *testing.T) {
	var got []string
	var tp tape
	boom := &probe{onDispatch: func(_ context.Context, i *airlock.Intent) {
		if i.Arg() == "b" {
			panic(errBoom)
		}
	}}
	for name, ex := range map[string]airlock.Executor{"inline": airlock.Inline(), "batch": &batcher{got: &got}} {
		ctx, s := airlock.Begin(bg, airlock.WithPolicy(boom), airlock.WithExecutor(ex))
		tp.put(t, ctx, "a", "b", "c")
		wantErr(t, s.Flush(ctx), errBoom)
		wantEqual(t, name, outcomes(s.Report()), []string{"a Dispatched", "b Failed", "c Dispatched"})
	}
	wantEqual(t, "batches", got, []string{"[a c]"})
	tp.wants(t, "a", "c")
}

func TestPoliciesHaveNames(t *testing.T) {
	l := slog.New(slog.DiscardHandler)
	wantEqual(t, "names", fmt.Sprint(
		airlock.AllowAll(), " ", airlock.DropAll(), " ", airlock.AssertNoEffects(), " ", airlock.BlockTasks("a", "b"), " ",
		airlock.RejectTasks("a"), " ", airlock.AllowTasks("a"), " ", airlock.LogOnFlush(l), " ", airlock.Policies(airlock.DropAll(), airlock.AllowAll()),
	), "AllowAll DropAll AssertNoEffects BlockTasks(a, b) RejectTasks(a) AllowTasks(a) LogOnFlush Policies(DropAll, AllowAll)")
	var tp tape
	ctx, s := airlock.Begin(bg, airlock.WithPolicy(uncomparable{}))
	defer s.Discard()
	tp.put(t, ctx, "a")
	wantContains(t, s.Intents()[0].Verdict().Error(), "airlock_test.uncomparable")
}
