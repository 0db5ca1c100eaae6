// Package helpers hands scopes to other functions.
package helpers

import (
	"context"
	"fmt"
	"io"
	"log"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

func discard(scope *airlock.Scope) { scope.Discard() }

func leave(scope *airlock.Scope) { fmt.Println(scope.State()) }

func sometimes(scope *airlock.Scope) {
	if cond() {
		scope.Discard()
	}
}

func twoLevels(scope *airlock.Scope) { discard(scope) }

func ignore(*airlock.Scope) {}

func unlessNil(scope *airlock.Scope) {
	if scope != nil {
		scope.Discard()
	}
}

// A24
func a24Closes(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the helper
	discard(scope)
}

// A25, B30
func a25DoesNot(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 46`
	leave(scope)
}

// A26
func a26Deferred(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the deferred helper
	defer discard(scope)
}

// A27
func a27Sometimes(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 58`
	sometimes(scope)
}

// A28
func a28TwoLevels(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the helper's helper
	twoLevels(scope)
}

// A43
func a43Once(ctx context.Context) {
	var once sync.Once
	_, scope := airlock.Begin(ctx) // the first call of Do closes it
	once.Do(scope.Discard)
}

// A57
func discardAll(scopes ...*airlock.Scope) {
	for _, s := range scopes {
		s.Discard()
	}
}

func a57Variadic(ctx context.Context) {
	_, one := airlock.Begin(ctx) // the helper closes all that it is handed
	_, two := airlock.Begin(ctx) // and this one
	discardAll(one, two)
}

func discardSome(scopes ...*airlock.Scope) {
	for i, s := range scopes {
		if i > 0 {
			s.Discard()
		}
	}
}

func a57VariadicSome(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 97`
	discardSome(scope)
}

func backwards(scopes []*airlock.Scope) {
	for i := len(scopes) - 1; i >= 0; i-- {
		scopes[i].Discard()
	}
}

func a57Slice(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the loop comes to every element
	backwards([]*airlock.Scope{scope})
}

// A59, B22
func closeIt(c interface{ Discard() }) { c.Discard() }

func a59Interface(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the interface
	closeIt(scope)
}

type closer interface{ Discard() }

func a59Unknown(ctx context.Context, sink interface{ Keep(closer) }) {
	_, scope := airlock.Begin(ctx) // whatever sink is, it may close it
	sink.Keep(scope)
}

// A60
func a60FuncValue(ctx context.Context, f func(*airlock.Scope)) {
	_, scope := airlock.Begin(ctx) // whatever f is, it may close it
	f(scope)
}

// B21
func b21Literal(ctx context.Context) {
	done := func(s *airlock.Scope) { s.Discard() }
	_, scope := airlock.Begin(ctx) // closed by the literal
	done(scope)
}

// B24
func b24Empty(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 142`
	ignore(scope)
}

func b24Printed(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 148`
	fmt.Println(scope)
	log.Print(scope)
}

// B34
func b34Parameter(ctx context.Context, scope *airlock.Scope) {
	_, scope = airlock.Begin(ctx) // want `still open at the return on line 154`
	ignore(scope)
}

// B41
func b41UnlessNil(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the helper closes every scope that is one
	unlessNil(scope)
}

// S36
func finish(ctx context.Context, scope *airlock.Scope, err error) error {
	if err != nil {
		scope.Discard()
		return err
	}
	return scope.Flush(ctx)
}

func s36Finish(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // flushed or discarded by the helper
	return finish(ctx, scope, nil)
}

// Functions that are handed a function.
func call(f func()) { f() }

func callLater(fs *[]func(), f func()) { *fs = append(*fs, f) }

func never(f func()) {}

func passed(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the helper calls what it is handed
	call(scope.Discard)
}

func passedLiteral(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the helper calls what it is handed
	call(func() { scope.Discard() })
}

func passedAndKept(ctx context.Context, fs *[]func()) {
	_, scope := airlock.Begin(ctx) // kept where others can call it
	callLater(fs, scope.Discard)
}

func passedInVain(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 201`
	never(scope.Discard)
}

// A function that hands back what it is handed.
func log1(scope *airlock.Scope) *airlock.Scope {
	log.Print(scope.State())
	return scope
}

func handedBack(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through what the helper hands back
	log1(scope).Discard()
}

func handedBackInVain(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 217`
	_ = log1(scope)
}

func cleanup(scope *airlock.Scope) func() { return func() { scope.Discard() } }

func madeCleanup(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the function that the helper makes of it
	defer cleanup(scope)()
}

func madeCleanupInVain(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 229`
	cleanup(scope)
}

// Recursion: the deepest call closes it.
func descend(scope *airlock.Scope, n int) {
	if n == 0 {
		scope.Discard()
		return
	}
	descend(scope, n-1)
}

func recursion(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // every way out of the recursion closes it
	descend(scope, 3)
}

func ping(scope *airlock.Scope, n int) {
	if n > 0 {
		pong(scope, n-1)
	}
}

func pong(scope *airlock.Scope, n int) {
	if n == 1 {
		scope.Discard()
		return
	}
	ping(scope, n)
}

func mutualRecursion(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 262`
	ping(scope, 3)
}

// A pointer to the variable.
func closeAt(p **airlock.Scope) { (*p).Discard() }

func address(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the pointer
	closeAt(&scope)
}

var _ io.Closer
