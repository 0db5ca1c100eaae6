package effects

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A place is a field or package variable that holds a channel: a queue inside the process. What is sent there is a parameter of
// those who receive from it.
type place struct {
	unit      *unit // owns the symbol of what is received
	receivers []*unit
	sends     []send
}

type send struct {
	instr ssa.Instruction
	ch, x ssa.Value
	pos   token.Pos
}

type receive struct {
	instr ssa.Instruction // a receive, or a select
	ch    ssa.Value
	state int // of a select: which
}

func (x *index) addChannels(instr ssa.Instruction) {
	switch i := instr.(type) {
	case *ssa.Send:
		x.sends = append(x.sends, send{i, i.Chan, i.X, i.Pos()})
	case *ssa.UnOp:
		if i.Op == token.ARROW {
			x.receives = append(x.receives, receive{i, i.X, 0})
		}
	case *ssa.Select:
		for n, s := range i.States {
			if s.Dir == types.SendOnly {
				x.sends = append(x.sends, send{i, s.Chan, s.Send, s.Pos})
			} else {
				x.receives = append(x.receives, receive{i, s.Chan, n})
			}
		}
	}
}

// receivedValue reports whether an element of a tuple is what a receive or select received.
func receivedValue(v *ssa.Extract) bool { return channelOf(v) != nil }

// channelOf returns the channel that v was received from, nil if it was not.
func channelOf(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return v.X
		}
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.UnOp:
			if t.Op == token.ARROW && v.Index == 0 {
				return t.X
			}
		case *ssa.Select:
			return receivedFrom(t, v.Index)
		}
	}
	return nil
}

// queues are the places of a package.
type queues struct {
	engine *engine
	places map[any]*place // by *types.Var or *ssa.Global
}

func newQueues(e *engine) *queues {
	q := &queues{engine: e, places: map[any]*place{}}
	for _, s := range e.graph.sends {
		for _, key := range q.keys(s.ch, nil) {
			p := q.place(key)
			p.sends = append(p.sends, s)
		}
	}
	for _, r := range e.graph.receives {
		for _, key := range q.keys(r.ch, nil) {
			if p := q.places[key]; p != nil && !q.token(r, p) {
				p.receivers = append(p.receivers, q.receiver(r, p))
			}
		}
	}
	return q
}

func (q *queues) place(key any) *place {
	p := q.places[key]
	if p == nil {
		p = &place{unit: &unit{name: "received"}}
		p.unit.place = p
		q.places[key] = p
	}
	return p
}

// of returns the place that v was received from.
func (q *queues) of(v ssa.Value) *place {
	if ch := channelOf(v); ch != nil && q != nil {
		for _, key := range q.keys(ch, nil) {
			if p := q.places[key]; p != nil {
				return p
			}
		}
	}
	return nil
}

// keys returns the fields and package variables that ch may come from, or has been put into.
func (q *queues) keys(ch ssa.Value, seen []ssa.Value) []any {
	for _, s := range seen {
		if s == ch {
			return nil
		}
	}
	if len(seen) > maxTrace {
		return nil
	}
	seen = append(seen, ch)
	var keys []any
	switch v := ch.(type) {
	case *ssa.UnOp:
		return q.variable(v.X, seen)
	case *ssa.ChangeType:
		return q.keys(v.X, seen)
	case *ssa.Phi:
		for _, e := range v.Edges {
			keys = append(keys, q.keys(e, seen)...)
		}
	case *ssa.Parameter:
		for _, c := range q.engine.graph.callers[v.Parent()] {
			if i := parameterIndex(v); i < len(c.Args) {
				keys = append(keys, q.keys(c.Args[i], seen)...)
			}
		}
	case *ssa.MakeChan:
		keys = q.storedIn(v)
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil {
			for _, r := range q.engine.graph.returns[fn] {
				if len(r.Results) == 1 {
					keys = append(keys, q.keys(r.Results[0], seen)...)
				}
			}
		}
	}
	return keys
}

func (q *queues) variable(addr ssa.Value, seen []ssa.Value) []any {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return []any{ssapass.Field(a.X.Type(), a.Field)}
	case *ssa.Global:
		return []any{a}
	case *ssa.FreeVar:
		var keys []any
		for _, outer := range q.engine.graph.captured(a) {
			keys = append(keys, q.variable(outer, seen)...)
		}
		return keys
	case *ssa.Alloc:
		if v := q.engine.graph.only(a); v != nil {
			return q.keys(v, seen)
		}
	}
	return nil
}

func (q *queues) storedIn(ch ssa.Value) []any {
	var keys []any
	for _, ref := range *ch.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			switch a := ref.Addr.(type) {
			case *ssa.FieldAddr:
				keys = append(keys, ssapass.Field(a.X.Type(), a.Field))
			case *ssa.Global:
				keys = append(keys, a)
			}
		case *ssa.ChangeType:
			keys = append(keys, q.storedIn(ref)...)
		}
	}
	return keys
}

// token reports whether the channel only carries permission: a semaphore that the same function takes from and puts back, or a
// signal of which nobody makes a loop.
func (q *queues) token(r receive, p *place) bool {
	s, ok := r.ch.Type().Underlying().(*types.Chan).Elem().Underlying().(*types.Struct)
	if !ok || s.NumFields() > 0 {
		return false
	}
	if !inLoop(r.instr.Block()) {
		return true
	}
	for _, s := range p.sends {
		if outermost(s.instr.Parent()) == outermost(r.instr.Parent()) {
			return true
		}
	}
	return false
}

func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

func inLoop(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock{}, b.Succs...)
	for len(work) > 0 {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		if next == b {
			return true
		}
		if !seen[next] {
			seen[next] = true
			work = append(work, next.Succs...)
		}
	}
	return false
}

// receiver returns the unit of what a function does with what it received: from the receive on, until it receives again.
func (q *queues) receiver(r receive, p *place) *unit {
	fn := r.instr.Parent()
	u := &unit{fn: fn, name: q.engine.unitOf(fn).name, place: p, part: map[ssa.Instruction]bool{}}
	u.obj = q.engine.unitOf(fn).obj
	start, rest := r.instr.Block(), false
	for _, instr := range start.Instrs {
		if rest {
			u.part[instr] = true
		}
		rest = rest || instr == r.instr
	}
	seen := map[*ssa.BasicBlock]bool{start: true}
	work := r.successors()
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, instr := range b.Instrs {
			u.part[instr] = true
		}
		work = append(work, b.Succs...)
	}
	return u
}

// successors returns the blocks to which a receive leads; of a select, that of its case.
func (r receive) successors() []*ssa.BasicBlock {
	if sel, ok := r.instr.(*ssa.Select); ok {
		if b := caseBlock(sel, r.state); b != nil {
			return []*ssa.BasicBlock{b}
		}
	}
	return append([]*ssa.BasicBlock{}, r.instr.Block().Succs...)
}

// caseBlock finds the block of a select's i-th case: go/ssa compares the index that the select chose with one case after the other.
func caseBlock(sel *ssa.Select, i int) *ssa.BasicBlock {
	for _, ref := range *sel.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index != 0 {
			continue
		}
		for _, use := range *x.Referrers() {
			cmp, ok := use.(*ssa.BinOp)
			if !ok || !isInt(cmp.Y, i) {
				continue
			}
			for _, branch := range *cmp.Referrers() {
				if b, ok := branch.(*ssa.If); ok {
					return b.Block().Succs[0]
				}
			}
		}
	}
	return nil
}

func isInt(v ssa.Value, i int) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() == int64(i)
}

// link adds, for each send, that the sender does what the receivers do; and gives the receivers their share of the calls.
func (q *queues) link() {
	bySite := map[ssa.Instruction]*callsite{}
	for _, s := range q.engine.sites {
		bySite[s.call] = s
	}
	for _, p := range q.places {
		for _, r := range p.receivers {
			r.share(q.engine)
			for _, s := range p.sends {
				q.engine.addSend(s, r)
			}
		}
	}
}

// share copies to a receiver the calls of its part of the function.
func (u *unit) share(e *engine) {
	for _, s := range e.sites {
		if s.unit.fn != u.fn || !u.part[s.call] {
			continue
		}
		u.sites = append(u.sites, s)
		for _, d := range s.edges {
			if d.via != nil && d.via.unit == u.place.unit {
				continue
			}
			copied := &edge{edgeKey: d.edgeKey, call: d.call, caller: u, at: d.at}
			d.callee.in = append(d.callee.in, copied)
			u.out = append(u.out, copied)
		}
	}
}

func (e *engine) addSend(s send, to *unit) {
	from := e.unitOf(s.instr.Parent())
	d := &edge{edgeKey: edgeKey{callee: to, async: Queued}, caller: from, send: s.instr, sent: s.x, at: s.pos}
	to.in = append(to.in, d)
	from.out = append(from.out, d)
}
