package airlock

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// A PoolExecutor runs tasks in the background. Make it with [Pool]. It may be shared by any number of scopes; don't copy it.
type PoolExecutor struct {
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex // guards running against Close
	running sync.WaitGroup
}

// Pool returns an executor that runs up to n tasks in the background. Flush hands them over in order, waits where n are running,
// and reports them as dispatched; what becomes of them observers hear as Ran, and failures nobody observes are logged. Tasks
// may overtake each other unless n is 1. A delayed task runs at once, with a warning. What a task of the pool enqueues for the
// same pool runs in its own place, since waiting for one could take forever.
func Pool(n int) *PoolExecutor {
	must(n > 0, "airlock.Pool", fmt.Sprintf("n is %d, want at least 1", n))
	return &PoolExecutor{slots: make(chan struct{}, n), closed: make(chan struct{})}
}

type poolKey struct{ p *PoolExecutor }

// Execute hands the intent over. It returns [ErrPoolClosed] after Close, and the context's error if that ends first.
func (p *PoolExecutor) Execute(ctx context.Context, i *Intent) error {
	i.warnDelay()
	if ctx.Value(poolKey{p}) != nil {
		return i.Run(ctx)
	}
	select {
	case <-p.closed:
		return ErrPoolClosed
	case <-ctx.Done():
		return ctx.Err()
	case p.slots <- struct{}{}:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.closed: // while we waited
		<-p.slots
		return ErrPoolClosed
	default:
	}
	p.running.Add(1)
	go p.run(context.WithValue(context.WithoutCancel(ctx), poolKey{p}, true), i)
	return nil
}

func (p *PoolExecutor) run(ctx context.Context, i *Intent) {
	defer func() {
		<-p.slots
		p.running.Done()
	}()
	err := error(errGoexit)
	defer func() {
		if err != nil && !i.set.hearsRan() {
			slog.Error("airlock: a task failed in the pool", "intent", i, "error", err)
		}
	}()
	err = i.Run(ctx)
}

// Close refuses further work and waits for the tasks that run, or until ctx is done. It may be called repeatedly.
func (p *PoolExecutor) Close(ctx context.Context) error {
	mustContext(ctx, "airlock.PoolExecutor.Close")
	p.mu.Lock()
	p.once.Do(func() { close(p.closed) })
	p.mu.Unlock()
	done := make(chan struct{})
	go func() {
		p.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("airlock: closing the pool: %w", ctx.Err())
	}
}

func (p *PoolExecutor) String() string { return fmt.Sprintf("Pool(%d)", cap(p.slots)) }
func (p *PoolExecutor) immediate()     {}

func (set *settings) hearsRan() bool {
	for _, o := range set.observers {
		if o.Ran != nil {
			return true
		}
	}
	return false
}
