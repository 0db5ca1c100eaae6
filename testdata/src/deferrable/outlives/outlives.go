// Package outlives: what was made to outlive the function.
package outlives

import (
	"context"
	"database/sql"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type key struct{}

func contexts(ctx context.Context) {
	background := context.Background()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(background) }) // nobody cancels it
	without := context.WithoutCancel(ctx)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(without) }) // nobody cancels it
	valued := context.WithValue(without, key{}, 1)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(valued) }) // nobody cancels it
	other := context.WithValue(ctx, key{}, 1)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(other) }) // want `other \(an outer context\)`
}

func copied(c *gin.Context) {
	cp := c.Copy()
	airlock.EnqueueFunc(c, "a", func(context.Context) error { return use(cp.Param("id")) }) // gin's copy is made for this
}

func detached(ctx context.Context) {
	without := airlock.Detach(context.WithoutCancel(ctx))
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(without) }) // nobody cancels it
	with := airlock.Detach(ctx)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(with) }) // want `with \(an outer context\)`
}

var program context.Context

type worker struct {
	ctx context.Context
	mu  sync.Mutex
}

func (w *worker) submit(ctx context.Context, f func(context.Context) error) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return f(w.ctx) }) // the worker's own
	base := w.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return f(base) }) // the worker's own
	valued := context.WithValue(base, key{}, 1)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return f(valued) }) // the worker's own
	mu := &w.mu
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { // the worker's own
		mu.Lock()
		defer mu.Unlock()
		return nil
	})
	either := w.ctx
	if either == nil {
		either = program
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return f(either) }) // the worker's, or the program's
	outer := w.ctx
	if outer == nil {
		outer = ctx
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return f(outer) }) // want `outer \(an outer context\)`
	below, cancel := context.WithCancel(w.ctx)
	defer cancel()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return f(below) }) // want `below \(an outer context\)`
}

type node struct {
	ctx  context.Context
	next *node
}

func last(ctx context.Context, n *node) {
	for n.next != nil {
		n = n.next
	}
	base := n.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(base) }) // the node's own
}

type pool struct{ first, last *worker }

func (p *pool) submit(ctx context.Context) {
	base := p.first.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(base) }) // the worker's own
	p = &pool{first: &worker{ctx: ctx}}
	other := p.first.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(other) }) // want `other \(an outer context\)`
}

func (w worker) copied(ctx context.Context) {
	base := w.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(base) }) // the worker's own
}

func made(ctx context.Context) {
	w := &worker{ctx: ctx}
	base := w.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(base) }) // want `base \(an outer context\)`
	var v worker
	v.ctx = ctx
	other := v.ctx
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(other) }) // want `other \(an outer context\)`
	mu := &w.mu
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(mu) }) // want `mu \(a lock\)`
}

func asData(ctx context.Context, w *worker) {
	airlock.Enqueue(ctx, take, w.ctx) // the worker's own
}

func take(context.Context, context.Context) error { return nil }

type traced struct {
	ctx context.Context
	tx  *sql.Tx
	id  int
}

func (t *traced) run(context.Context) error { return use(t.ctx) }

func newTraced(ctx context.Context, id int) *traced { return &traced{ctx: ctx, id: id} }

func takeTraced(context.Context, *traced) error { return nil }

// What a field holds tells more than its type.
func inField(ctx context.Context, given *traced, tx *sql.Tx) {
	without := context.WithoutCancel(ctx)
	airlock.Enqueue(ctx, takeTraced, &traced{ctx: without})        // want `its argument.tx \(a transaction\)`
	airlock.Enqueue(ctx, takeTraced, &traced{ctx: ctx})            // want `its argument.ctx \(an outer context\)`
	airlock.Enqueue(ctx, takeTraced, given)                        // want `its argument.ctx \(an outer context\)`
	airlock.Enqueue(ctx, takeCalled, called{context.Background()}) // nobody cancels it
	airlock.Enqueue(ctx, takeCalled, called{ctx})                  // want `its argument.ctx \(an outer context\)`
	airlock.Enqueue(ctx, takeCalled, newCalled(ctx))               // want `its argument.ctx \(an outer context\)`
	var c called
	if c.ctx = without; tx != nil {
		c.ctx = ctx
	}
	airlock.Enqueue(ctx, takeCalled, c) // want `its argument.ctx \(an outer context\)`
}

type called struct{ ctx context.Context }

func newCalled(ctx context.Context) called { return called{ctx} }

func takeCalled(context.Context, called) error { return nil }
