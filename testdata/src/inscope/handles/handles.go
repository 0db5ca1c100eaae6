// Package handles hands out what waits for goroutines: channels, and functions that wait.
package handles

import (
	"context"
	"errors"
	"sync"

	"github.com/airlock-go/airlock/airlock"

	"example.com/fixtures/inscope/handles/async"
)

func send(ctx context.Context, id int) error { return nil }

func place(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

func start(fn func() error) (wait func() error) {
	ch := make(chan error, 1)
	go func() { ch <- fn() }()
	return func() error { return <-ch }
}

func startGroup(fn func() error) (wait func()) {
	var wg sync.WaitGroup
	wg.Go(func() { _ = fn() })
	return wg.Wait
}

func startChannel(fn func() error) (<-chan error, error) {
	if fn == nil {
		return nil, errors.New("nothing to do")
	}
	ch := make(chan error, 1)
	go func() { ch <- fn() }()
	return ch, nil
}

func startAgain(fn func() error) func() error {
	wait := start(fn)
	return wait
}

func waited(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		wait := start(func() error { return place(ctx, 1) })
		err := place(ctx, 2)
		return errors.Join(err, wait()) // on every path
	})
}

func waitedDeferred(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		wait := startGroup(func() error { return place(ctx, 1) })
		defer wait()
		return place(ctx, 2)
	})
}

func received(ctx context.Context) error {
	ch, err := startChannel(func() error { return place(ctx, 1) })
	if err != nil {
		return err
	}
	return <-ch
}

func waitedAgain(ctx context.Context) error {
	return startAgain(func() error { return place(ctx, 1) })()
}

func waitedElsewhere(ctx context.Context) error {
	wait := async.Do(func() error { return place(ctx, 1) })
	<-async.Done(func() { _ = place(ctx, 2) })
	return wait()
}

func waitedInList(ctx context.Context) (all error) {
	var waits []func() error
	for id := range 3 {
		waits = append(waits, start(func() error { return place(ctx, id) }))
	}
	for _, wait := range waits { // what is put into a list is not followed
		all = errors.Join(all, wait())
	}
	return all
}

func handsOn(ctx context.Context) error {
	return all(start(func() error { return place(ctx, 1) }), start(func() error { return place(ctx, 2) }))
}

func all(waits ...func() error) (err error) {
	for _, wait := range waits {
		err = errors.Join(err, wait())
	}
	return err
}

// Nobody waits, or not on every path.

func dropped(ctx context.Context) error {
	start(func() error { return place(ctx, 1) }) // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
	return nil
}

func droppedElsewhere(ctx context.Context) error {
	_ = async.Done(func() { _ = place(ctx, 1) }) // want `place → airlock.Enqueue`
	return nil
}

func waitedSometimes(ctx context.Context) error {
	wait := start(func() error { return place(ctx, 1) }) // want `place → airlock.Enqueue`
	if err := place(ctx, 2); err != nil {
		return err
	}
	return wait()
}

func waitedLate(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	wait := start(func() error { return place(ctx, 1) }) // want `place → airlock.Enqueue`
	if err := scope.Flush(ctx); err != nil {
		return errors.Join(err, wait())
	}
	return wait()
}

func waitedForOne(ctx context.Context) error {
	start(func() error { return place(ctx, 1) }) // want `place → airlock.Enqueue`
	wait := start(func() error { return place(ctx, 2) })
	return wait()
}

// The stage of a pipeline: whoever receives waits.

func stage(ctx context.Context, in <-chan int) <-chan error {
	out := make(chan error)
	go func() {
		defer close(out)
		for id := range in {
			out <- place(ctx, id)
		}
	}()
	return out
}

func pipeline(ctx context.Context, in <-chan int) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		var all error
		for err := range stage(ctx, in) {
			all = errors.Join(all, err)
		}
		return all
	})
}

type job struct{ done chan struct{} }

func startJob(ctx context.Context) job {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = place(ctx, 1)
	}()
	return job{done}
}

func startWaiter(ctx context.Context) func() {
	var wg sync.WaitGroup
	wg.Go(func() { _ = place(ctx, 1) })
	return func() { wg.Wait() }
}

// What is handed out says nothing of the goroutine, or not on each path, or comes too late.

func unrelated(ctx context.Context) <-chan int {
	out := make(chan int, 1)
	out <- 1
	go func() { _ = place(ctx, 1) }() // want `place → airlock.Enqueue`
	return out
}

func doesNotWait(ctx context.Context) func() {
	var wg sync.WaitGroup
	wg.Go(func() { _ = place(ctx, 1) }) // want `place → airlock.Enqueue`
	return func() { wg.Add(1) }
}

func handedSometimes(ctx context.Context, quick bool) <-chan struct{} {
	done := make(chan struct{})
	go func() { // want `place → airlock.Enqueue`
		defer close(done)
		_ = place(ctx, 1)
	}()
	if quick {
		return nil
	}
	return done
}

func closesScope(ctx context.Context) (<-chan struct{}, error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	done := make(chan struct{})
	go func() { // the scope is closed when this returns // want `place → airlock.Enqueue`
		defer close(done)
		_ = place(ctx, 1)
	}()
	return done, scope.Flush(ctx)
}

func closesJob(ctx context.Context) (j job, err error) {
	err = airlock.Run(ctx, func(ctx context.Context) error {
		done := make(chan struct{})
		go func() { // Run flushes when this returns // want `place → airlock.Enqueue`
			defer close(done)
			_ = place(ctx, 1)
		}()
		j = job{done}
		return nil
	})
	return j, err
}

// A handle with a method that waits: whoever has it waits.

type handle struct{ done chan struct{} }

func (h *handle) Wait() { <-h.done }

type waits interface{ Wait() }

func startHandle(fn func() error) *handle {
	h := &handle{make(chan struct{})}
	go func() {
		defer close(h.done)
		_ = fn()
	}()
	return h
}

func startInterface(fn func() error) waits {
	h := &handle{make(chan struct{})}
	go func() {
		defer close(h.done)
		_ = fn()
	}()
	return h
}

func waitsFor(w waits) { w.Wait() }

func handled(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		h := startHandle(func() error { return place(ctx, 1) })
		defer h.Wait()
		i := startInterface(func() error { return place(ctx, 1) })
		defer i.Wait()
		return place(ctx, 2)
	})
}

func handledHere(ctx context.Context) {
	h := &handle{make(chan struct{})}
	go func() {
		defer close(h.done)
		_ = place(ctx, 1)
	}()
	h.Wait()
}

func handedAsInterface(ctx context.Context) {
	h := &handle{make(chan struct{})}
	go func() {
		defer close(h.done)
		_ = place(ctx, 1)
	}()
	waitsFor(h)
}

func handledNowhere(ctx context.Context) {
	h := &handle{make(chan struct{})}
	go func() { // want `place → airlock.Enqueue`
		defer close(h.done)
		_ = place(ctx, 1)
	}()
}
