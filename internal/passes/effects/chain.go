package effects

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A Step is one call on the way to an effect.
type Step struct {
	Func string // full name of what is called; for a bound method, followed by " (bound: …)"
	Pos  string // of the call, in the module of the function that makes it; "" where that is not kept
}

// maxSteps ends a chain that facts of different versions could make endless.
const maxSteps = 64

// A walker follows witnesses through summaries, which it finds by full name.
type walker struct {
	summary func(name string) *Summary
	table   *Table
}

// performed returns the steps from a function to p's end, p being of its summary or of a call.
func (w walker) performed(p Performed) []Step {
	if p.Via != "" {
		return w.bound(p)
	}
	var steps []Step
	for hop := p.Next; len(steps) < maxSteps; {
		steps = hop.append(steps)
		if hop.Dist <= 1 {
			break
		}
		s := w.summary(hop.Callee)
		if s == nil {
			steps = append(steps, hop.Rest...)
			break
		}
		next := Hop{}
		for _, q := range s.Performs {
			if q.Effect == p.Effect && q.Next.Dist < hop.Dist && (next.Dist == 0 || q.Next.Dist > next.Dist) {
				next = q.Next
			}
		}
		if next.Dist == 0 {
			break
		}
		hop = next
	}
	return steps
}

// open returns the steps to the call of an interface method, that call included.
func (w walker) open(method string, hop Hop) []Step {
	var steps []Step
	for len(steps) < maxSteps {
		steps = hop.append(steps)
		if hop.Dist <= 1 {
			break
		}
		s := w.summary(hop.Callee)
		if s == nil {
			steps = append(steps, hop.Rest...)
			break
		}
		next := Hop{}
		for _, o := range s.Open {
			if o.Method == method && o.Next.Dist < hop.Dist && (next.Dist == 0 || o.Next.Dist > next.Dist) {
				next = o.Next
			}
		}
		if next.Dist == 0 {
			break
		}
		hop = next
	}
	return steps
}

// enqueued returns the steps to the function that enqueues.
func (w walker) enqueued(q Enqueued) []Step {
	var steps []Step
	for hop := q.Next; hop.Dist > 1 && len(steps) < maxSteps; {
		steps = append(steps, Step{hop.Callee, hop.Pos})
		s := w.summary(hop.Callee)
		if s == nil {
			return append(steps, hop.Rest...)
		}
		next := Hop{}
		for _, n := range s.Enqueues {
			if n.Pos == q.Pos && n.Next.Dist < hop.Dist && n.Next.Dist > next.Dist {
				next = n.Next
			}
		}
		hop = next
	}
	return steps
}

func (w walker) bound(p Performed) []Step {
	b, ok := w.table.bound(p.Via, p.Next.Bound, p.Effect)
	if !ok {
		return nil
	}
	hop := p.Next
	hop.Dist -= len(b.Chain)
	steps := w.open(p.Via, hop)
	if n := len(steps); n > 0 {
		steps[n-1].Func = boundName(p.Via, p.Next.Bound)
	}
	for i, name := range b.Chain {
		s := Step{Func: name}
		if i < len(b.Pos) {
			s.Pos = b.Pos[i]
		}
		steps = append(steps, s)
	}
	return steps
}

// farSeeing returns fn's summary as a fact has it: packages that import this one are told the rest of a way that they can't follow.
// Whatever the driver, a fact of a function that is not exported, or of a package that they don't import, need not reach them.
func (e *engine) farSeeing(fn *types.Func, s *Summary) *Summary {
	far := *s
	w := walker{summary: e.byName}
	far.Performs = slices.Clone(s.Performs)
	for i := range far.Performs {
		if p := &far.Performs[i]; e.ends(fn, p.Next) {
			p.Next.Rest = p.Next.after(w.performed(*p))
		}
	}
	far.Open = slices.Clone(s.Open)
	for i := range far.Open {
		if o := &far.Open[i]; e.ends(fn, o.Next) {
			o.Next.Rest = o.Next.after(w.open(o.Method, o.Next))
		}
	}
	far.Enqueues = slices.Clone(s.Enqueues)
	for i := range far.Enqueues {
		if q := &far.Enqueues[i]; e.ends(fn, q.Next) {
			q.Next.Rest = w.enqueued(*q)[1:]
		}
	}
	return &far
}

// ends reports whether those who see a fact of fn need not see one of the hop's callee. Facts of methods reach further than those of
// functions.
func (e *engine) ends(fn *types.Func, h Hop) bool {
	if h.Dist <= 1 {
		return false
	}
	name := strings.TrimLeft(h.Callee, "(*")
	own, inPackage := strings.CutPrefix(name, e.types.Path()+".")
	return !inPackage || !token.IsExported(own) || name == h.Callee && fn.Signature().Recv() != nil
}

// after returns the steps behind the hop's own.
func (h Hop) after(steps []Step) []Step { return steps[len(h.append(nil)):] }

func (h Hop) append(steps []Step) []Step {
	if h.Through != "" {
		steps = append(steps, Step{h.Through, h.Pos})
	}
	return append(steps, Step{h.Callee, h.Pos})
}

func namesOf(steps []Step) []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.Func
	}
	return names
}

func positionsOf(steps []Step) []string {
	positions := make([]string, len(steps))
	for i, s := range steps {
		positions[i] = s.Pos
	}
	return positions
}

// Steps returns the way to p, which is of a call or summary of this package: full names, with the positions of the calls.
func (r *Result) Steps(p Performed) []Step {
	if r.code == nil {
		return nil
	}
	return walker{r.code.byName, r.table}.performed(p)
}

// Chain returns the way to p in the short names that messages use: notify, (*Mailer).Send, net/smtp.SendMail. Functions of the package
// itself have no prefix, those of other own packages and third parties the last element of their path, those at the end all of it.
func (r *Result) Chain(p Performed) []string {
	steps := r.Steps(p)
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = r.display(s.Func, i == len(steps)-1)
	}
	return slices.Compact(names)
}

func (r *Result) display(full string, last bool) string {
	bound := ""
	if name, rest, ok := strings.Cut(full, " (bound: "); ok {
		full, bound = name, " (bound: "+shorten(strings.TrimSuffix(rest, ")"), "")+")"
		return shorten(full, "") + bound
	}
	own := r.code.types.Path()
	if last && !strings.HasPrefix(strings.TrimLeft(full, "(*"), own+".") {
		return full
	}
	return shorten(full, own)
}

// shorten reduces the import path in a full name to its last element, or drops it if it is own.
func shorten(full, own string) string {
	start := len(full) - len(strings.TrimLeft(full, "(*"))
	prefix, rest := full[:start], full[start:]
	if own != "" && strings.HasPrefix(rest, own+".") {
		rest = rest[len(own)+1:]
		if prefix == "(" {
			return strings.Replace(rest, ")", "", 1)
		}
		return prefix + rest
	}
	slash := strings.LastIndexByte(rest, '/')
	name := rest[slash+1:]
	if prefix == "(" {
		return strings.Replace(name, ")", "", 1)
	}
	return prefix + name
}
