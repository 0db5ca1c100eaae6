// Package written: variables that are written after the enqueue.
package written

import (
	"bytes"
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

func task[A any](context.Context, A) error { return nil }

type order struct {
	Status string
	Lines  []int
}

func after(ctx context.Context) {
	total := 1
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(total) }) // want `this intent carries total \(a variable that is written after this\)`
	total = 2
	use(total)
}

func before(ctx context.Context) {
	total := 1
	total = 2
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(total) }) // written before only
}

func sometimes(ctx context.Context, more bool) {
	total := 1
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(total) }) // want `total`
	if more {
		total++
	}
}

func result(ctx context.Context) (err error) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(err) }) // want `err`
	err = use(1)
	return err
}

func inside(ctx context.Context) {
	n := 0
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error {
		n++ // its own counting
		return use(n)
	})
}

func field(ctx context.Context) {
	var o order
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.Status) }) // want `o`
	o.Status = "paid"
}

func loop(ctx context.Context, ids []int) {
	for _, id := range ids {
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(id) }) // each round has its own
	}
	for i := 0; i < 3; i++ {
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(i) }) // each round has its own
	}
	for i := range 3 {
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(i) }) // each round has its own
	}
}

func outside(ctx context.Context, ids []int) {
	var current int
	for _, id := range ids {
		current = id
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(current) }) // want `current`
	}
}

func insideLoop(ctx context.Context, ids []int) {
	for _, id := range ids {
		current := id
		current++
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(current) }) // declared anew in each round
	}
}

func pointer(ctx context.Context) {
	o := &order{}
	airlock.Enqueue(ctx, task[*order], o) // want `its argument \(a variable that is written after this\)`
	o.Status = "paid"
}

func address(ctx context.Context) {
	var o order
	o.Status = "new"
	airlock.Enqueue(ctx, task[*order], &o) // want `its argument`
	o = order{}
}

func slice(ctx context.Context, items []int) {
	airlock.Enqueue(ctx, task[[]int], items) // want `its argument`
	items[0] = 1
}

func buffer(ctx context.Context, n int) {
	buf := make([]byte, 8)
	for range n {
		buf[0]++
		airlock.Enqueue(ctx, task[[]byte], buf) // want `its argument`
	}
}

func mapped(ctx context.Context, m map[string]int) {
	airlock.Enqueue(ctx, task[map[string]int], m) // want `its argument`
	m["a"] = 1
}

func value(ctx context.Context) {
	o := order{Status: "new"}
	airlock.Enqueue(ctx, task[order], o) // a copy
	o.Status = "paid"
	use(o)
}

func pointerBefore(ctx context.Context) {
	o := &order{}
	o.Status = "paid"
	airlock.Enqueue(ctx, task[*order], o) // written before only
}

func fresh(ctx context.Context, n int) {
	for range n {
		o := &order{}
		o.Status = "paid"
		airlock.Enqueue(ctx, task[*order], o) // another one in each round
	}
}

type counter struct{ n int }

func (c *counter) run(ctx context.Context) error { return use(c.n) }

func (c counter) copied(ctx context.Context) error { return use(c.n) }

func receiver(ctx context.Context) {
	var c counter
	airlock.EnqueueFunc(ctx, "a", c.copied) // a copy
	airlock.EnqueueFunc(ctx, "a", c.run)    // want `its receiver \(a variable that is written after this\)`
	c.n = 2
}

func scanned(ctx context.Context, rows interface{ Scan(...any) error }, n int) {
	var id int
	for range n {
		rows.Scan(&id)
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(id) }) // want `id`
	}
	for range n {
		var id int
		rows.Scan(&id)
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(id) }) // declared anew in each round
	}
}

func otherLiteral(ctx context.Context) {
	total := 0
	defer func() { total++ }()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(total) }) // want `total`
}

// What a captured pointer, map or slice leads to.
func part(ctx context.Context, o *order) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.Status) }) // want `o \(a variable that is written after this\)`
	o.Status = "paid"
}

func otherPart(ctx context.Context, o *order) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.Status) }) // what is written is another field
	o.Lines = nil
}

func whole(ctx context.Context, o *order) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o) }) // want `o \(a variable that is written after this\)`
	o.Lines = nil
}

func mappedPart(ctx context.Context, m map[string]int) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(m["a"]) }) // want `m \(a variable that is written after this\)`
	m["a"] = 1
}

func slicePart(ctx context.Context, list []int) {
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(list[0]) }) // want `list \(a variable that is written after this\)`
	list[0] = 1
}

func eachPart(ctx context.Context, orders []*order) {
	for _, o := range orders {
		o.Status = "new"
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.Status) }) // another one in each round
	}
}

func (c *counter) count(ctx context.Context) {
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return c.run(ctx) }) // an object with a state of its own
	c.n++
}

func refilled(ctx context.Context, texts []string) {
	var buf bytes.Buffer
	for _, t := range texts {
		buf.Reset()
		buf.WriteString(t)
		airlock.Enqueue(ctx, task[*bytes.Buffer], &buf) // want `its argument`
		airlock.Enqueue(ctx, task[string], buf.String())
	}
}

func filledBefore(ctx context.Context) {
	var buf bytes.Buffer
	buf.WriteString("text")
	airlock.Enqueue(ctx, task[*bytes.Buffer], &buf) // written before only
	use(buf.Len())
}
