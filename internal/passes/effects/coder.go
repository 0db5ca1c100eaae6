package effects

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

// A coder writes a fact, or reads one: one walk over its fields, which says how to do either. Names, positions, calls and ways stand in
// tables, each once, and all else refers to them by index.
type coder struct {
	out []byte  // where it writes,
	in  *reader // or reads; nil for one that writes

	texts, places table[string]
	hops          table[hopCell]
	ways          table[wayCell]

	hopAt map[*Hop]int // of hops and ways that were written
	wayAt map[*Way]int
	wayIn []*Way // those that were read
}

type hopCell struct{ callee, through, pos int }

type wayCell struct{ hop, from int } // from counts from 1: 0 is no way

// A table holds what was put into it, once, in that order.
type table[T comparable] struct {
	all   []T
	index map[T]int
}

func (t *table[T]) put(v T) int {
	i, ok := t.index[v]
	if !ok {
		i = len(t.all)
		t.index[v] = i
		t.all = append(t.all, v)
	}
	return i
}

func (t *table[T]) reset() {
	t.all = t.all[:0]
	clear(t.index)
}

// pack writes a fact.
func pack(code func(*coder)) []byte {
	c := write(code)
	defer c.release()
	said := c.said()
	data := make([]byte, 0, len(said)+sizeOf(c.places.all)+4*len(c.hops.all)+binary.MaxVarintLen64)
	data = append(appendNumber(data, len(said)), said...)
	data = appendTexts(data, c.places.all)
	for _, h := range c.hops.all {
		data = appendNumber(data, h.pos)
	}
	return data
}

// said writes a fact without positions.
func said(code func(*coder)) []byte {
	c := write(code)
	defer c.release()
	return c.said()
}

// Facts are many, and tables take longer to make than to fill.
var writers = sync.Pool{New: func() any {
	return &coder{
		texts: table[string]{index: map[string]int{}}, places: table[string]{index: map[string]int{}},
		hops: table[hopCell]{index: map[hopCell]int{}}, ways: table[wayCell]{index: map[wayCell]int{}},
		hopAt: map[*Hop]int{}, wayAt: map[*Way]int{},
	}
}}

func write(code func(*coder)) *coder {
	c := writers.Get().(*coder)
	code(c)
	return c
}

// maxKept is how many names, or ways, a writer may have for its tables to be used again: to clear large ones would take longer than to
// make small ones.
const maxKept = 1000

func (c *coder) release() {
	if max(len(c.texts.all), len(c.ways.all)) > maxKept {
		return
	}
	c.out = c.out[:0]
	c.texts.reset()
	c.places.reset()
	c.hops.reset()
	c.ways.reset()
	clear(c.hopAt)
	clear(c.wayAt)
	writers.Put(c)
}

// said returns all that was written but the positions.
func (c *coder) said() []byte {
	data := make([]byte, 0, sizeOf(c.texts.all)+8*(len(c.hops.all)+len(c.ways.all)+1)+len(c.out))
	data = appendTexts(data, c.texts.all)
	data = appendNumber(data, len(c.hops.all))
	for _, h := range c.hops.all {
		data = appendNumber(appendNumber(data, h.callee), h.through)
	}
	data = appendNumber(data, len(c.ways.all))
	for _, w := range c.ways.all {
		data = appendNumber(appendNumber(data, w.hop), w.from)
	}
	return append(data, c.out...)
}

// sizeOf returns about how many bytes texts take.
func sizeOf(texts []string) int {
	n := 4
	for _, s := range texts {
		n += len(s) + 2
	}
	return n
}

func appendNumber(data []byte, n int) []byte { return binary.AppendVarint(data, int64(n)) }

func appendText(data []byte, s string) []byte { return append(appendNumber(data, len(s)), s...) }

func appendTexts(data []byte, texts []string) []byte {
	data = appendNumber(data, len(texts))
	for _, s := range texts {
		data = appendText(data, s)
	}
	return data
}

func unpack(data []byte, code func(*coder)) error {
	where := &reader{data: string(data)}
	said := &reader{data: where.text()}
	c := &coder{in: said}
	c.texts.all, c.places.all = said.texts(), where.texts()
	hops := make([]Hop, said.length())
	for i := range hops {
		hops[i] = Hop{choose(said, c.texts.all), choose(said, c.texts.all), choose(where, c.places.all)}
	}
	for range said.length() {
		var hop *Hop
		if i := said.number(); 0 <= i && i < len(hops) {
			hop = &hops[i]
		} else {
			said.bad, hop = true, new(Hop)
		}
		c.wayIn = append(c.wayIn, c.readWay().then(hop))
	}
	code(c)
	if said.bad || where.bad {
		return errors.New("effects: not a fact that was packed")
	}
	return nil
}

// A reader reads what a coder wrote; bad says that something else stands there.
type reader struct {
	data string
	bad  bool
}

func (r *reader) number() int {
	n, size := varint(r.data)
	if size <= 0 {
		r.bad, r.data = true, ""
		return 0
	}
	r.data = r.data[size:]
	return int(n)
}

// length reads how many things follow, each of a byte at least.
func (r *reader) length() int {
	n := r.number()
	if n < 0 || n > len(r.data) {
		r.bad, r.data = true, ""
		return 0
	}
	return n
}

func (r *reader) text() string {
	n := r.length()
	s := r.data[:n]
	r.data = r.data[n:]
	return s
}

func (r *reader) texts() []string {
	all := make([]string, r.length())
	for i := range all {
		all[i] = r.text()
	}
	return all
}

func varint(s string) (int64, int) {
	return binary.Varint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
}

// choose reads the index of one of all.
func choose[T any](r *reader, all []T) (v T) {
	if i := r.number(); 0 <= i && i < len(all) {
		return all[i]
	}
	r.bad = true
	return v
}

// number writes *n, or reads it.
func number[N ~int | ~uint8 | ~uint64](c *coder, n *N) {
	if c.in != nil {
		*n = N(c.in.number())
	} else {
		c.out = appendNumber(c.out, int(*n))
	}
}

func (c *coder) flag(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	number(c, &n)
	*b = n == 1
}

func (c *coder) text(s *string) { c.entry(&c.texts, s) }

func (c *coder) place(s *string) { c.entry(&c.places, s) }

func (c *coder) entry(t *table[string], s *string) {
	if c.in != nil {
		*s = choose(c.in, t.all)
	} else {
		c.out = appendNumber(c.out, t.put(*s))
	}
}

func (c *coder) way(w **Way) {
	if c.in != nil {
		*w = c.readWay()
	} else {
		c.out = appendNumber(c.out, c.wayIndex(*w))
	}
}

func (c *coder) readWay() *Way {
	switch i := c.in.number(); {
	case 0 < i && i <= len(c.wayIn):
		return c.wayIn[i-1]
	case i != 0:
		c.in.bad = true
	}
	return nil
}

func (c *coder) wayIndex(w *Way) int {
	if w == nil {
		return 0
	}
	i, ok := c.wayAt[w]
	if !ok {
		from := c.wayIndex(w.From)
		i = c.ways.put(wayCell{c.hopIndex(w.Hop), from}) + 1
		c.wayAt[w] = i
	}
	return i
}

func (c *coder) hopIndex(h *Hop) int {
	i, ok := c.hopAt[h]
	if !ok {
		i = c.hops.put(hopCell{c.texts.put(h.Callee), c.texts.put(h.Through), c.places.put(h.Pos)})
		c.hopAt[h] = i
	}
	return i
}

func list[T any](c *coder, l *[]T, each func(*T)) {
	n := len(*l)
	if c.in == nil {
		number(c, &n)
	} else if n = c.in.length(); n > 0 {
		*l = slices.Grow(*l, n)[:n]
	}
	for i := range *l {
		each(&(*l)[i])
	}
}

func pointer[T any](c *coder, p **T, each func(*T)) {
	there := *p != nil
	if c.flag(&there); !there {
		return
	}
	if c.in != nil {
		*p = new(T)
	}
	each(*p)
}
