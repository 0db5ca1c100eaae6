// Package beyond has shapes beyond the lists: states, collections, tables of functions, literals with arguments.
package beyond

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"sync/atomic"

	"github.com/airlock-go/airlock/airlock"
)

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })

func cond() bool { return false }

func use(ctx context.Context) error { return ctx.Err() }

func literalWithArgument(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the literal closes its argument
	defer func(s *airlock.Scope) { s.Discard() }(scope)
}

func askedForState(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // a scope that is open says so
	defer func() {
		if scope.State() == airlock.Open {
			scope.Discard()
		}
	}()
}

func askedForStateSwitch(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // a scope that is open says so
	switch scope.State() {
	case airlock.Open:
		scope.Discard()
	default:
	}
}

func askedForOtherState(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 51`
	if scope.State() == airlock.Flushed {
		scope.Discard()
	}
}

func tableOfFunctions(ctx context.Context) {
	_, one := airlock.Begin(ctx) // closed by the loop over the table
	_, two := airlock.Begin(ctx) // this one, too
	for _, f := range []func(){one.Discard, two.Discard} {
		f()
	}
}

func tableNeverCalled(ctx context.Context) {
	_, one := airlock.Begin(ctx) // want `still open at the return on line 65`
	table := []func(){one.Discard}
	_ = len(table)
}

func mapOfScopes(ctx context.Context, names []string) {
	all := map[string]*airlock.Scope{}
	for _, n := range names {
		_, scope := airlock.Begin(ctx) // closed by the loop over the map
		all[n] = scope
	}
	for _, scope := range all {
		scope.Discard()
	}
}

func structInStruct(ctx context.Context) {
	type inner struct{ scope *airlock.Scope }
	type outer struct{ in *inner }
	_, scope := airlock.Begin(ctx) // closed through two structs
	o := outer{&inner{scope}}
	defer o.in.scope.Discard()
}

func throughInterface(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through an interface
	var d interface{ Discard() } = scope
	defer d.Discard()
}

func typeAssertion(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed under the type that it has
	var v any = scope
	if s, ok := v.(*airlock.Scope); ok {
		s.Discard()
	}
}

func outParameter(ctx context.Context, out **airlock.Scope) {
	_, *out = airlock.Begin(ctx) // the caller's
}

func inContext(ctx context.Context) context.Context {
	ctx, scope := airlock.Begin(ctx) // whoever has the context can close it
	return context.WithValue(ctx, "scope", scope)
}

var current atomic.Pointer[airlock.Scope]

func inAtomic(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // kept where others can close it
	current.Store(scope)
}

func waitGroup(ctx context.Context) {
	var wg sync.WaitGroup
	_, scope := airlock.Begin(ctx) // closed by the goroutine
	wg.Go(func() { scope.Discard() })
	wg.Wait()
}

func afterFunc(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed when ctx is done
	context.AfterFunc(ctx, scope.Discard)
}

func recursiveLiteral(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the literal calls itself until it closes it
	var down func(n int)
	down = func(n int) {
		if n == 0 {
			scope.Discard()
			return
		}
		down(n - 1)
	}
	down(3)
}

func both(ctx context.Context) (*airlock.Scope, func()) {
	_, scope := airlock.Begin(ctx) // handed out twice
	return scope, scope.Discard
}

func bothFirst(ctx context.Context) {
	scope, _ := both(ctx) // one of the two is enough
	scope.Discard()
}

func bothSecond(ctx context.Context) {
	_, done := both(ctx) // one of the two is enough
	done()
}

func bothNone(ctx context.Context) {
	_, _ = both(ctx) // want `still open at the return on line 158`
}

func pair(ctx context.Context) (one, two *airlock.Scope) {
	_, one = airlock.Begin(ctx) // the caller's
	_, two = airlock.Begin(ctx) // the caller's
	return one, two
}

func pairCaller(ctx context.Context) {
	one, two := pair(ctx) // want `still open at the return on line 170`
	one.Discard()
	_ = two
}

func either(ctx context.Context) *airlock.Scope {
	if cond() {
		_, scope := airlock.Begin(ctx)
		return scope
	}
	_, scope := airlock.Begin(ctx, airlock.WithStrict())
	return scope
}

func eitherCaller(ctx context.Context) {
	scope := either(ctx) // want `still open at the return on line 184`
	_ = scope
}

func exitInDefer(ctx context.Context) {
	code := 0
	defer func() { os.Exit(code) }() // runs after the Discard
	_, scope := airlock.Begin(ctx)
	defer scope.Discard()
	code = len(os.Args)
}

func exitInDeferTooEarly(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `lost when the process exits on line 197`
	defer scope.Discard()
	defer os.Exit(0)
}

func inCondition(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := use(ctx); err == nil && scope.Flush(ctx) == nil {
		return nil
	}
	return errors.New("failed")
}

func joined(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer func() { err = errors.Join(err, scope.Flush(ctx)) }()
	return use(ctx)
}

func eachFails(ctx context.Context, n int) error {
	for range n {
		ctx, scope := airlock.Begin(ctx)
		if err := notify.Enqueue(ctx, 1); err != nil {
			scope.Discard()
			log.Print(err)
			continue
		}
		if err := scope.Flush(ctx); err != nil {
			return fmt.Errorf("flushing: %w", err)
		}
	}
	return nil
}

func untilDone(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	for {
		select {
		case <-ctx.Done():
			scope.Discard()
			return
		default:
		}
	}
}

type closer struct{ scope *airlock.Scope }

func (c *closer) Close() error {
	c.scope.Discard()
	return nil
}

func asCloser(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the closer
	var c io.Closer = &closer{scope}
	defer c.Close()
}

func asCloserInVain(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 259`
	var c io.Closer = &closer{scope}
	_ = c
}

func newCloser(scope *airlock.Scope) *closer { return &closer{scope: scope} }

func constructed(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the closer that has it
	c := newCloser(scope)
	defer c.Close()
}

func constructedInVain(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 272`
	_ = newCloser(scope)
}

func methodValueOfStruct(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the method value
	c := closer{scope}
	done := c.Close
	defer done()
}

func switchInit(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // every case closes it
	switch err := use(ctx); {
	case err != nil:
		scope.Discard()
		return err
	default:
		return scope.Flush(ctx)
	}
}

func beginInDefer(ctx context.Context) {
	defer func() {
		_, scope := airlock.Begin(ctx) // want `still open at the return on line 296`
		_ = scope.State()
	}()
}

func deferredFactory(ctx context.Context) {
	defer airlock.Begin(ctx) // want `still open`
}

func returnedInterface(ctx context.Context) interface{ Discard() } {
	_, scope := airlock.Begin(ctx) // the caller's
	return scope
}

func returnedInterfaceCaller(ctx context.Context) {
	returnedInterface(ctx).Discard() // closed
}

func returnedInterfaceInVain(ctx context.Context) {
	_ = returnedInterface(ctx) // want `still open`
}

func shadowed(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return on line 320`
	if cond() {
		ctx, scope := airlock.Begin(ctx) // closed; the outer one is not
		return scope.Flush(ctx)
	}
	scope.Discard()
	return nil
}

func nestedScopes(ctx context.Context) error {
	ctx, outer := airlock.Begin(ctx)
	defer outer.Discard()
	inner, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := notify.Enqueue(inner, 1); err != nil {
		return err
	}
	if err := scope.Flush(inner); err != nil {
		return err
	}
	return outer.Flush(ctx)
}

func swapInLoop(ctx context.Context, n int) error {
	current, scope := airlock.Begin(ctx) // each turn flushes the old one and opens a new one
	for range n {
		if err := scope.Flush(current); err != nil {
			return err
		}
		current, scope = airlock.Begin(ctx)
	}
	return scope.Flush(current)
}

func swapInLoopMisses(ctx context.Context, n int) error {
	current, scope := airlock.Begin(ctx) // want `still open at the return on line 358`
	for range n {
		if cond() {
			current, scope = airlock.Begin(ctx) // want `still open when the next one takes its place`
		}
	}
	return scope.Flush(current)
}
