// Package flusherror drops errors that say whether effects have left.
package flusherror

import (
	"context"
	"log"

	"github.com/airlock-go/airlock/airlock"
)

func work(ctx context.Context) error { return nil }

var task = airlock.NewTask("task", func(context.Context, int) error { return nil })

// S06
func s06Statement(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	scope.Flush(ctx) // want `the error of Flush is dropped`
}

func s06Blank(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	_ = scope.Flush(ctx) // a decision
}

func s06Deferred(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Flush(ctx) // want `a deferred Flush dispatches even if the function fails, and its error is dropped`
}

func inDeferredLiteral(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		scope.Flush(ctx) // want `the error of Flush is dropped`
	}()
}

func looksAtIt(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		if err := scope.Flush(ctx); err != nil { // looked at
			log.Print(err)
		}
	}()
}

func goroutine(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	go scope.Flush(ctx) // want `the error of Flush is dropped by the go statement`
}

func methodValue(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	flush := scope.Flush
	flush(ctx) // want `the error of Flush is dropped`
}

func overwritten(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	err := scope.Flush(ctx) // want `the error of Flush is dropped`
	err = work(ctx)
	return err
}

func run(ctx context.Context) {
	airlock.Run(ctx, work)       // want `the error of airlock.Run is dropped`
	_ = airlock.Run(ctx, work)   // a decision
	defer airlock.Run(ctx, work) // want `the error of airlock.Run is dropped`
	go airlock.Run(ctx, work)    // want `the error of airlock.Run is dropped by the go statement`
}

func enqueue(ctx context.Context) {
	airlock.Enqueue(ctx, func(context.Context, int) error { return nil }, 1) // want `the error of airlock.Enqueue is dropped`
	airlock.EnqueueFunc(ctx, "name", work)                                   // want `the error of airlock.EnqueueFunc is dropped`
	task.Enqueue(ctx, 1)                                                     // want `the error of Enqueue is dropped`
	_ = task.Enqueue(ctx, 1)                                                 // a decision
	var _ = task.Enqueue(ctx, 1)                                             // a decision
}

func inTx(ctx context.Context, a *airlock.Airlock, transact airlock.Transact) {
	airlock.InTx(ctx, transact, work) // want `the error of airlock.InTx is dropped`
	a.InTx(ctx, transact, work)       // want `the error of InTx is dropped`
	a.Run(ctx, work)                  // want `the error of Run is dropped`
}

func handled(ctx context.Context) error {
	if err := task.Enqueue(ctx, 1); err != nil { // looked at
		return err
	}
	return airlock.Run(ctx, work) // handed on
}

func again(ctx context.Context, scope *airlock.Scope) {
	for _, i := range scope.Report().Failed() {
		i.Enqueue(ctx) // want `the error of Enqueue is dropped`
	}
}

func intoALocal(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	var err error
	defer func() { err = scope.Flush(ctx) }() // want `nobody reads it any more`
	err = task.Enqueue(ctx, 1)
	return err
}

func intoTheResult(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer func() { err = scope.Flush(ctx) }()
	return task.Enqueue(ctx, 1)
}

func readByAnother(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	var err error
	defer func() { log.Print(err) }()
	defer func() { err = scope.Flush(ctx) }()
	return task.Enqueue(ctx, 1)
}

func readAtOnce(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	var err error
	defer func() {
		err = scope.Flush(ctx)
		if err != nil {
			log.Print(err)
		}
	}()
	err = task.Enqueue(ctx, 1)
	return err
}

// The literal is called, and its error read.
func calledFirst(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	var err error
	flush := func() { err = scope.Flush(ctx) }
	flush()
	return err
}
