// Package loops opens and closes scopes in and around loops.
package loops

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

func use(ctx context.Context) {}

// A11
func a11ZeroTimes(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 20`
	for range n {
		scope.Discard()
	}
}

// A49, S18
func a49DeferInLoop(ctx context.Context, n int) {
	for range n {
		ctx, scope := airlock.Begin(ctx) // not a leak: the rule loop says what is wrong
		defer scope.Discard()            // want `this closes the scopes of all turns of the loop only when the function returns`
		use(ctx)
	}
}

func a49LiteralInLoop(ctx context.Context, n int) {
	for range n {
		ctx, scope := airlock.Begin(ctx)
		defer func() { scope.Discard() }() // want `this closes the scopes of all turns`
		use(ctx)
	}
}

func a49FunctionInLoop(ctx context.Context, n int) {
	for range n {
		func() {
			ctx, scope := airlock.Begin(ctx) // the literal returns in each turn
			defer scope.Discard()
			use(ctx)
		}()
	}
}

func a49ReturnsInLoop(ctx context.Context) error {
	for {
		ctx, scope := airlock.Begin(ctx) // there is no second turn
		defer scope.Discard()
		return scope.Flush(ctx)
	}
}

// A50, S19
func a50Continue(ctx context.Context, n int) error {
	for range n {
		ctx, scope := airlock.Begin(ctx) // want `still open when the next one takes its place`
		if cond() {
			continue
		}
		if err := scope.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A51
func a51Break(ctx context.Context, n int) {
	for range n {
		_, scope := airlock.Begin(ctx) // want `still open at the return on line 80`
		if cond() {
			break
		}
		scope.Discard()
	}
}

// A52
func a52Goto(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 91`
	if cond() {
		goto end
	}
	scope.Discard()
end:
	use(ctx)
}

func a52GotoClosed(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // both ways lead to the Discard
	if cond() {
		goto end
	}
	use(ctx)
end:
	scope.Discard()
}

// A68
func a68LabelledContinue(ctx context.Context, n int) {
outer:
	for range n {
		_, scope := airlock.Begin(ctx) // want `still open when the next one takes its place`
		for range n {
			if cond() {
				continue outer
			}
		}
		scope.Discard()
	}
}

func eachTurn(ctx context.Context, n int) error {
	for range n {
		ctx, scope := airlock.Begin(ctx) // closed in every turn
		if cond() {
			scope.Discard()
			continue
		}
		if err := scope.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func forever(ctx context.Context) {
	for {
		ctx, scope := airlock.Begin(ctx) // want `still open when the next one takes its place`
		use(ctx)
		_ = scope.State()
	}
}

func closedInNextTurn(ctx context.Context, n int) {
	var last *airlock.Scope
	for range n {
		if last != nil {
			last.Discard()
		}
		_, last = airlock.Begin(ctx) // the next turn closes it, the last one is closed below
	}
	if last != nil {
		last.Discard()
	}
}

// Each turn takes a case of its own.
func selectInLoop(ctx context.Context, tap chan int) {
	var timer context.Context
	var scope *airlock.Scope
	for {
		wait := ctx
		if timer != nil {
			wait = timer
		}
		select {
		case <-wait.Done():
			if timer == nil && scope == nil {
				return
			}
			timer, scope = nil, nil
		case <-tap:
			if timer == nil {
				timer, scope = airlock.Begin(ctx) // want `still open at the return on line \d+|still open when the next one takes its place`
			}
		}
	}
}
