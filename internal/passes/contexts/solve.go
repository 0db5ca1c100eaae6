package contexts

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A question is what the solver answers with roots. Exactly one form is set.
type question struct {
	value  ssa.Value       // where may this context come from?
	result *ssa.Function   // where may result index of this function come from, seen from inside it?
	handed *ssa.Parameter  // what is this function-valued parameter handed as argument index, seen from inside its function?
	field  string          // or this field of it
	cell   ssa.Value       // what may this variable hold
	before ssa.Instruction // … when control reaches this instruction?
	index  int
}

// A solver finds the least solution of the equations that [engine.answer] gives: for each question its roots as a union of roots of
// other questions. The solution doesn't depend on the order, since roots only grow.
type solver struct {
	nodes   map[question]*node
	values  map[ssa.Value]*node // of the questions for values, which most are
	work    []*node
	current *node
}

type node struct {
	question question
	roots    Roots
	reads    []*node // the nodes that its answer reads: few
	readers  []*node // those whose answer reads this one
	queued   bool
}

// ask returns the roots known so far, and has whoever asks evaluated again when there are more.
func (s *solver) ask(q question) Roots {
	n := s.node(q)
	if c := s.current; c != nil && !slices.Contains(c.reads, n) {
		c.reads = append(c.reads, n)
		n.readers = append(n.readers, c)
	}
	return n.roots
}

func (s *solver) node(q question) *node {
	n := s.nodes[q]
	if q.value != nil {
		n = s.values[q.value]
	}
	if n != nil {
		return n
	}
	n = &node{question: q}
	if q.value != nil {
		s.values[q.value] = n
	} else {
		s.nodes[q] = n
	}
	s.queue(n)
	return n
}

func (s *solver) queue(n *node) {
	if !n.queued {
		n.queued = true
		s.work = append(s.work, n)
	}
}

// solve answers all questions that have been asked, and those that follow from them.
func (a *engine) solve() {
	s := &a.solver
	for len(s.work) > 0 {
		n := s.work[len(s.work)-1]
		s.work = s.work[:len(s.work)-1]
		n.queued = false
		s.current = n
		roots := n.roots.join(a.answer(n.question))
		s.current = nil
		if len(roots) == len(n.roots) {
			continue
		}
		n.roots = roots
		for _, r := range n.readers {
			s.queue(r)
		}
	}
}

// rootsAt returns where the context v, as seen by instr, may come from. It is for questions from outside the solver.
func (a *engine) rootsAt(v ssa.Value, instr ssa.Instruction) Roots {
	for {
		roots := a.at(v, instr)
		if len(a.solver.work) == 0 {
			return roots
		}
		a.solve()
	}
}

func (a *engine) answer(q question) Roots {
	switch {
	case q.value != nil:
		return a.valueRoots(q.value)
	case q.result != nil:
		return a.resultRoots(q.result, q.index)
	case q.handed != nil:
		return a.handedRoots(slot{q.handed, q.field}, q.index)
	default:
		return a.cellRoots(q.cell, q.before)
	}
}
