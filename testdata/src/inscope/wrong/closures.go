package wrong

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// Closures over the outer context that are called inside.

func closureOuter(ctx context.Context) error {
	notify := func() error {
		return helper(ctx) // want `this enqueues outside the scope opened on line 15: helper → airlock.Enqueue`
	}
	return airlock.Run(ctx, func(ctx context.Context) error {
		return notify()
	})
}

func closureDeep(ctx context.Context) error {
	notify := func() error {
		return helper(ctx) // want `this enqueues outside the scope opened on line 25`
	}
	again := func() error { return notify() }
	return airlock.Run(ctx, func(ctx context.Context) error {
		func() { _ = again() }()
		return nil
	})
}

func closureBefore(ctx context.Context) error {
	notify := func() error {
		return helper(ctx) // called before the scope, and after it
	}
	if err := notify(); err != nil {
		return err
	}
	if err := airlock.Run(ctx, func(ctx context.Context) error { return helper(ctx) }); err != nil {
		return err
	}
	return notify()
}

func closureHanded(ctx context.Context) error {
	notify := func(ctx context.Context) error {
		return helper(ctx) // it is handed the scope's own
	}
	return airlock.Run(ctx, func(ctx context.Context) error {
		return notify(ctx)
	})
}

func closureReassigned(ctx context.Context) error {
	notify := func() error {
		return helper(ctx) // the scope's own by then
	}
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	if err := notify(); err != nil {
		return err
	}
	return s.Flush(ctx)
}

func closureRecursive(ctx context.Context) error {
	var walk func(n int) error
	walk = func(n int) error {
		if n > 0 {
			return walk(n - 1)
		}
		return helper(ctx) // want `this enqueues outside the scope opened on line 73`
	}
	return airlock.Run(ctx, func(context.Context) error {
		return walk(3)
	})
}
