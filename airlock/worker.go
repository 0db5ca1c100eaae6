package airlock

import (
	"context"
	"time"
)

// work runs a task that came through a queue, in a scope of its own.
func (i *Intent) work(ctx context.Context, opts []ScopeOption) error {
	e := envOf(ctx)
	if err := e.runnable("Registry.Run"); err != nil {
		return err
	}
	s := open(ctx, e, nil, opts)
	s.env.dispatching = true // I13: the far side of the airlock
	i.set, i.chain, i.depth = s.set, s.env.chain, int32(s.env.depth)
	if len(s.set.observers) > 0 {
		start, err := time.Now(), errUnfinished
		defer func() { i.ran(ctx, start, &err) }()
		err = s.run(i.extract(&s.ctx, s.set.propagators), ctx, i.job.call)
		return err
	}
	return s.run(i.extract(&s.ctx, s.set.propagators), ctx, i.job.call)
}
