package airlock

import (
	"context"
	"fmt"
	"sync"
)

// Parallel returns an executor that runs n tasks at a time. Flush waits for them, so that its report is complete; tasks of
// one flush may overtake each other. A delayed task runs at once, with a warning.
func Parallel(n int) Executor {
	must(n > 0, "airlock.Parallel", fmt.Sprintf("n is %d, want at least 1", n))
	return &parallel{n}
}

type parallel struct{ n int }

func (p *parallel) Execute(ctx context.Context, i *Intent) error {
	i.warnDelay()
	return i.Run(ctx)
}

func (p *parallel) ExecuteBatch(ctx context.Context, is []*Intent) []error {
	errs := make([]error, len(is))
	spread(len(is), p.n, func(k int) {
		errs[k] = errGoexit
		errs[k] = p.Execute(ctx, is[k])
	})
	return errs
}

func (p *parallel) String() string { return fmt.Sprintf("Parallel(%d)", p.n) }
func (p *parallel) immediate()     {}

// spread dispatches the intents at ks, n at a time.
func (f *flight) spread(ks []int, n int) {
	spread(len(ks), n, func(at int) {
		k := ks[at]
		if f.stopped() {
			f.skip(k)
			return
		}
		defer func() {
			if f.fates[k] == flying {
				f.done(f.ctx, k, errGoexit, 0)
			}
		}()
		f.one(k)
	})
}

// spread calls do for 0 to count-1, each in a goroutine of its own, n at a time, and waits.
func spread(count, n int, do func(k int)) {
	slots := make(chan struct{}, n)
	var all sync.WaitGroup
	for k := range count {
		slots <- struct{}{}
		all.Add(1)
		go func() {
			defer func() { <-slots; all.Done() }()
			do(k)
		}()
	}
	all.Wait()
}
