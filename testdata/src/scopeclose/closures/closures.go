// Package closures closes scopes in function literals.
package closures

import (
	"context"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

// A38
func a38NeverCalled(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 18`
	done := func() { scope.Discard() }
	_ = done
}

// A39
func a39Called(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the literal
	done := func() { scope.Discard() }
	done()
}

func calledSometimes(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 33`
	done := func() { scope.Discard() }
	if cond() {
		done()
	}
}

func oneOfTwo(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // whichever done is, it closes it
	done := func() { scope.Discard() }
	if cond() {
		done = scope.Discard
	}
	defer done()
}

func oneOfTwoMisses(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 51`
	done := func() {}
	if cond() {
		done = scope.Discard
	}
	done()
}

// A40
func a40Returned(ctx context.Context) (context.Context, func()) {
	ctx, scope := airlock.Begin(ctx) // the caller calls the literal
	return ctx, func() { scope.Discard() }
}

// A41, B44
func a41Goroutine(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the goroutine
	go func() { scope.Discard() }()
}

func a41GoroutineMethod(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the goroutine
	go scope.Discard()
}

func goroutineReads(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 73`
	go func() { _ = scope.State() }()
}

// A48, B06
func a48AssignedInside(ctx context.Context) {
	var scope *airlock.Scope
	func() {
		_, scope = airlock.Begin(ctx) // the variable is the outer one, which is closed below
	}()
	defer scope.Discard()
}

func a48NeverClosed(ctx context.Context) {
	var scope *airlock.Scope
	func() {
		_, scope = airlock.Begin(ctx) // want `still open at the return on line 90`
	}()
	_ = scope.State()
}

// B05
func b05InGoroutine(ctx context.Context) {
	go func() {
		_, scope := airlock.Begin(ctx) // want `still open at the return on line 97`
		_ = scope.State()
	}()
}

// S38
func s38Cleanup(ctx context.Context) (context.Context, func() error) {
	ctx, scope := airlock.Begin(ctx) // the caller calls the literal
	return ctx, func() error { return scope.Flush(ctx) }
}

func s38Called(ctx context.Context) error {
	_, done := s38Cleanup(ctx) // called
	return done()
}

func s38NotCalled(ctx context.Context) {
	_, done := s38Cleanup(ctx) // want `the scope opened here is still open at the return on line 114: call the function that closes it on every path`
	_ = done
}

func s38CalledSometimes(ctx context.Context) error {
	_, done := s38Cleanup(ctx) // want `the scope opened here is still open at the return on line 121`
	if cond() {
		return done()
	}
	return nil
}

// A literal that hands a scope out, like any other function.
func localFactory(ctx context.Context) {
	begin := func() *airlock.Scope {
		_, scope := airlock.Begin(ctx) // handed out
		return scope
	}
	one := begin() // closed
	defer one.Discard()
	two := begin() // want `still open at the return on line 134`
	_ = two
}

func onceFunc(ctx context.Context) func() {
	_, scope := airlock.Begin(ctx) // handed on to the function that is returned
	return sync.OnceFunc(func() { scope.Discard() })
}

// A literal calls another.
func nested(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the innermost
	inner := func() { scope.Discard() }
	outer := func() { inner() }
	outer()
}
