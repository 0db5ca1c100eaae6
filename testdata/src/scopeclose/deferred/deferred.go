// Package deferred has scopes that deferred calls close, or not.
package deferred

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

func fail() error { return errors.New("failed") }

func use(ctx context.Context) {}

// A03
func a03Literal(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the deferred literal
	defer func() { scope.Discard() }()
}

// A21, B15
func a21Sometimes(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 33`
	defer func() {
		if cond() {
			scope.Discard()
		}
	}()
}

// A22
func a22AllBranches(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // each branch of the deferred literal closes it
	defer func() {
		if cond() {
			scope.Discard()
		} else {
			log.Print("done")
			scope.Discard()
		}
	}()
}

// The deferred literal decides by the error that the function returns.
func byError(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx) // flushed or discarded
	defer func() {
		if err != nil {
			scope.Discard()
			return
		}
		err = scope.Flush(ctx)
	}()
	if cond() {
		return fail()
	}
	return nil
}

func discardOnError(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx) // discarded where err is not nil, flushed where it is
	defer func() {
		if err != nil {
			scope.Discard()
		}
	}()
	if err := fail(); err != nil {
		return err
	}
	if cond() {
		return errors.New("no")
	}
	return scope.Flush(ctx)
}

func discardOnErrorMisses(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return on line 88`
	defer func() {
		if err != nil {
			scope.Discard()
		}
	}()
	if cond() {
		return nil
	}
	return scope.Flush(ctx)
}

// A44
func a44Immediate(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the literal is called, and its defer runs when it returns
	func() {
		defer scope.Discard()
		use(ctx)
	}()
}

// A45
func a45Twice(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the defer in the deferred literal
	defer func() {
		defer func() { scope.Discard() }()
	}()
}

// A46
func a46OtherName(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed under its other name
	other := scope
	defer other.Discard()
}

// A71, S47
func a71MethodValue(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the method value
	done := scope.Discard
	defer done()
}

func methodExpression(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the method expression
	done := (*airlock.Scope).Discard
	defer done(scope)
}

// B20
func b20NeverCalled(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 134`
	_ = func() { scope.Discard() }
}

func report(string, error) {}

// B23
func b23Nested(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // closed in the argument of another call
	defer func() { report("flush", scope.Flush(ctx)) }()
}

// B36, B39
func b36OwnError(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // closed by the deferred literal, which looks at the error
	defer func() {
		if err := scope.Flush(ctx); err != nil {
			log.Print(err)
		}
	}()
}

// B31
func closer(scope *airlock.Scope) {
	defer scope.Discard()
	fmt.Println("closing")
}

func b31HelperDefers(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the helper's own defer
	defer closer(scope)
}

// The last deferred call runs first.
func order(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // flushed, then discarded: a no-op
	defer scope.Discard()
	defer func() {
		if err := scope.Flush(ctx); err != nil {
			log.Print(err)
		}
	}()
}

// The error of a wrapper of another module is not nil where what it wraps is not.
func named(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx) // both kinds of return are covered
	defer func() {
		if err != nil {
			scope.Discard()
		}
	}()
	if err = fail(); err != nil {
		return fmt.Errorf("named: %w", err)
	}
	err = scope.Flush(ctx)
	return err
}
