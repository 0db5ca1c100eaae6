// Package semaphores waits for goroutines by taking all that they can hold: who has every slot knows that none is at work.
package semaphores

import (
	"context"

	"golang.org/x/sync/semaphore"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, id int) error { return nil }

func place(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

func filled(ctx context.Context, ids []int) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		sem := make(chan struct{}, 4)
		for _, id := range ids {
			sem <- struct{}{}
			go func() {
				defer func() { <-sem }()
				_ = place(ctx, id)
			}()
		}
		for range cap(sem) { // all have returned
			sem <- struct{}{}
		}
		return nil
	})
}

func filledAtEnd(ctx context.Context, ids []int) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go func() {
			_ = place(ctx, id)
			<-sem
		}()
	}
	for i := 0; i < cap(sem); i++ {
		sem <- struct{}{}
	}
}

func work(ctx context.Context, sem chan struct{}, id int) {
	defer func() { <-sem }()
	_ = place(ctx, id)
}

func filledForHelper(ctx context.Context, ids []int) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go work(ctx, sem, id)
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
}

func one(ctx context.Context) {
	lock := make(chan struct{}, 1)
	lock <- struct{}{}
	go func() {
		defer func() { <-lock }()
		_ = place(ctx, 1)
	}()
	lock <- struct{}{}
}

func notFilled(ctx context.Context, ids []int) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go func() { // want `this may enqueue after its scope has closed: place → airlock.Enqueue`
			defer func() { <-sem }()
			_ = place(ctx, id)
		}()
	}
}

func oneSlot(ctx context.Context, ids []int) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go func() { // three more may be at work // want `place → airlock.Enqueue`
			defer func() { <-sem }()
			_ = place(ctx, id)
		}()
	}
	sem <- struct{}{}
}

func filledSometimes(ctx context.Context, ids []int, quick bool) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go func() { // want `place → airlock.Enqueue`
			defer func() { <-sem }()
			_ = place(ctx, id)
		}()
	}
	if quick {
		return
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
}

func freedFirst(ctx context.Context, ids []int) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go func() { // the slot is free before the work is done // want `place → airlock.Enqueue`
			<-sem
			_ = place(ctx, id)
		}()
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
}

func jobs(ctx context.Context, ids []int) {
	in := make(chan int)
	go func() { // it may be at work on the last one // want `place → airlock.Enqueue`
		for id := range in {
			_ = place(ctx, id)
		}
	}()
	for _, id := range ids {
		in <- id
	}
	close(in)
}

func weighted(ctx context.Context, ids []int) error {
	const most = 4
	sem := semaphore.NewWeighted(most)
	for _, id := range ids {
		if err := sem.Acquire(ctx, 1); err != nil {
			break
		}
		go func() {
			defer sem.Release(1)
			_ = place(ctx, id)
		}()
	}
	return sem.Acquire(ctx, most) // all have returned
}

func weightedForgotten(ctx context.Context, ids []int) {
	sem := semaphore.NewWeighted(4)
	for _, id := range ids {
		if err := sem.Acquire(ctx, 1); err != nil {
			break
		}
		go func() { // want `place → airlock.Enqueue`
			defer sem.Release(1)
			_ = place(ctx, id)
		}()
	}
}
