// want package:"handles scopes"

// Package facts has one function for each thing that a summary says.
package facts

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/airlock-go/airlock/airlock"
)

var task = airlock.NewTask("task", func(context.Context, int) error { return nil })

func closes(scope *airlock.Scope) { scope.Discard() } // want closes:"param 0 discarded"

func flushes(ctx context.Context, scope *airlock.Scope) error { return scope.Flush(ctx) } // want flushes:"param 1 flushed"

func mayClose(scope *airlock.Scope, b bool) { // want mayClose:`param 0 left\|discarded`
	if b {
		scope.Discard()
	}
}

func borrows(scope *airlock.Scope) airlock.State { return scope.State() } // it says nothing: that is to borrow

func reads(scope *airlock.Scope) int { return len(scope.Intents()) } // want reads:`param 0 left\|read`

var kept *airlock.Scope

func takes(scope *airlock.Scope) { kept = scope } // want takes:"param 0 taken"

func handsBack(scope *airlock.Scope) *airlock.Scope { return scope } // want handsBack:"param 0 returned"

func calls(f func()) { f() } // want calls:"param 0 closed"

func opens(ctx context.Context) (context.Context, *airlock.Scope) { // want opens:"result 1 scope"
	return airlock.Begin(ctx)
}

func opensQuietly(ctx context.Context) *airlock.Scope { // want opensQuietly:"result 0 scope quiet"
	_, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll()))
	return scope
}

func opensCleanup(ctx context.Context) func() { // want opensCleanup:"result 0 cleanup discarded"
	_, scope := airlock.Begin(ctx)
	return scope.Discard
}

type unit struct{ scope *airlock.Scope }

func opensUnit(ctx context.Context) *unit { // want opensUnit:"result 0 holder"
	_, scope := airlock.Begin(ctx)
	return &unit{scope}
}

func (u *unit) close() { u.scope.Discard() } // want close:"param 0 discarded"

func opensBelow(name string, ctx context.Context) *unit { // want opensBelow:"result 0 holder below 1"
	return opensUnit(context.WithValue(ctx, "name", name))
}

func opensInside() (*unit, func()) { // want opensInside:"result 0 holder inside 1, result 1 cleanup discarded"
	ctx, scope := airlock.Begin(context.Background())
	return opensUnit(ctx), scope.Discard
}

func opensApart() (*unit, func()) { // want opensApart:"result 0 holder, result 1 cleanup discarded"
	_, scope := airlock.Begin(context.Background())
	return opensUnit(context.Background()), scope.Discard
}

func enqueues(ctx context.Context) error { return task.Enqueue(ctx, 1) } // want enqueues:"enqueues in 0"

func enqueuesThere(n int, ctx context.Context) error { return enqueues(ctx) } // want enqueuesThere:"enqueues in 1"

func couldEnqueue(ctx context.Context, f func(context.Context) error) error { return f(ctx) } // want couldEnqueue:"calls what it is handed in 0"

func detaches(ctx context.Context) error { return task.Enqueue(airlock.Detach(ctx), 1) } // nothing in that scope

func fails() error { return errors.New("failed") } // want fails:"fails"

func wraps(err error) error { // want wraps:"fails if 0"
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("canceled: %w", err)
	}
	return err
}

func exits() { os.Exit(0) } // want exits:"exits"

func exitsWith(code int) { os.Exit(code) } // want exitsWith:"exits with 0"

func dies() { os.Exit(1) } // a failure

// Each of the two calls the other, and one of them closes: the least summary in which both hold.
func ping(scope *airlock.Scope, n int) { pong(scope, n-1) } // want ping:"param 0 discarded"

func pong(scope *airlock.Scope, n int) { // want pong:"param 0 discarded"
	if n < 0 {
		scope.Discard()
		return
	}
	ping(scope, n)
}
