package scopes

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// This file spares what the documentation tells everybody to write the walk, which would find no fault in it:
//
//	ctx, scope := airlock.Begin(ctx)
//	defer scope.Discard()
//	…
//	return scope.Flush(ctx)

// An idiom is a function that opens a scope so, as far as it has been looked at.
type idiom struct {
	p       *program
	fn      *ssa.Function
	begin   *ssa.Call
	after   []bool // of each block, whether it may run after the one with begin
	discard *ssa.Defer
	flushes []*ssa.Call
}

// idiomatic reports whether fn opens and closes the scope of a site so, for all to see: where it is not flushed an error says so, and
// nothing is enqueued after that.
func (p *program) idiomatic(s site, fn *ssa.Function) bool {
	begin, ok := s.call.(*ssa.Call)
	if !ok || !begins(p.callee(&begin.Call).name) || begin.Parent() != fn || fn.Synthetic == rangeFuncYield {
		return false
	}
	d := &idiom{p: p, fn: fn, begin: begin, after: ssapass.After(begin.Block())}
	return d.uses() && !d.repeated() && d.calls(fn) && d.flushed() && d.returns() && !unusedContext(begin, s.context)
}

// uses finds the calls that close the scope, and reports whether it is used for nothing else and discarded in any case.
func (d *idiom) uses() bool {
	for _, result := range *d.begin.Referrers() {
		scope, ok := result.(*ssa.Extract)
		if !ok {
			return false
		}
		if isScope(scope.Type()) && !slices.ContainsFunc(*scope.Referrers(), d.use) {
			return d.discard != nil && d.atOnce()
		}
	}
	return false
}

// use notes a use of the scope, and reports whether it is another than to close it.
func (d *idiom) use(ref ssa.Instruction) (other bool) {
	switch ref := ref.(type) {
	case *ssa.Defer:
		other = d.discard != nil || d.p.callee(&ref.Call).name != "Scope.Discard"
		d.discard = ref
	case *ssa.Call:
		other = d.p.callee(&ref.Call).name != "Scope.Flush"
		d.flushes = append(d.flushes, ref)
	default:
		other = true
	}
	return other
}

// atOnce reports whether nothing is called between Begin and the defer statement.
func (d *idiom) atOnce() bool {
	for _, instr := range ssapass.Rest(d.begin) {
		if _, call := instr.(ssa.CallInstruction); call {
			return instr == d.discard
		}
	}
	return false
}

// repeated reports whether the call that opens the scope is in a loop.
func (d *idiom) repeated() bool { return d.after[d.begin.Block().Index] }

// calls reports whether no call in fn exits, and nothing is enqueued by a literal or by another deferred call: who knows when.
func (d *idiom) calls(fn *ssa.Function) bool {
	f := d.p.functions[fn]
	for _, c := range f.calls {
		switch instr := c.CallInstruction.(type) {
		case *ssa.Defer:
			if instr != d.discard && !d.harmless(instr) {
				return false
			}
		case *ssa.Call:
			if c.callee.exits() {
				return false
			}
		}
	}
	return !slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool {
		return !d.calls(lit) || d.p.couldEnqueue(d.p.functions[lit]) > impossible
	})
}

// harmless reports whether a call has nothing to do with any scope.
func (d *idiom) harmless(call ssa.CallInstruction) bool {
	if _, builtin := call.Common().Value.(*ssa.Builtin); builtin {
		return true
	}
	c := d.p.resolved(call.Common())
	return c.obj != nil && c.name == "" && d.p.callCouldEnqueue(call.Common(), c) == impossible
}

// flushed reports whether the scope is left alone once it has been flushed.
func (d *idiom) flushed() bool {
	return len(d.flushes) > 0 && !slices.ContainsFunc(d.flushes, d.usedAfter)
}

func (d *idiom) usedAfter(flush *ssa.Call) bool {
	if slices.ContainsFunc(ssapass.Rest(flush), d.matters) {
		return true
	}
	for i, reached := range ssapass.After(flush.Block()) {
		if reached && slices.ContainsFunc(d.fn.Blocks[i].Instrs, d.matters) {
			return true
		}
	}
	return false
}

func (d *idiom) matters(instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	return ok && !d.harmless(call)
}

// returns reports whether every return after Begin has flushed the scope, or reports an error.
func (d *idiom) returns() bool {
	for _, b := range d.fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && (b == d.begin.Block() || d.after[b.Index]) && !d.hasFlushed(b) && !d.fails(ret) {
			return false
		}
	}
	return true
}

func (d *idiom) hasFlushed(b *ssa.BasicBlock) bool {
	return slices.ContainsFunc(d.flushes, func(flush *ssa.Call) bool { return flush.Block().Dominates(b) })
}

// fails reports whether the error of a return is plainly one: it is made there, or was found not to be nil.
func (d *idiom) fails(ret *ssa.Return) bool {
	i := errorResult(d.fn.Signature)
	return i >= 0 && d.p.plainlyFails(ret, i)
}
