package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

// named is an executor that notes what it gets, and runs it.
func named(name string, log *[]string) airlock.Executor {
	return airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error {
		*log = append(*log, fmt.Sprintf("%s: %v", name, i.Arg()))
		return i.Run(ctx)
	})
}

func TestI15_ExecutorIsChosenAtEnqueue(t *testing.T) {
	var log []string
	var tp tape
	mail, other := airlock.NewTask("shop.mail", tp.ran), airlock.NewTask("shop.other", tp.ran)
	viaTask := airlock.NewTask("shop.via", tp.ran, airlock.Via(named("task", &log)))
	err := airlock.Run(bg, func(ctx context.Context) error {
		return errors.Join(
			mail.Enqueue(ctx, "1"),
			other.Enqueue(ctx, "2"),
			mail.Enqueue(ctx, "3", airlock.Via(named("via", &log))),
			viaTask.Enqueue(ctx, "4"),
			viaTask.Enqueue(ctx, "5", airlock.Via(named("via", &log))),
			airlock.Run(ctx, func(ctx context.Context) error { // inherits
				return errors.Join(mail.Enqueue(ctx, "6"), other.Enqueue(ctx, "7"))
			}),
			airlock.Run(ctx, func(ctx context.Context) error { // the nearest scope that says how
				return errors.Join(mail.Enqueue(ctx, "8"), other.Enqueue(ctx, "9"))
			}, airlock.WithExecutor(named("inner", &log))),
			airlock.Run(ctx, func(ctx context.Context) error { // adds a route
				return errors.Join(mail.Enqueue(ctx, "10"), other.Enqueue(ctx, "11"))
			}, airlock.WithRoute(named("route2", &log), "shop.other")),
			airlock.Run(ctx, func(ctx context.Context) error { // the latest match wins, in whatever order options come
				return errors.Join(mail.Enqueue(ctx, "12"), other.Enqueue(ctx, "13"))
			}, airlock.WithRoute(named("route3", &log), "shop.*"), airlock.WithRoute(named("route4", &log), "*.mail"),
				airlock.WithExecutor(named("not", &log))),
		)
	}, airlock.WithRoute(named("route", &log), "shop.mail", "x"), airlock.WithExecutor(named("outer", &log)))
	wantNil(t, err)
	wantEqual(t, "log", log, []string{
		"route: 1", "outer: 2", "via: 3", "task: 4", "via: 5", "route: 6", "outer: 7", "inner: 8", "inner: 9",
		"route: 10", "route2: 11", "route4: 12", "route3: 13",
	})
}

func TestI15_InlineIsTheDefault(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }))
	tp.wants(t, "a")
}

// preparing encodes at enqueue.
type preparing struct {
	registry *airlock.Registry
	sent     *[]airlock.Message
}

func (p preparing) Prepare(_ context.Context, i *airlock.Intent) (any, error) {
	return p.registry.Message(i)
}
func (p preparing) Execute(_ context.Context, i *airlock.Intent) error {
	*p.sent = append(*p.sent, i.Payload().(airlock.Message))
	return nil
}

type unencodable struct{ C chan int }

func TestI15_WhatCantTravelIsRefusedAtEnqueue(t *testing.T) {
	var sent []airlock.Message
	ex := airlock.WithExecutor(preparing{airlock.NewRegistry(), &sent})
	channel := airlock.NewTask("channel", func(context.Context, unencodable) error { return nil })
	var tp tape
	closure := func(context.Context, string) error { return nil }
	for name, enqueue := range map[string]func(ctx context.Context) error{
		"closure": func(ctx context.Context) error { return airlock.Enqueue(ctx, closure, "secret") },
		"EnqueueFunc": func(ctx context.Context) error {
			return airlock.EnqueueFunc(ctx, "f", func(context.Context) error { return nil })
		},
		"generic":     func(ctx context.Context) error { return airlock.Enqueue(ctx, generic[string], "secret") },
		"unencodable": func(ctx context.Context) error { return channel.Enqueue(ctx, unencodable{}) },
	} {
		t.Run(name, func(t *testing.T) {
			var first error
			err := airlock.Run(bg, func(ctx context.Context) error { first = enqueue(ctx); return nil }, ex)
			wantErr(t, first, airlock.ErrNotSerializable)
			wantErr(t, err, airlock.ErrNotSerializable)
			wantContains(t, err.Error(), "executor_test.go")
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error prints the argument: %v", err)
			}
		})
	}
	task := airlock.NewTask("fine", tp.ran, airlock.Header("k", "v"))
	arg := "a"
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		wantNil(t, task.Enqueue(ctx, arg))
		s, _ := airlock.FromContext(ctx)
		if m, ok := s.Intents()[0].Payload().(airlock.Message); !ok || string(m.Payload) != `"a"` {
			t.Errorf("payload at enqueue is %v", s.Intents()[0].Payload())
		}
		return nil
	}, ex))
	if len(sent) != 1 || sent[0].Task != "fine" || sent[0].Headers["k"] != "v" || sent[0].ID == "" {
		t.Errorf("sent %v", sent)
	}
	tp.wants(t)
}

func TestI15_DelayedIntents(t *testing.T) {
	airlock.ForgetDelays()
	log := captureLog(t)
	for name, ex := range map[string]airlock.Executor{"Inline": airlock.Inline(), "Parallel(1)": airlock.Parallel(1), "Pool(1)": airlock.Pool(1)} {
		t.Run(name, func(t *testing.T) {
			var tp tape
			twice := func(opts ...airlock.ScopeOption) error {
				return airlock.Run(bg, func(ctx context.Context) error {
					for range 2 {
						if err := airlock.Enqueue(ctx, tp.ran, "a", airlock.Delay(time.Hour)); err != nil {
							return err
						}
					}
					return airlock.Enqueue(ctx, tp.ran, "b", airlock.At(time.Now().Add(time.Hour)))
				}, append(opts, airlock.WithExecutor(ex))...)
			}
			wantErr(t, twice(airlock.WithStrict()), airlock.ErrNotDeferrable)
			wantNil(t, twice())
			if p, ok := ex.(*airlock.PoolExecutor); ok {
				wantNil(t, p.Close(bg))
			}
			if len(tp.all()) != 3 {
				t.Errorf("ran %v", tp.all())
			}
		})
	}
	// Each of the two calls warns once, whoever runs it.
	if n := strings.Count(log.String(), "level=WARN"); n != 2 {
		t.Errorf("%d warnings, want 2:\n%s", n, log)
	}
	// An executor of somebody else's may well be able to.
	var sent []airlock.Message
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		return airlock.NewTask("t", plain).Enqueue(ctx, "x", airlock.Delay(time.Hour))
	}, airlock.WithStrict(), airlock.WithExecutor(preparing{airlock.NewRegistry(), &sent})))
}

type extra struct{ n int }

func TestOptions(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	task := airlock.NewTask("t", plain, airlock.Delay(time.Minute), airlock.Queue("slow"), airlock.Priority(3), airlock.MaxAttempts(5),
		airlock.Unique("key"), airlock.Origin("task"), airlock.Header("a", "task"), airlock.Header("b", "task"), airlock.Extra(extra{1}))
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	wantNil(t, task.Enqueue(ctx, "x"))
	wantNil(t, task.Enqueue(ctx, "x", airlock.At(at), airlock.Queue("fast"), airlock.Priority(1), airlock.MaxAttempts(2),
		airlock.Unique(""), airlock.Origin("call"), airlock.Header("b", "call"), airlock.Extra(extra{2}), airlock.Extra("text")))
	wantNil(t, airlock.Enqueue(ctx, plain, "x"))
	now := at.Add(-time.Hour)

	first := s.Intents()[0]
	o := first.Options()
	wantEqual(t, "task's", fmt.Sprintln(o.Delay, o.At.IsZero(), o.Queue, o.Priority, o.MaxAttempts, o.UniqueKey), "1m0s true slow 3 5 key\n")
	wantEqual(t, "due", o.Due(now), now.Add(time.Minute))
	wantEqual(t, "headers", first.Headers(), map[string]string{"a": "task", "b": "task"})
	wantEqual(t, "origin", first.Origin(), "task")

	second := s.Intents()[1]
	o = second.Options()
	wantEqual(t, "call's", fmt.Sprintln(o.Delay, o.At.Equal(at), o.Queue, o.Priority, o.MaxAttempts, o.UniqueKey), "0s true fast 1 2 \n")
	wantEqual(t, "due", o.Due(now), at)
	wantEqual(t, "headers", second.Headers(), map[string]string{"a": "task", "b": "call"})
	wantEqual(t, "header", second.Header("b")+second.Header("none"), "call")
	wantEqual(t, "origin", second.Origin(), "call")
	if e, ok := airlock.ExtraOf[extra](first); !ok || e.n != 1 {
		t.Errorf("extra of the task: %v %v", e, ok)
	}
	if e, ok := airlock.ExtraOf[extra](second); !ok || e.n != 2 {
		t.Errorf("extra of the call: %v %v", e, ok)
	}
	if e, ok := airlock.ExtraOf[int](second); ok {
		t.Errorf("an extra nobody gave: %v", e)
	}
	second.Headers()["a"] = "changed"
	wantEqual(t, "header", second.Header("a"), "task")

	third := s.Intents()[2]
	wantEqual(t, "none", third.Options().Due(now), now)
	wantEqual(t, "none", len(third.Headers())+len(third.Origin()), 0)
	if _, ok := airlock.ExtraOf[extra](third); ok {
		t.Error("an extra nobody gave")
	}
}

func helper(ctx context.Context, opts ...airlock.Option) error {
	return airlock.Enqueue(ctx, plain, "x", append(opts, airlock.CallerSkip(1))...)
}

func TestCaller(t *testing.T) {
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	task := airlock.NewTask("t", plain)
	enqueue := airlock.Enqueue[string]
	errs := errors.Join(
		airlock.Enqueue(ctx, plain, "x"), task.Enqueue(ctx, "x"),
		airlock.EnqueueFunc(ctx, "f", func(context.Context) error { return nil }), helper(ctx),
		enqueue(ctx, plain, "x"),
	)
	wantNil(t, errs)
	for _, i := range s.Intents() {
		if !strings.HasPrefix(i.Caller(), "executor_test.go:") || i.PC() == 0 {
			t.Errorf("%v was enqueued at %s", i, i.Caller())
		}
	}
	wantEqual(t, "helper's caller", s.Intents()[3].Caller(), s.Intents()[2].Caller())
	wantContains(t, fmt.Sprint(panics(t, func() { airlock.CallerSkip(-1) })), "airlock.CallerSkip")
}

func TestTaskArg(t *testing.T) {
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	a, b := airlock.NewTask("a", plain), airlock.NewTask("b", plain)
	wantNil(t, errors.Join(a.Enqueue(ctx, "x"), airlock.Enqueue(ctx, plain, "y")))
	if arg, ok := a.Arg(s.Intents()[0]); !ok || arg != "x" {
		t.Errorf("Arg = %q, %v", arg, ok)
	}
	if arg, ok := b.Arg(s.Intents()[0]); ok {
		t.Errorf("Arg of another task's intent = %q", arg)
	}
	if arg, ok := a.Arg(s.Intents()[1]); ok {
		t.Errorf("Arg of a plain function's intent = %q", arg)
	}
}
