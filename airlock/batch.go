package airlock

import (
	"context"
	"fmt"
	"time"
)

// batch dispatches the intents at ks at once.
func (f *flight) batch(ks []int, execute func(context.Context, []*Intent) []error) {
	ks = f.announce(ks)
	if len(ks) == 0 {
		return
	}
	is := make([]*Intent, len(ks))
	ctxs := make([]context.Context, len(ks))
	for n, k := range ks {
		is[n] = f.list[k]
		ctxs[n] = is[n].set.dispatching(f.ctx, IntentEvent{Scope: f.scope, Intent: is[n]})
	}
	start := time.Now()
	errs, err := performBatch(f.ctx, is, execute)
	elapsed := time.Since(start)
	for n, k := range ks {
		if err == nil && errs != nil {
			f.done(ctxs[n], k, errs[n], elapsed)
		} else {
			f.done(ctxs[n], k, err, elapsed)
		}
	}
}

// announce tells the policies, and returns the indices of the intents for which none of them panicked.
func (f *flight) announce(ks []int) []int {
	ready := make([]int, 0, len(ks))
	for _, k := range ks {
		f.fates[k] = flying
		if err := tellPolicies(f.ctx, f.list[k]); err != nil {
			f.done(f.ctx, k, err, 0)
			continue
		}
		ready = append(ready, k)
	}
	return ready
}

func tellPolicies(ctx context.Context, i *Intent) (err error) {
	defer recovering(&err)
	i.chain.dispatching(i.chain.guarded(ctx), i)
	return nil
}

// performBatch returns the executor's errors, or one for all.
func performBatch(ctx context.Context, is []*Intent, execute func(context.Context, []*Intent) []error) (errs []error, err error) {
	defer recovering(&err)
	n := len(is)
	errs = execute(ctx, is)
	if errs != nil && len(errs) != n {
		return nil, fmt.Errorf("airlock: the executor returned %d errors for %d intents", len(errs), n) // I10
	}
	return errs, nil
}
