// Package firsts takes the first result, or stops at the first error, and leaves goroutines behind.
package firsts

import (
	"context"
	"errors"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, id int) error { return nil }

func place(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

func one(ctx context.Context) error { return place(ctx, 1) }

func race(ctx context.Context, fns ...func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errc := make(chan error, len(fns))
	for _, fn := range fns {
		go func() { errc <- fn(ctx) }()
	}
	return <-errc // the first result; the others go on
}

func races(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		return race(ctx, one, one) // want `this may enqueue after its scope has closed: race → one → place → airlock.Enqueue`
	})
}

func firstResult(ctx context.Context, ids []int) error {
	errc := make(chan error, len(ids))
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }() // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
	}
	return <-errc
}

func firstSelected(ctx context.Context, ids []int) error {
	errc := make(chan error, len(ids))
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }() // want `place → airlock.Enqueue`
	}
	select {
	case err := <-errc:
		return err
	}
}

func bothResults(ctx context.Context) error {
	errc := make(chan error, 2)
	for id := range 2 {
		go func() { errc <- place(ctx, id) }() // there is a receive for each
	}
	return errors.Join(<-errc, <-errc)
}

func oneAtATime(ctx context.Context, ids []int) error {
	errc := make(chan error)
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }() // received before the next one starts
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

func ownChannel(ctx context.Context, ids []int) error {
	for _, id := range ids {
		errc := make(chan error)
		go func() { errc <- place(ctx, id) }() // each has a channel of its own
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

func lastCloses(ctx context.Context, ids []int) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	for _, id := range ids {
		wg.Go(func() { _ = place(ctx, id) }) // done is closed once
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
}

// A loop that is left early.

func firstError(ctx context.Context, ids []int) error {
	errc := make(chan error, len(ids))
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }() // want `place → airlock.Enqueue`
	}
	for range ids {
		if err := <-errc; err != nil {
			return err // the others still run
		}
	}
	return nil
}

func firstErrorBreaks(ctx context.Context, ids []int) (err error) {
	errc := make(chan error, len(ids))
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }() // want `place → airlock.Enqueue`
	}
	for range len(ids) {
		if err = <-errc; err != nil {
			break
		}
	}
	return err
}

func firstErrorOfTwo(ctx context.Context) error {
	errc := make(chan error, 2)
	go func() { errc <- place(ctx, 1) }() // want `place → airlock.Enqueue`
	go func() { errc <- place(ctx, 2) }() // want `place → airlock.Enqueue`
	for range 2 {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

func cancelled(ctx context.Context, ids []int) error {
	errc := make(chan error, len(ids))
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }() // want `place → airlock.Enqueue`
	}
	for range ids {
		select {
		case err := <-errc:
			println(err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func allErrors(ctx context.Context, ids []int) (all error) {
	errc := make(chan error, len(ids))
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }()
	}
	for range ids {
		if err := <-errc; err != nil {
			all = errors.Join(all, err)
			continue
		}
		println("one more")
	}
	return all
}

func firstErrorWaits(ctx context.Context, ids []int) error {
	var wg sync.WaitGroup
	errc := make(chan error, len(ids))
	for _, id := range ids {
		wg.Go(func() { errc <- place(ctx, id) })
	}
	for range ids {
		if err := <-errc; err != nil {
			wg.Wait() // for the others
			return err
		}
	}
	return nil
}

func counted(ctx context.Context, ids []int) error {
	errc := make(chan error)
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }()
	}
	left := len(ids)
	for {
		println(<-errc)
		if left--; left == 0 {
			return nil // it counts them
		}
	}
}

func countedSelect(ctx context.Context, ids []int, tick <-chan struct{}) {
	errc := make(chan error)
	for _, id := range ids {
		go func() { errc <- place(ctx, id) }()
	}
	left := len(ids)
	for {
		select {
		case <-errc:
			if left--; left == 0 {
				return // it counts them
			}
		case <-tick:
			println("still waiting")
		}
	}
}

func messages(ctx context.Context) {
	out := make(chan string)
	go func() { // one goroutine says when it is done
		out <- "started"
		_ = place(ctx, 1)
		out <- "done"
	}()
	for range 10 {
		if <-out == "done" {
			return
		}
	}
}
