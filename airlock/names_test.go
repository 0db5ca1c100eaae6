package airlock_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

type order struct{ id int }

func (o *order) Notify(context.Context, string) error { return nil }
func (o order) Ship(context.Context, string) error    { sink += o.id; return nil }

//go:noinline
func (o order) Bill(context.Context, string) error { return fmt.Errorf("bill %d", o.id) }

type small struct{}

func (small) Do(context.Context, string) error { return nil }

// calls holds a function, and its method calls through it: the wrapper of a method value may look like an interface's.
type calls struct{ f func() error }

func (c calls) Do(context.Context, string) error { return c.f() }

type doer interface {
	Do(context.Context, string) error
}

type embeds struct{ small }

func generic[T any](context.Context, T) error { return nil }

type box[T any] struct{}

func (box[T]) Put(context.Context, T) error { return nil }

func func1(context.Context, string) error { return nil }

var inVariable = func(context.Context, string) error { return nil }

func plain(context.Context, string) error { return nil }

func TestNamesOfFunctions(t *testing.T) {
	const pkg = "github.com/airlock-go/airlock/airlock_test."
	captured := 0
	for _, c := range []struct {
		task   func(context.Context, string) error
		name   string
		stable bool
	}{
		{plain, pkg + "plain", true},
		{func1, pkg + "func1", true},
		{(&order{}).Notify, pkg + "order.Notify", true},
		{order{1}.Ship, pkg + "order.Ship", true},
		{order{1}.Bill, pkg + "order.Bill", true},
		{small{}.Do, pkg + "small.Do", true},
		{embeds{}.Do, pkg + "small.Do", true},
		{calls{nil}.Do, pkg + "calls.Do", true},
		{doer(small{}).Do, pkg + "doer.Do", false},
		{doer(&embeds{}).Do, pkg + "doer.Do", false},
		{generic[string], pkg + "generic[...]", false},
		{box[string]{}.Put, pkg + "box[...].Put", false},
		{func(context.Context, string) error { return nil }, pkg + "TestNamesOfFunctions.func1", false},
		{func(context.Context, string) error { captured++; return nil }, pkg + "TestNamesOfFunctions.func2", false},
		{inVariable, "", false},
	} {
		ctx, s := airlock.Begin(bg)
		wantNil(t, airlock.Enqueue(ctx, c.task, "x"))
		i := s.Intents()[0]
		s.Discard()
		if c.name != "" {
			wantEqual(t, "name", i.Name(), c.name)
		}
		if i.Stable() != c.stable {
			t.Errorf("%s: stable is %v, want %v", i.Name(), i.Stable(), c.stable)
		}
	}
}

func TestNamesGivenByHand(t *testing.T) {
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	wantNil(t, airlock.NewTask("shop.notify", plain).Enqueue(ctx, "x"))
	wantNil(t, airlock.EnqueueFunc(ctx, "cleanup", func(context.Context) error { return nil }))
	task, fn := s.Intents()[0], s.Intents()[1]
	if task.Name() != "shop.notify" || !task.Stable() {
		t.Errorf("task is %s, stable %v", task.Name(), task.Stable())
	}
	if fn.Name() != "cleanup" || fn.Stable() || fn.Arg() != nil {
		t.Errorf("function is %s, stable %v, argument %v", fn.Name(), fn.Stable(), fn.Arg())
	}
}

func TestI17_NamesInPolicies(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		want          bool
	}{
		{"example.com/app/shop.Order.Notify", "example.com/app/shop.Order.Notify", true},
		{"example.com/app/shop.Order.Notify", "shop.Order.Notify", true},
		{"example.com/app/shop.Order.Notify", "shop.Order.*", true},
		{"example.com/app/shop.Order.Notify", "shop.*", true},
		{"example.com/app/shop.Order.Notify", "*.Notify", true},
		{"example.com/app/shop.Order.Notify", "*", true},
		{"example.com/app/shop.Order.Notify", "Notify", false},
		{"example.com/app/shop.Order.Notify", "shop.order.*", false},
		{"example.com/app/shop.Order.Notify", "example.com/app/*", true},
		{"example.com/app/shop.Order.Notify", "example.com/*", false},
		{"example.com/app/shop.Order.Notify", "*/*/shop.Order.Notify", true},
		{"example.com/app/shop.Order.Notify", "app/shop.Order.Notify", false},
		{"send_mail", "send_mail", true},
		{"send_mail", "send_[lm]ail", true},
		{"send_mail", "send_?ail", true},
		{"send_mail", "send", false},
		{"example.com/p.F[...]", "example.com/p.F[...]", true},
		{"mail/send", "send", true},
		{"mail/send", "mail/*", true},
	} {
		ctx, s := airlock.Begin(bg, airlock.WithPolicy(airlock.BlockTasks("nothing", c.pattern)))
		wantNil(t, airlock.NewTask(c.name, plain).Enqueue(ctx, "x"))
		if got := s.Intents()[0].Verdict() != nil; got != c.want {
			t.Errorf("%q matches %q: %v, want %v", c.pattern, c.name, got, c.want)
		}
		s.Discard()
	}
}

func TestI17_BadPatternsPanic(t *testing.T) {
	for call, make := range map[string]func(...string){
		"airlock.BlockTasks":  func(ns ...string) { airlock.BlockTasks(ns...) },
		"airlock.RejectTasks": func(ns ...string) { airlock.RejectTasks(ns...) },
		"airlock.AllowTasks":  func(ns ...string) { airlock.AllowTasks(ns...) },
		"airlock.WithRoute":   func(ns ...string) { airlock.WithRoute(airlock.Inline(), ns...) },
	} {
		wantContains(t, fmt.Sprint(panics(t, func() { make() })), call)
		wantContains(t, fmt.Sprint(panics(t, func() { make("ok", "[") })), call, `"["`)
		wantContains(t, fmt.Sprint(panics(t, func() { make("ok", "") })), call, "empty name")
	}
}

func FuzzNames(f *testing.F) {
	f.Add("example.com/shop.Order.*", "example.com/shop.Order.Notify")
	f.Add("[a-", "x")
	f.Add(`\`, `\`)
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if name == "" {
			return
		}
		var p airlock.Policy
		if v := func() (v any) { defer func() { v = recover() }(); p = airlock.BlockTasks(pattern); return nil }(); v != nil {
			wantContains(t, fmt.Sprint(v), "airlock.BlockTasks: ")
			return
		}
		ctx, s := airlock.Begin(bg, airlock.WithPolicy(p))
		defer s.Discard()
		wantNil(t, airlock.NewTask(name, plain).Enqueue(ctx, ""))
		if blocked := s.Intents()[0].Verdict() != nil; pattern == name && !blocked {
			t.Errorf("%q does not match itself", name)
		}
	})
}
