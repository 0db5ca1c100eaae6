// Package detached: goroutines and timers that enqueue in a scope which may be closed before they are done.
package detached

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func place(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

func started(ctx context.Context) error { // S32
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	go func() { // want `this may enqueue after its scope has closed: airlock.Enqueue; start it with airlock.Go, or wait for it on every path`
		airlock.Enqueue(ctx, send, "a")
	}()
	return s.Flush(ctx)
}

func parameter(ctx context.Context) {
	go place(ctx) // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
}

func handler(w http.ResponseWriter, r *http.Request) {
	go func() { place(r.Context()) }() // want `place → airlock.Enqueue`
}

func withoutCancel(ctx context.Context) {
	go place(context.WithoutCancel(ctx)) // S30: it keeps the scope, not its end // want `place → airlock.Enqueue`
}

func inRun(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		go place(ctx) // want `place → airlock.Enqueue`
		return nil
	})
}

func timer(ctx context.Context) {
	time.AfterFunc(time.Second, func() { // want `airlock.Enqueue`
		airlock.Enqueue(ctx, send, "a")
	})
}

func background(fn func()) { go fn() }

func helper(ctx context.Context) {
	background(func() { place(ctx) }) // the helper starts a goroutine // want `place → airlock.Enqueue`
}

func waitGroup(ctx context.Context) error { // S33
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // waited for before the flush
		defer wg.Done()
		airlock.Enqueue(ctx, send, "a")
	}()
	wg.Wait()
	return s.Flush(ctx)
}

func waitGroupLate(ctx context.Context) error {
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Add(1)
	go func() { // the flush comes before the wait // want `airlock.Enqueue`
		defer wg.Done()
		airlock.Enqueue(ctx, send, "a")
	}()
	return s.Flush(ctx)
}

func waitGroupLateLiteral(ctx context.Context) (err error) {
	var wg sync.WaitGroup
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	defer wg.Wait()
	defer func() {
		if err == nil {
			err = s.Flush(ctx) // runs before the deferred wait
		}
	}()
	wg.Go(func() { place(ctx) }) // want `place → airlock.Enqueue`
	return nil
}

func waitGroupInLiteral(ctx context.Context) (err error) {
	var wg sync.WaitGroup
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	defer func() {
		wg.Wait()
		if err == nil {
			err = s.Flush(ctx)
		}
	}()
	wg.Go(func() { place(ctx) }) // waited for before the flush
	return nil
}

func waitGroupBeforeLiteral(ctx context.Context) (err error) {
	var wg sync.WaitGroup
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	defer func() {
		if err == nil {
			err = s.Flush(ctx)
		}
	}()
	defer wg.Wait()
	wg.Go(func() { place(ctx) }) // waited for before the flush
	return nil
}

func waitGroupSometimes(ctx context.Context, quick bool) error {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // one path doesn't wait // want `airlock.Enqueue`
		defer wg.Done()
		airlock.Enqueue(ctx, send, "a")
	}()
	if quick {
		return nil
	}
	wg.Wait()
	return nil
}

func waitGroupDeferred(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for range 3 {
		wg.Add(1)
		go func() { // waited for at the end
			defer wg.Done()
			place(ctx)
		}()
	}
}

func waitGroupGo(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { place(ctx) }) // waited for
	wg.Wait()
}

func waitGroupGoForgotten(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { place(ctx) }) // want `place → airlock.Enqueue`
}

func worker(ctx context.Context, wg *sync.WaitGroup) {
	defer wg.Done()
	place(ctx)
}

func workers(ctx context.Context) {
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go worker(ctx, &wg) // waited for
	}
	wg.Wait()
}

func channel(ctx context.Context) error { // S51
	done := make(chan error, 1)
	go func() { done <- place(ctx) }() // joined
	return <-done
}

func selected(ctx context.Context) error { // S52
	done := make(chan error, 1)
	go func() { done <- place(ctx) }() // want `place → airlock.Enqueue`
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func selectedLoop(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- place(ctx) }() // left only through done
	for {
		select {
		case err := <-done:
			return err
		case <-time.After(time.Second):
		}
	}
}

func closed(ctx context.Context) {
	done := make(chan struct{})
	go func() { // joined
		defer close(done)
		place(ctx)
	}()
	<-done
}

func results(ctx context.Context) error {
	errs := make(chan error)
	for range 3 {
		go func() { errs <- place(ctx) }() // one receive for each
	}
	for range 3 {
		if err := <-errs; err != nil {
			println(err)
		}
	}
	return nil
}

func closer(ctx context.Context) {
	var wg sync.WaitGroup
	out := make(chan int)
	for i := range 3 {
		wg.Add(1)
		go func() { // whoever closes out has waited for it
			defer wg.Done()
			place(ctx)
			out <- i
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for range out {
	}
}

func group(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error { return place(ctx) }) // waited for
	return g.Wait()
}

func groupForgotten(ctx context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return place(ctx) }) // want `place → airlock.Enqueue`
}

func groupParameter(ctx context.Context, g *errgroup.Group) { // S54
	g.Go(func() error { return place(ctx) }) // whoever owns the group waits
}

type pool struct{ wg sync.WaitGroup }

func (p *pool) start(ctx context.Context) {
	p.wg.Add(1)
	go func() { // whoever owns the group waits
		defer p.wg.Done()
		place(ctx)
	}()
}

func opensUnderScope(ctx context.Context) error { // S53
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { // want `this may open a scope below one that is closed by then: airlock.Run; pass airlock.Detach\(ctx\), or wait for it`
			airlock.Run(ctx, place)
		}()
		return nil
	})
}

func opensUnderParameter(ctx context.Context) { // S53
	go func() { airlock.Run(ctx, place) }() // a plain parameter
}

func opensDetached(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		go func() { airlock.Run(airlock.Detach(ctx), place) }() // a scope of its own
		return nil
	})
}

func airlockGo(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		return airlock.Go(ctx, place) // the scope waits for it
	})
}

func inLiteral(ctx context.Context) {
	var wg sync.WaitGroup
	start := func(name string) {
		wg.Add(1)
		go func() { // the function around it waits
			defer wg.Done()
			place(ctx)
		}()
	}
	start("a")
	start("b")
	wg.Wait()
}

func beyondRun(ctx context.Context) error {
	var wg sync.WaitGroup
	err := airlock.Run(ctx, func(ctx context.Context) error {
		wg.Add(1)
		go func() { // Run flushes before the wait // want `place → airlock.Enqueue`
			defer wg.Done()
			place(ctx)
		}()
		return nil
	})
	wg.Wait()
	return err
}

func waitFor(wg *sync.WaitGroup) { wg.Wait() }

func waitedByHelper(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(1)
	go worker(ctx, &wg) // the helper waits
	waitFor(&wg)
}

func nothing(ctx context.Context) {
	go send(ctx, "a") // enqueues nothing
}
