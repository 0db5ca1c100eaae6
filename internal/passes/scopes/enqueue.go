package scopes

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// couldEnqueue returns how sure it is at most that fn enqueues in the scope of a context that it is handed: the surest of the calls in
// it, and in its literals, that are handed one.
func (p *program) couldEnqueue(fn *function) certainty {
	most := impossible
	for _, call := range fn.calls {
		most = max(most, p.callCouldEnqueue(call.Common(), call.callee))
	}
	for _, lit := range fn.AnonFuncs {
		most = max(most, p.couldEnqueue(p.functions[lit]))
	}
	return most
}

func (p *program) callCouldEnqueue(c *ssa.CallCommon, callee *callee) certainty {
	switch {
	case enqueues(callee.name):
		return certain
	case callee.name != "" || callee.body != nil && callee.obj == nil:
		return impossible // a literal's calls are counted where they stand
	}
	most := impossible
	if c.IsInvoke() {
		most = p.mayEnqueue(c, *callee, 0, c.Value.Type())
	}
	for i, arg := range c.Args {
		most = max(most, p.mayEnqueue(c, *callee, i, arg.Type()))
	}
	return most
}

func (p *program) enqueuedIn(fn *ssa.Function, param *ssa.Parameter, most certainty) certainty {
	if p.plainlyEnqueued(param, most) == most {
		return most
	}
	k := p.walker(fn, origin{context: -1})
	k.coarse, k.enough = true, most
	k.run(fn, k.start(param, inContext))
	return k.seen.enqueued
}

// plainlyEnqueued is how sure it is by the calls that are handed v, or a context that a call returned which was: it needs no walk.
func (p *program) plainlyEnqueued(v ssa.Value, most certainty) certainty {
	sure := impossible
	for _, ref := range *v.Referrers() {
		if call, ok := ref.(ssa.CallInstruction); ok && sure < most {
			sure = max(sure, p.enqueuedBy(call, v, most))
		}
	}
	return sure
}

// enqueuedBy is how sure it is that a call which is handed v enqueues in its scope, or that what is done with its results does.
func (p *program) enqueuedBy(call ssa.CallInstruction, v ssa.Value, most certainty) certainty {
	c := call.Common()
	callee := p.callee(c)
	if callee.body != nil && callee.obj == nil {
		return impossible // a literal's calls are counted where they stand
	}
	sure := impossible
	for i, arg := range c.Args {
		switch {
		case arg != v:
		case enqueues(callee.name):
			return certain
		case callee.name == "":
			sure = max(sure, p.mayEnqueue(c, callee, i, arg.Type()))
		}
	}
	if result, ok := call.(*ssa.Call); ok && sure < most && callee.obj != nil && derives(callee.name) {
		for _, ctx := range p.contextsOf(result) {
			sure = max(sure, p.plainlyEnqueued(ctx, most))
		}
	}
	return sure
}

// contextsOf lists the results of a call from which a context can be had.
func (p *program) contextsOf(call *ssa.Call) []ssa.Value {
	if p.carriesContext(call.Type()) {
		return []ssa.Value{call}
	}
	var found []ssa.Value
	if _, several := call.Type().(*types.Tuple); several {
		for _, ref := range *call.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok && p.carriesContext(e.Type()) {
				found = append(found, e)
			}
		}
	}
	return found
}
