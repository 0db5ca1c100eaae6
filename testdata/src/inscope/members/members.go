// Package members waits for goroutines with groups that are fields of structs, and with their methods as values.
package members

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, id int) error { return nil }

func place(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

// A struct that embeds a pointer.
type group struct{ *errgroup.Group }

func newGroup(ctx context.Context) (group, context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	return group{g}, ctx
}

func embedded(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		g, ctx := newGroup(ctx)
		g.Go(func() error { return place(ctx, 1) })
		return g.Wait()
	})
}

func embeddedForgotten(ctx context.Context) error {
	g, ctx := newGroup(ctx)
	g.Go(func() error { return place(ctx, 1) }) // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
	return nil
}

func embeddedOther(ctx context.Context) error {
	g, ctx := newGroup(ctx)
	h, _ := newGroup(ctx)
	g.Go(func() error { return place(ctx, 1) }) // want `place → airlock.Enqueue`
	return h.Wait()
}

func embeddedHere(ctx context.Context) error {
	eg, ctx := errgroup.WithContext(ctx)
	g := group{eg}
	g.Go(func() error { return place(ctx, 1) })
	g.Go(func() error { return place(ctx, 2) })
	return eg.Wait() // the same group
}

type waiter struct{ *sync.WaitGroup }

func newWaiter() waiter { return waiter{new(sync.WaitGroup)} }

func embeddedWaitGroup(ctx context.Context) {
	w := newWaiter()
	w.Add(1)
	go func() {
		defer w.Done()
		_ = place(ctx, 1)
	}()
	w.Wait()
}

func embeddedParameter(ctx context.Context, g group) {
	g.Go(func() error { return place(ctx, 1) }) // whoever owns the group waits
}

// A struct that has the group, or the channel, and a method that signals.
type runner struct{ wg *sync.WaitGroup }

func (r runner) do(ctx context.Context, id int) {
	defer r.wg.Done()
	_ = place(ctx, id)
}

func (r *runner) doPointer(ctx context.Context, id int) {
	defer r.wg.Done()
	_ = place(ctx, id)
}

func field(ctx context.Context) {
	var wg sync.WaitGroup
	r := runner{&wg}
	for i := range 3 {
		wg.Add(1)
		go r.do(ctx, i)
	}
	wg.Wait()
}

func fieldPointer(ctx context.Context) {
	r := &runner{wg: new(sync.WaitGroup)}
	for i := range 3 {
		r.wg.Add(1)
		go r.do(ctx, i)
	}
	r.wg.Wait()
}

func fieldOfPointer(ctx context.Context) {
	var wg sync.WaitGroup
	r := &runner{wg: &wg}
	wg.Add(1)
	go r.doPointer(ctx, 1)
	wg.Wait()
}

func fieldForgotten(ctx context.Context) {
	var wg, other sync.WaitGroup
	r := runner{&wg}
	wg.Add(1)
	go r.do(ctx, 1) // want `place → airlock.Enqueue`
	other.Wait()
}

func fieldParameter(ctx context.Context, r runner) { go r.do(ctx, 1) } // whoever owns the group waits

type pipe struct{ errc chan error }

func (p pipe) do(ctx context.Context, id int) { p.errc <- place(ctx, id) }

func channel(ctx context.Context) (all error) {
	errc := make(chan error, 3)
	p := pipe{errc}
	for i := range 3 {
		go p.do(ctx, i)
	}
	for range 3 {
		all = errors.Join(all, <-errc)
	}
	return all
}

func channelForgotten(ctx context.Context) {
	p := pipe{make(chan error, 1)}
	go p.do(ctx, 1) // want `place → airlock.Enqueue`
}

// A struct whose group has nothing to do with the goroutine.
type named struct {
	name string
	wg   *sync.WaitGroup
}

func (n named) do(ctx context.Context) { _ = place(ctx, len(n.name)) }

func unrelated(ctx context.Context) {
	var wg sync.WaitGroup
	go named{"a", &wg}.do(ctx) // want `place → airlock.Enqueue`
	wg.Wait()
}

// Methods as values.
func produce(ctx context.Context, out chan<- int, done func()) {
	defer done()
	_ = place(ctx, 1)
	out <- 1
}

func doneValue(ctx context.Context) {
	var wg sync.WaitGroup
	out := make(chan int, 3)
	for range 3 {
		wg.Add(1)
		go produce(ctx, out, wg.Done)
	}
	wg.Wait()
}

func doneValueForgotten(ctx context.Context) {
	var wg sync.WaitGroup
	out := make(chan int, 3)
	wg.Add(1)
	go produce(ctx, out, wg.Done) // want `place → airlock.Enqueue`
}

func waitValue(ctx context.Context) {
	var wg sync.WaitGroup
	wait := wg.Wait
	wg.Add(1)
	go func() {
		done := wg.Done
		defer done()
		_ = place(ctx, 1)
	}()
	wait()
}

func goValue(ctx context.Context) error {
	var g errgroup.Group
	start := g.Go
	start(func() error { return place(ctx, 1) })
	return g.Wait()
}

func goValueForgotten(ctx context.Context) {
	var g errgroup.Group
	start := g.Go
	start(func() error { return place(ctx, 1) }) // want `place → airlock.Enqueue`
}
