// Package paths has scopes that are closed on some paths, or on all, of one function.
package paths

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

func fail() error { return errors.New("failed") }

func use(ctx context.Context) {}

// A01, S01
func a01NeverClosed(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // want `this scope is still open at the return on line 22: flush or discard it on every path`
	use(ctx)
	_ = scope.State()
}

// A02
func a02Deferred(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // closed by the deferred call
	defer scope.Discard()
	use(ctx)
}

// A04
func a04StraightLine(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // closed on the only path
	use(ctx)
	return scope.Flush(ctx)
}

// A05
func a05OnlyInIf(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 44`
	if cond() {
		scope.Discard()
	}
}

// A06, S17
func a06BothBranches(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // closed in either branch
	if cond() {
		return scope.Flush(ctx)
	} else {
		scope.Discard()
	}
	return nil
}

// A07
func a07EarlyReturn(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 61`
	if cond() {
		return
	}
	scope.Discard()
}

// A08, S05
func a08EarlyErrorReturn(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return on line 70`
	if err := fail(); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

// A09
func a09CloseInIfReturnNil(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 81`
	if cond() {
		scope.Discard()
	}
	return nil
}

// A10
func a10CloseInIfReturnErr(ctx context.Context) error {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 91`
	err := fail()
	if err == nil {
		scope.Discard()
	}
	return err
}

// A12
func a12SwitchWithoutDefault(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 103`
	switch n {
	case 0:
		scope.Discard()
	case 1:
		scope.Discard()
	}
}

// A13
func a13SwitchWithDefault(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx) // every case closes it, and one of them is taken
	switch n {
	case 0:
		scope.Discard()
	default:
		scope.Discard()
	}
}

// A14
func a14SelectMisses(ctx context.Context, a, b chan int) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 124`
	select {
	case <-a:
		scope.Discard()
	case <-b:
	}
}

func a14SelectAll(ctx context.Context, a, b chan int) {
	_, scope := airlock.Begin(ctx) // every case closes it
	select {
	case <-a:
		scope.Discard()
	case <-b:
		scope.Discard()
	}
}

// A20
func a20DeferInIf(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 143`
	if cond() {
		defer scope.Discard()
	}
	use(ctx)
}

// A23
func a23ReturnBeforeDefer(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 149`
	if cond() {
		return
	}
	defer scope.Discard()
	use(ctx)
}

// A55
func a55NakedReturn(ctx context.Context) (out context.Context, scope *airlock.Scope) {
	out, scope = airlock.Begin(ctx) // handed out in a named result
	return
}

// A56
func a56AssignedOrReturned(ctx context.Context) {
	var scope *airlock.Scope
	if cond() {
		_, scope = airlock.Begin(ctx) // the other branch returns, so the defer is reached with this scope alone
	} else {
		return
	}
	defer scope.Discard()
}

// A62, S01, B09
func a62Blank(ctx context.Context) {
	_, _ = airlock.Begin(ctx) // want `still open at the return on line 175`
}

func s01ScopeBlank(ctx context.Context) {
	ctx2, _ := airlock.Begin(ctx) // want `still open at the return on line 180`
	use(ctx2)
}

// A63, S02
func a63Statement(ctx context.Context) {
	airlock.Begin(ctx) // want `still open at the return on line 185`
}

// A66, S03, B42
func a66DiscardAndFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // Discard is a no-op after Flush
	defer scope.Discard()
	use(ctx)
	return scope.Flush(ctx)
}

// A72
func a72TypeSwitchMisses(ctx context.Context, v any) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 203`
	switch v.(type) {
	case int:
		scope.Discard()
	case string:
	}
}

// B01
func b01UnderIf(ctx context.Context) {
	var _, scope = airlock.Begin(ctx) // want `still open at the return on line 211`
	if cond() {
		_ = scope
	}
}

// B14
func b14InnerBlock(ctx context.Context) (err error) {
	{
		ctx, scope := airlock.Begin(ctx) // closed at the end of its block
		err = scope.Flush(ctx)
	}
	return err
}

// B29
func b29PossiblyNil(ctx context.Context) {
	var scope *airlock.Scope
	if cond() {
		_, scope = airlock.Begin(ctx) // on the path without it, scope is nil
	}
	defer scope.Discard()
}

// S48
func s48Conditional(ctx context.Context) error {
	var scope *airlock.Scope
	if _, ok := airlock.FromContext(ctx); !ok {
		ctx, scope = airlock.Begin(ctx) // closed where it was opened
		defer scope.Discard()
	}
	if err := notify.Enqueue(ctx, 1); err != nil {
		return err
	}
	if scope != nil { // true on every path on which it was opened
		return scope.Flush(ctx)
	}
	return nil
}

// The same condition is asked twice: only two of the four paths exist.
func sameCondition(ctx context.Context, nested bool) {
	var scope *airlock.Scope
	if nested {
		_, scope = airlock.Begin(ctx) // closed under the condition under which it was opened
	}
	use(ctx)
	if nested {
		scope.Discard()
	}
}

func flag(ctx context.Context) {
	done := false
	_, scope := airlock.Begin(ctx) // done is true where it was closed already
	if cond() {
		scope.Discard()
		done = true
	}
	use(ctx)
	if !done {
		scope.Discard()
	}
}

func wrongFlag(ctx context.Context) {
	done := false
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 281`
	if cond() {
		done = true
	}
	if !done {
		scope.Discard()
	}
}

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })
