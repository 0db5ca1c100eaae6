package airlock_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

const password = "hunter2"

// A card redacts itself.
type card struct{ number string }

func (c card) LogValue() slog.Value { return slog.StringValue("****" + c.number[len(c.number)-2:]) }

func TestI18_ErrorsAndLogsNameTheTaskNotTheArgument(t *testing.T) {
	log := captureLog(t)
	fails := func(context.Context, string) error { return errBoom }
	var said []string
	note := func(err error) {
		if err != nil {
			said = append(said, err.Error(), fmt.Sprintf("%+v", err))
		}
	}
	observed := airlock.WithObserver(airlock.SlogObserver(slog.Default()))
	var late context.Context
	note(airlock.Enqueue(bg, fails, password, airlock.Origin("POST /login")))
	note(airlock.Run(bg, func(ctx context.Context) error {
		late = ctx
		return airlock.Enqueue(ctx, fails, password, airlock.Origin("POST /login"))
	}, observed))
	note(airlock.Enqueue(late, fails, password))
	note(airlock.Run(bg, func(ctx context.Context) error {
		return airlock.Enqueue(ctx, fails, password, airlock.Origin("POST /login"))
	}, observed, airlock.WithPolicy(airlock.AssertNoEffects())))
	note(airlock.Run(bg, func(ctx context.Context) error {
		return airlock.Enqueue(ctx, fails, password, airlock.Via(unfit{errBoom}))
	}, observed))
	note(airlock.Run(bg, func(ctx context.Context) error {
		s, _ := airlock.FromContext(ctx)
		wantNil(t, airlock.Enqueue(ctx, fails, password))
		note(s.Intents()[0].Verdict())
		slog.Info("by the way", "intent", s.Intents()[0])
		return nil
	}, airlock.WithPolicy(airlock.Policies(airlock.LogOnFlush(slog.Default()), airlock.DropAll()))))
	said = append(said, log.String())
	for _, s := range said {
		if strings.Contains(s, password) {
			t.Errorf("prints the argument: %s", s)
		}
	}
	wantContains(t, said[0], "secrets_test.go:", "POST /login", "TestI18_")
	wantContains(t, said[2], "secrets_test.go:", "POST /login", "TestI18_")
	wantContains(t, log.String(), "POST /login", "secrets_test.go:")
}

func TestI18_PayloadsAreNotQuoted(t *testing.T) {
	type login struct {
		Attempts int8
		At       time.Time
	}
	task := airlock.NewTask("login", func(context.Context, login) error { return nil })
	broken := airlock.NewTask("broken", func(context.Context, unmarshallable) error { return nil })
	r := airlock.NewRegistry()
	wantNil(t, r.Add(task, broken))
	var errs []error
	for _, payload := range []string{`{"Attempts":90210}`, `{"At":"90210"}`, `90210"`, `"90210"`} {
		err := r.Run(bg, airlock.Message{Task: "login", Payload: []byte(payload)})
		wantErr(t, err, airlock.ErrBadPayload)
		errs = append(errs, err)
	}
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	wantNil(t, broken.Enqueue(ctx, "90210"))
	_, err := r.Message(s.Intents()[0])
	wantErr(t, err, airlock.ErrNotSerializable, errBoom)
	for _, err := range append(errs, err) {
		if strings.Contains(err.Error(), "90210") {
			t.Errorf("prints the argument: %v", err)
		}
	}
	wantContains(t, errs[0].Error(), "int8", `"Attempts"`)
}

type unmarshallable string

func (u unmarshallable) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("%s: %w", string(u), errBoom)
}

func TestI18_LogValuersAreLoggedAsTheyWish(t *testing.T) {
	log := captureLog(t)
	ctx, s := airlock.Begin(bg, airlock.WithPolicy(airlock.LogOnFlush(slog.Default())))
	wantNil(t, airlock.Enqueue(ctx, func(context.Context, card) error { return nil }, card{"4242424242424242"}))
	wantEqual(t, "String", strings.HasSuffix(s.Intents()[0].String(), "(****42)"), true)
	wantNil(t, s.Flush(ctx))
	wantContains(t, log.String(), "****42")
	if strings.Contains(log.String(), "4242424242") {
		t.Errorf("logged %s", log)
	}
}

func TestString(t *testing.T) {
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	wantNil(t, airlock.NewTask("example.com/app/shop.Order.Notify", notify).Enqueue(ctx, 42))
	wantNil(t, airlock.EnqueueFunc(ctx, "cleanup", func(context.Context) error { return nil }))
	wantEqual(t, "String", fmt.Sprint(s.Intents()), "[shop.Order.Notify(42) cleanup()]")
}
