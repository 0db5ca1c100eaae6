// Package reused: batches and buffers that are filled again after the enqueue.
package reused

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strconv"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

func task[A any](context.Context, A) error { return nil }

type order struct {
	ID   int
	Tags []string
}

// Cut to nothing, the slice is there to be filled again.
func batches(ctx context.Context, ids []int) {
	var batch []int
	for _, id := range ids {
		batch = append(batch, id)
		if len(batch) == 100 {
			airlock.Enqueue(ctx, task[[]int], batch) // want `its argument \(a variable that is written after this\)`
			batch = batch[:0]
		}
	}
	airlock.Enqueue(ctx, task[[]int], batch) // the last one
}

func batchesMade(ctx context.Context, ids []int) error {
	batch := make([]int, 0, 100)
	for _, id := range ids {
		batch = append(batch, id)
		if len(batch) < 100 {
			continue
		}
		if err := airlock.Enqueue(ctx, task[[]int], batch); err != nil { // want `its argument`
			return err
		}
		batch = batch[:0]
	}
	return nil
}

func batchesAnew(ctx context.Context, ids []int) {
	batch := make([]int, 0, 100)
	for _, id := range ids {
		batch = append(batch, id)
		if len(batch) == 100 {
			airlock.Enqueue(ctx, task[[]int], batch) // another array for each
			batch = make([]int, 0, 100)
		}
	}
	var next []int
	for _, id := range ids {
		next = append(next, id)
		if len(next) == 100 {
			airlock.Enqueue(ctx, task[[]int], next) // another array for each
			next = nil
		}
	}
	for _, id := range ids {
		next = append(next, id)
		if len(next) == 100 {
			airlock.Enqueue(ctx, task[[]int], next) // without capacity, another array for each
			next = next[:0:0]
		}
	}
}

func batchesCopied(ctx context.Context, ids []int) {
	var batch []int
	for _, id := range ids {
		batch = append(batch, id)
		if len(batch) == 100 {
			airlock.Enqueue(ctx, task[[]int], slices.Clone(batch))              // a copy
			airlock.Enqueue(ctx, task[[]int], append([]int(nil), batch...))     // a copy
			airlock.Enqueue(ctx, task[string], fmt.Sprint(batch))               // a copy
			airlock.Enqueue(ctx, task[[]int], append([]int(nil), batch[1:]...)) // a copy
			batch = batch[:0]
		}
	}
}

func chunks(ctx context.Context, ids []int) {
	for len(ids) > 10 {
		airlock.Enqueue(ctx, task[[]int], ids[:10]) // nothing is written
		ids = ids[10:]
	}
	for chunk := range slices.Chunk(ids, 3) {
		airlock.Enqueue(ctx, task[[]int], chunk) // nothing is written
	}
}

func appended(ctx context.Context, ids []int) []int {
	airlock.Enqueue(ctx, task[[]int], ids) // what it has stays
	return append(ids, 1)
}

func removed(ctx context.Context, ids []int, i int) []int {
	airlock.Enqueue(ctx, task[[]int], ids) // want `its argument`
	return append(ids[:i], ids[i+1:]...)
}

func removedFromCopy(ctx context.Context, ids []int, i int) []int {
	airlock.Enqueue(ctx, task[[]int], ids) // the array is another
	return append(ids[:i:i], ids[i+1:]...)
}

func inLiteral(ctx context.Context, ids []int) error {
	var batch []int
	flush := func() error {
		if err := airlock.Enqueue(ctx, task[[]int], batch); err != nil { // want `its argument`
			return err
		}
		batch = batch[:0]
		return nil
	}
	anew := func() error {
		if err := airlock.Enqueue(ctx, task[[]int], batch); err != nil { // another array for each
			return err
		}
		batch = nil
		return nil
	}
	for _, id := range ids {
		if batch = append(batch, id); len(batch) == 100 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return anew()
}

// The write ahead of the enqueue, in the next round.
func scratch(ctx context.Context, ids []int) {
	var buf []byte
	for _, id := range ids {
		buf = strconv.AppendInt(buf[:0], int64(id), 10)
		airlock.Enqueue(ctx, task[[]byte], buf) // want `its argument`
	}
	for _, id := range ids {
		buf = strconv.AppendInt(nil, int64(id), 10)
		airlock.Enqueue(ctx, task[[]byte], buf) // another array for each
	}
}

func scratchSometimes(ctx context.Context, ids []int) {
	var buf []int
	for _, id := range ids {
		buf = append(buf[:0], id)
		if id > 0 {
			airlock.Enqueue(ctx, task[[]int], buf) // another array from here on
			buf = nil
		}
	}
}

func cutText(ctx context.Context, text string) string {
	airlock.Enqueue(ctx, task[string], text) // a string does not change
	return text[:0]
}

func replaced(ctx context.Context, n int) {
	var o *order
	next := func() { o = new(order) }
	for range n {
		next()
		o.ID = n
		airlock.Enqueue(ctx, task[*order], o) // the literal makes another one in each round
	}
}

func linked(ctx context.Context, n *node) {
	for ; n != nil; n = n.next {
		n.seen = true
		airlock.Enqueue(ctx, task[*node], n) // another one in each round
	}
}

func eachElement(ctx context.Context, orders []*order, all []batcher) {
	for i := range orders {
		o := orders[i]
		o.ID = i
		airlock.Enqueue(ctx, task[*order], o) // another one in each round
	}
	for i := range all {
		all[i].batch[0] = 1
		airlock.Enqueue(ctx, task[[]int], all[i].batch) // another one in each round
	}
	for _, b := range all {
		b := &b
		b.last.ID = 1
		airlock.Enqueue(ctx, task[*order], b.last) // another one in each round
	}
}

func oneElement(ctx context.Context, all []batcher, b *batcher) {
	for i := range all {
		b.batch[0] = i
		airlock.Enqueue(ctx, task[[]int], b.batch) // want `its argument`
	}
	for i := range all {
		for range 3 {
			one := &all[i]
			airlock.Enqueue(ctx, task[[]int], one.batch) // want `its argument`
			one.batch = one.batch[:0]
		}
	}
	use(func() { use(b) })
}

type node struct {
	seen bool
	next *node
}

type batcher struct {
	batch []int
	last  *order
	rows  *sql.Rows
}

func (b *batcher) flush(ctx context.Context) error {
	if err := airlock.Enqueue(ctx, task[[]int], b.batch); err != nil { // want `its argument`
		return err
	}
	b.batch = b.batch[:0]
	return nil
}

func (b *batcher) flushAnew(ctx context.Context) error {
	if err := airlock.Enqueue(ctx, task[[]int], b.batch); err != nil { // another array for each
		return err
	}
	b.batch = nil
	b.batch = append(b.batch[:0], 1)
	return nil
}

func (b *batcher) flushOther(ctx context.Context, other *batcher) error {
	if err := airlock.Enqueue(ctx, task[[]int], b.batch); err != nil { // the other is cut
		return err
	}
	other.batch = other.batch[:0]
	return nil
}

func (b *batcher) flushTaken(ctx context.Context) error {
	taken := b.batch
	b.batch = make([]int, 1)
	if err := airlock.Enqueue(ctx, task[[]int], taken); err != nil { // what is written is the next one
		return err
	}
	b.batch[0] = 1
	return nil
}

func (b *batcher) flushKept(ctx context.Context) error {
	kept := b.batch
	if err := airlock.Enqueue(ctx, task[[]int], kept); err != nil { // want `its argument`
		return err
	}
	b.batch[0] = 1
	return nil
}

func (b *batcher) next() bool { return b.rows.Next() && b.rows.Scan(b.last) == nil }

func (b *batcher) mark(ctx context.Context) {
	for b.next() {
		b.last.ID = 1
		airlock.Enqueue(ctx, task[*order], b.last) // next may have put another one there
	}
}

func (b *batcher) markAfter(ctx context.Context) {
	airlock.Enqueue(ctx, task[*order], b.last) // want `its argument`
	b.last.ID = 1
}

// Functions that are there to write to what they are handed.
func read(ctx context.Context, r io.Reader) error {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		airlock.Enqueue(ctx, task[[]byte], buf[:n])          // want `its argument`
		airlock.Enqueue(ctx, task[string], string(buf[:n]))  // a copy
		airlock.Enqueue(ctx, task[[]byte], bytes.Clone(buf)) // a copy
	}
}

func readFull(ctx context.Context, r *bufio.Reader, n int) error {
	buf := make([]byte, n)
	for {
		if _, err := io.ReadFull(r, buf[:8]); err != nil {
			return err
		}
		airlock.Enqueue(ctx, task[json.RawMessage], json.RawMessage(buf)) // want `its argument`
	}
}

func parsed(ctx context.Context, text []byte, o *order) error {
	airlock.Enqueue(ctx, task[[]byte], text) // only read
	airlock.Enqueue(ctx, task[*order], o)    // only read
	if _, err := ReadOrder(text); err != nil {
		return err
	}
	_, err := toml.Decode(o, new(order))
	return err
}

func ReadOrder(text []byte) (order, error) { return order{}, use(text) }

type decoder struct{}

func (decoder) Decode(in, out any) (int, error) { return 0, use(in, out) }

var toml decoder

func readAnew(ctx context.Context, r io.Reader, n int) error {
	for {
		buf := make([]byte, n)
		if _, err := io.ReadFull(r, buf); err != nil {
			return err
		}
		airlock.Enqueue(ctx, task[[]byte], buf) // another one in each round
	}
}

func decode(ctx context.Context, dec *json.Decoder) {
	o := new(order)
	for dec.Decode(o) == nil {
		airlock.Enqueue(ctx, task[any], any(o)) // want `its argument`
	}
	for {
		o := new(order)
		if dec.Decode(o) != nil {
			return
		}
		airlock.Enqueue(ctx, task[any], any(o)) // another one in each round
	}
}

func unmarshal(ctx context.Context, texts [][]byte) {
	var o order
	for _, text := range texts {
		json.Unmarshal(text, &o)
		airlock.Enqueue(ctx, task[*order], &o)   // want `its argument`
		airlock.Enqueue(ctx, task[[]byte], text) // only read
	}
}

func shown(ctx context.Context, o *order) {
	airlock.Enqueue(ctx, task[*order], o) // only read
	fmt.Println(o)
	json.Marshal(o)
	slices.Sort(slices.Clone(o.Tags))
}

func builtins(ctx context.Context, m map[string]int, a, b []int, n map[string]int) {
	airlock.Enqueue(ctx, task[map[string]int], m) // want `its argument`
	delete(m, "a")
	airlock.Enqueue(ctx, task[map[string]int], n) // want `its argument`
	clear(n)
	airlock.Enqueue(ctx, task[[]int], a) // want `its argument`
	airlock.Enqueue(ctx, task[[]int], b) // copied from
	copy(a, b)
}

func reordered(ctx context.Context, a, b, c, d []int, m map[string]int) {
	airlock.Enqueue(ctx, task[[]int], a) // want `its argument`
	slices.Sort(a)
	airlock.Enqueue(ctx, task[[]int], b) // want `its argument`
	sort.Slice(b, func(i, j int) bool { return b[i] < b[j] })
	airlock.Enqueue(ctx, task[[]int], c) // want `its argument`
	sort.Sort(sort.IntSlice(c))
	airlock.Enqueue(ctx, task[map[string]int], m) // want `its argument`
	maps.Copy(m, m)
	slices.Sort(d)
	airlock.Enqueue(ctx, task[[]int], d) // sorted before
	use(slices.Sorted(slices.Values(d)), slices.Max(d), sort.IntsAreSorted(d))
}

// Parts of what a scanner or a buffer holds.
func scanned(ctx context.Context, r io.Reader) {
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		airlock.Enqueue(ctx, task[[]byte], sc.Bytes())              // want `its argument`
		airlock.Enqueue(ctx, task[string], sc.Text())               // a copy
		airlock.Enqueue(ctx, task[[]byte], bytes.Clone(sc.Bytes())) // a copy
	}
	airlock.Enqueue(ctx, task[[]byte], sc.Bytes()) // nothing is read after this
}

func buffered(ctx context.Context, texts []string) {
	var buf bytes.Buffer
	for _, t := range texts {
		buf.Reset()
		buf.WriteString(t)
		airlock.Enqueue(ctx, task[[]byte], buf.Bytes()) // want `its argument`
		airlock.Enqueue(ctx, task[string], buf.String())
	}
	for _, t := range texts {
		var buf bytes.Buffer
		buf.WriteString(t)
		airlock.Enqueue(ctx, task[[]byte], buf.Bytes()) // another one in each round
	}
}

func bufferedAnew(ctx context.Context, texts []string) {
	var buf bytes.Buffer
	for _, t := range texts {
		buf = bytes.Buffer{}
		buf.WriteString(t)
		airlock.Enqueue(ctx, task[[]byte], buf.Bytes()) // another array for each
	}
}

var buffers sync.Pool

type doubleBuffer struct {
	buf  bytes.Buffer
	next *bytes.Buffer
}

func (b *doubleBuffer) both(ctx context.Context) {
	airlock.Enqueue(ctx, task[[]byte], b.buf.Bytes()) // want `its argument`
	b.buf.Reset()
	airlock.Enqueue(ctx, task[[]byte], b.next.Bytes()) // want `its argument`
	b.next.Reset()
	airlock.Enqueue(ctx, task[[]byte], b.next.Bytes()) // another buffer
	b.next = new(bytes.Buffer)
	b.next.Reset()
}

func pooled(ctx context.Context) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	buf.WriteString("text")
	airlock.Enqueue(ctx, task[[]byte], buf.Bytes()) // want `its argument`
	airlock.Enqueue(ctx, task[string], buf.String())
}

// Method values have bound their receivers.
func bound(ctx context.Context) {
	var buf bytes.Buffer
	reset, text := buf.Reset, buf.Bytes
	airlock.Enqueue(ctx, task[func()], reset)
	airlock.Enqueue(ctx, task[[]byte], text()) // not found
	reset()
}

// Captured, as in the argument.
func captured(ctx context.Context, r io.Reader, m map[string]int, a []int) {
	buf := make([]byte, 8)
	for {
		if _, err := r.Read(buf); err != nil {
			break
		}
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(buf) }) // want `buf \(a variable that is written after this\)`
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(m["a"]) }) // want `m \(a variable that is written after this\)`
	delete(m, "a")
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(a[0]) }) // want `a \(a variable that is written after this\)`
	slices.Reverse(a)
	var out bytes.Buffer
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(out.String()) }) // want `out \(a variable that is written after this\)`
	out.Reset()
	var log bytes.Buffer
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return second(log.WriteString("a")) }) // it only writes
	log.Reset()
}

// A variable that holds the same slice.
func capturedValue(ctx context.Context, ids []int, sc *bufio.Scanner, m map[string]int, o *order) {
	var batch []int
	for _, id := range ids {
		if batch = append(batch, id); len(batch) == 10 {
			full := batch
			airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(full) }) // want `full \(a variable that is written after this\)`
			copied := slices.Clone(batch)
			airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(copied) }) // a copy
			batch = batch[:0]
		}
	}
	for sc.Scan() {
		line := sc.Bytes()
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(line) }) // want `line \(a variable that is written after this\)`
		text := string(line)
		airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(text) }) // a copy
	}
	entries := m
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(entries["a"]) }) // want `entries \(a variable that is written after this\)`
	m["a"] = 1
	same := o
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(same.Tags) }) // not found: through another pointer
	o.ID = 1
}

func trimmed(ctx context.Context, sc *bufio.Scanner) {
	for sc.Scan() {
		airlock.Enqueue(ctx, task[[]byte], bytes.TrimSpace(sc.Bytes()))                      // want `its argument`
		airlock.Enqueue(ctx, task[[]byte], bytes.TrimPrefix(bytes.ToLower(sc.Bytes()), nil)) // a copy
	}
}

func trimmedAgain(ctx context.Context, line []byte) {
	for len(line) > 0 {
		line = bytes.TrimPrefix(bytes.TrimSpace(line), []byte("a"))
		airlock.Enqueue(ctx, task[[]byte], line) // nothing is written
	}
}

func second(_ int, err error) error { return err }

// What the argument leads to.
type event struct {
	ID    int
	Kind  string
	Attrs map[string]string
	Of    *order
	raw   []byte
	owner *source
}

func rows(ctx context.Context, rows *sql.Rows) error {
	var e event
	for rows.Next() {
		if err := rows.Scan(&e.ID, &e.Kind); err != nil {
			return err
		}
		if err := airlock.Enqueue(ctx, task[*event], &e); err != nil { // want `its argument \(a variable that is written after this\)`
			return err
		}
		if err := airlock.Enqueue(ctx, task[event], e); err != nil { // a copy
			return err
		}
	}
	return rows.Err()
}

func rowsAnew(ctx context.Context, rows *sql.Rows) error {
	for rows.Next() {
		var e event
		if err := rows.Scan(&e.ID, &e.Kind); err != nil {
			return err
		}
		if err := airlock.Enqueue(ctx, task[*event], &e); err != nil { // another one in each round
			return err
		}
	}
	return rows.Err()
}

func sharedMap(ctx context.Context, ids []int) {
	attrs := map[string]string{}
	for _, id := range ids {
		attrs["id"] = fmt.Sprint(id)
		airlock.Enqueue(ctx, task[event], event{ID: id, Attrs: attrs})             // want `its argument`
		airlock.Enqueue(ctx, task[*event], &event{ID: id, Attrs: attrs})           // want `its argument`
		airlock.Enqueue(ctx, task[[]event], []event{{ID: id, Attrs: attrs}})       // want `its argument`
		airlock.Enqueue(ctx, task[event], event{ID: id, Attrs: maps.Clone(attrs)}) // a copy
		airlock.Enqueue(ctx, task[event], event{ID: id, Kind: attrs["id"]})        // an entry
	}
	for _, id := range ids {
		attrs := map[string]string{}
		attrs["id"] = fmt.Sprint(id)
		airlock.Enqueue(ctx, task[event], event{ID: id, Attrs: attrs}) // another one in each round
	}
}

func sharedPointer(ctx context.Context, o *order) {
	airlock.Enqueue(ctx, task[event], event{Of: o}) // want `its argument`
	o.ID = 1
}

func sharedBuffer(ctx context.Context, sc *bufio.Scanner) {
	for sc.Scan() {
		e := event{raw: sc.Bytes()}
		airlock.Enqueue(ctx, task[event], e) // want `its argument`
		e = event{raw: bytes.Clone(sc.Bytes())}
		use(e)
	}
}

func sharedBatch(ctx context.Context, ids []int) {
	type request struct{ IDs []int }
	var batch []int
	for _, id := range ids {
		if batch = append(batch, id); len(batch) == 100 {
			airlock.Enqueue(ctx, task[request], request{batch}) // want `its argument`
			batch = batch[:0]
		}
	}
	for _, id := range ids {
		if batch = append(batch, id); len(batch) == 100 {
			airlock.Enqueue(ctx, task[request], request{batch}) // another array for each
			batch = nil
		}
	}
}

type source struct{ sent int }

func (s *source) send(ctx context.Context) {
	airlock.Enqueue(ctx, task[event], event{owner: s}) // its method keeps its own count
	s.sent++
}

func otherField(ctx context.Context) {
	var e event
	e.Of = &order{}
	airlock.Enqueue(ctx, task[event], e) // a copy, that has the first order
	e.Of = &order{}
	e.Of.ID = 2
	use(e)
}
