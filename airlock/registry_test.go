package airlock_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"sync"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// tenant propagates a value.
type tenant struct{}

func (tenant) Inject(ctx context.Context, set func(key, value string)) {
	if v, ok := ctx.Value(valueKey{}).(string); ok {
		set("tenant", v)
	}
}

func (tenant) Extract(ctx context.Context, get func(key string) string) context.Context {
	return context.WithValue(ctx, valueKey{}, get("tenant"))
}

type shipment struct {
	Order int
	To    string
}

func TestQueueAndWorker(t *testing.T) {
	var tp tape
	propagate := airlock.WithPropagator(tenant{})
	// The producer knows the task by name only.
	remote := airlock.RemoteTask[shipment]("shop.ship", airlock.Queue("slow"))
	var sent []airlock.Message
	ctx := context.WithValue(bg, valueKey{}, "acme")
	wantNil(t, airlock.Run(ctx, func(ctx context.Context) error {
		return remote.Enqueue(ctx, shipment{7, "Oslo"})
	}, airlock.WithExecutor(preparing{airlock.NewRegistry(), &sent}), propagate))
	if len(sent) != 1 || string(sent[0].Payload) != `{"Order":7,"To":"Oslo"}` || sent[0].Headers["tenant"] != "acme" {
		t.Fatalf("sent %+v", sent)
	}

	// The worker has the function.
	worker := airlock.NewRegistry()
	task := airlock.NewTask("shop.ship", func(ctx context.Context, s shipment) error {
		if ctx.Value(valueKey{}) != "acme" {
			t.Errorf("tenant is %v", ctx.Value(valueKey{}))
		}
		tp.put(t, ctx, "told "+s.To)
		tp.wants(t) // its own scope is flushed after it
		return nil
	})
	wantNil(t, worker.Add(task))
	var log []string
	wantNil(t, worker.Run(bg, sent[0], propagate, airlock.WithObserver(airlock.Observer{Ran: func(_ context.Context, e airlock.IntentEvent) {
		log = append(log, e.Intent.Name()+" "+e.Intent.Header("tenant"))
		if e.Intent.Name() == "shop.ship" && (e.Intent.ID() != sent[0].ID || e.Intent.Caller() != "unknown") {
			t.Errorf("intent in the worker has ID %q, caller %q", e.Intent.ID(), e.Intent.Caller())
		}
	}})))
	tp.wants(t, "told Oslo")
	wantEqual(t, "ran", log, []string{"github.com/airlock-go/airlock/airlock_test.tape.ran acme", "shop.ship acme"})
}

func TestWorkerFailsClosed(t *testing.T) {
	var tp tape
	r := airlock.NewRegistry()
	wantNil(t, r.Add(airlock.NewTask("fails", func(ctx context.Context, _ int) error { tp.put(t, ctx, "x"); return errBoom }),
		airlock.NewTask("panics", func(ctx context.Context, _ int) error { tp.put(t, ctx, "x"); panic(errBoom) })))
	var ran []error
	o := airlock.WithObserver(airlock.Observer{Ran: func(_ context.Context, e airlock.IntentEvent) { ran = append(ran, e.Err) }})
	wantErr(t, r.Run(bg, airlock.Message{Task: "fails", Payload: []byte("1")}, o), errBoom)
	if v := panics(t, func() { r.Run(bg, airlock.Message{Task: "panics", Payload: []byte("1")}, o) }); v != errBoom {
		t.Errorf("panicked with %v, want the task's own value", v)
	}
	if len(ran) != 2 || ran[0] != errBoom || ran[1] == nil {
		t.Errorf("observed %v", ran)
	}
	tp.wants(t)
}

func TestRegistryRefuses(t *testing.T) {
	r := airlock.NewRegistry()
	task := airlock.NewTask("a", notify)
	wantNil(t, r.Add(task))
	err := r.Add(airlock.NewTask("b", notify), airlock.NewTask("a", notify))
	if err == nil {
		t.Error("a duplicate name was added")
	} else {
		wantContains(t, err.Error(), `"a"`)
	}
	wantErr(t, r.Run(bg, airlock.Message{Task: "b", Payload: []byte("1")}), airlock.ErrUnknownTask) // all or none
	wantErr(t, r.Run(bg, airlock.Message{Task: "nobody"}), airlock.ErrUnknownTask)
	wantErr(t, r.Run(bg, airlock.Message{Task: "a", Payload: []byte("{")}), airlock.ErrBadPayload)
	wantErr(t, r.Run(bg, airlock.Message{Task: "a"}), airlock.ErrBadPayload)
	wantNil(t, r.Add(airlock.RemoteTask[int]("remote")))
	wantErr(t, r.Run(bg, airlock.Message{Task: "remote", Payload: []byte("1")}), airlock.ErrUnknownTask)
	err = airlock.Run(bg, func(ctx context.Context) error { return airlock.RemoteTask[int]("remote").Enqueue(ctx, 1) })
	wantErr(t, err, airlock.ErrUnknownTask)
	wantEqual(t, "zero value", (&airlock.Registry{}).Add(task), nil)
}

// gobs is another codec.
type gobs struct{}

func (gobs) Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func (gobs) Decode(data []byte, v any) error { return gob.NewDecoder(bytes.NewReader(data)).Decode(v) }

func TestCodec(t *testing.T) {
	var got shipment
	r := airlock.NewRegistry(airlock.WithCodec(gobs{}))
	task := airlock.NewTask("ship", func(_ context.Context, s shipment) error { got = s; return nil })
	wantNil(t, r.Add(task))
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	wantNil(t, task.Enqueue(ctx, shipment{7, "Oslo"}))
	m, err := r.Message(s.Intents()[0])
	wantNil(t, err)
	wantNil(t, r.Run(bg, m))
	wantEqual(t, "argument", got, shipment{7, "Oslo"})
	wantErr(t, r.Run(bg, airlock.Message{Task: "ship", Payload: []byte("x")}), airlock.ErrBadPayload)
}

// rude panics when it is encoded.
type rude struct{}

func (rude) MarshalJSON() ([]byte, error) { panic("rude") }

func TestMessageOfAnArgumentThatPanics(t *testing.T) {
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	wantNil(t, airlock.NewTask("t", func(context.Context, rude) error { return nil }).Enqueue(ctx, rude{}))
	_, err := airlock.NewRegistry().Message(s.Intents()[0])
	wantErr(t, err, airlock.ErrNotSerializable)
	var pe *airlock.PanicError
	if !errors.As(err, &pe) {
		t.Errorf("error is %v, want the panic", err)
	}
}

func TestRegistryIsSafeForConcurrentUse(t *testing.T) {
	r := airlock.NewRegistry()
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() { wantNil(t, r.Add(airlock.NewTask(string(rune('a'+k)), notifyNothing))) })
		wg.Go(func() { _ = r.Run(bg, airlock.Message{Task: "a", Payload: []byte("1")}) })
	}
	wg.Wait()
}

func notifyNothing(context.Context, int) error { return nil }

func TestPropagatorsActHereToo(t *testing.T) {
	var got any
	ctx := context.WithValue(bg, valueKey{}, "acme")
	sctx, s := airlock.Begin(ctx, airlock.WithPropagator(tenant{}))
	wantNil(t, airlock.EnqueueFunc(sctx, "f", func(ctx context.Context) error {
		got = ctx.Value(valueKey{})
		if own, ok := airlock.FromContext(ctx); !ok || own == s {
			t.Error("the task has lost its own scope")
		}
		return nil
	}, airlock.Header("tenant", "explicit")))
	wantNil(t, s.Flush(bg))
	wantEqual(t, "tenant", got, any("explicit"))
}
