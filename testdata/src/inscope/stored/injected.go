package stored

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func notifyID(ctx context.Context, id int) error { return nil }

func placed(ctx context.Context, id int) error { return airlock.Enqueue(ctx, notifyID, id) }

func ignored(ctx context.Context, id int) error { return nil }

type handler func(ctx context.Context, id int) error

// Functions that a constructor is handed.
type consumer struct{ h handler }

func newConsumer(h handler) *consumer { return &consumer{h: h} }

var consumes = newConsumer(placed)

func (c *consumer) loop() error {
	return c.h(context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
}

func (c *consumer) loopScoped(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error { return c.h(ctx, 1) })
}

type quiet struct{ h handler }

func newQuiet(h handler) quiet { return quiet{h} }

func (q quiet) loop() error {
	return q.h(context.Background(), 1) // nobody hands it one that enqueues
}

func quietly() error { return newQuiet(ignored).loop() }

// A method that is set.
type set struct{ h handler }

func (s *set) handle(h handler) { s.h = h }

func (s *set) loop() error {
	return s.h(context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
}

func sets() error {
	s := new(set)
	s.handle(placed)
	return s.loop()
}

// Functions in a map, or a list.
type mux struct{ hs map[string]handler }

func newMux() *mux { return &mux{hs: map[string]handler{"placed": placed, "ignored": ignored}} }

func (m *mux) loop(k string) error {
	return m.hs[k](context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
}

func (m *mux) loopOK(k string) error {
	if h, ok := m.hs[k]; ok {
		return h(context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
	}
	return nil
}

type registry struct {
	hs   map[string]handler
	list []handler
}

func (r *registry) register(k string, h handler) {
	r.hs[k] = h
	r.list = append(r.list, h)
}

func (r *registry) one(k string) error {
	return r.hs[k](context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
}

func (r *registry) all() {
	for _, h := range r.list {
		_ = h(context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
	}
}

func (r *registry) each() {
	for _, h := range r.hs {
		_ = h(context.Background(), 1) // want `this context carries no scope \(context.Background\): placed → airlock.Enqueue`
	}
}

func registers(r *registry) { r.register("placed", placed) }

type quietMux struct{ hs map[string]handler }

func newQuietMux() *quietMux { return &quietMux{hs: map[string]handler{"ignored": ignored}} }

func (m *quietMux) loop(k string) error {
	return m.hs[k](context.Background(), 1) // it has none that enqueues
}
