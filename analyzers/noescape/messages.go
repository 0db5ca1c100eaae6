package noescape

import (
	"fmt"
	"path"
	"strings"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

// All messages of the check stand here, but for those of the two transaction rules. Each says what happens, where it leads, and what to
// do, in this order.

// arrows joins the steps of a chain.
func arrows(steps ...string) string { return strings.Join(steps, " → ") }

// when says that an effect happens apart from the call.
func when(a effects.Async) string {
	switch a {
	case effects.Goroutine:
		return " on a goroutine"
	case effects.Queued:
		return " through an in-process queue"
	}
	return ""
}

// others counts further findings of a kind in a declaration.
func others(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " (and 1 more call here)"
	}
	return fmt.Sprintf(" (and %d more calls here)", n)
}

// A directFinding is what rule direct says of a declaration.
type directFinding struct {
	kind   effect.Kind
	async  effects.Async
	used   bool // the answer of the call is used
	chain  []string
	others int
	mark   string // the function that can be marked as an effect; "" where none can
	answer bool   // that function returns more than an error
}

func (d directFinding) String() string {
	return fmt.Sprintf("%s leaves here%s without Enqueue: %s%s; %s", d.kind, when(d.async), arrows(d.chain...), others(d.others), d.remedy())
}

func (d directFinding) remedy() string {
	const used = "its answer is used here: it can't be enqueued as it stands"
	switch {
	case d.used && d.mark == "":
		return used
	case d.used && d.answer:
		return used + "; split " + d.mark + ", or mark it //airlock:effect"
	case d.used:
		return used + "; mark " + d.mark + " //airlock:effect, and enqueue that"
	case d.mark == "":
		return "enqueue it"
	}
	return "enqueue it, or mark " + d.mark + " //airlock:effect"
}

// taskMessage says that an effect is called directly. why says what makes it an effect.
func taskMessage(callee, why string, chain []string) string {
	return fmt.Sprintf("%s is an effect (%s) and is called directly: %s; enqueue it", callee, why, arrows(chain...))
}

// What makes a function an effect.
const (
	whyMarked  = "marked //airlock:effect"
	whyAdapter = "of an adapter package"
	whyTask    = "its package enqueues it"
)

// A contract is a promise to have no effects, and how to speak of it.
type contract struct {
	subject string // Price
	promise string // is pure
	remedy  string // move it out, or remove //airlock:pure
	refused effect.Set
	known   bool // whether a call that can't be resolved breaks it
}

func pureContract(fn string, strict bool) contract {
	promise := "is pure"
	if strict {
		promise = "is strictly pure"
	}
	return contract{fn, promise, "move it out, or remove //airlock:pure", refusedBy(strict), true}
}

func domainContract(fn string) contract {
	return contract{fn, "is in a package with role domain", "move it out of the domain", refusedBy(false), false}
}

func assertContract(enabled effect.Set) contract {
	return contract{"this code", "runs under AssertNoEffects", "take it out, or choose another policy", enabled, false}
}

// more counts further effects that break a contract.
func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

func (p contract) performs(e effect.Effect, chain []string, others int) string {
	return fmt.Sprintf("%s %s, but performs %s: %s%s; %s", p.subject, p.promise, e, arrows(chain...), more(others), p.remedy)
}

func (p contract) enqueues(chain []string, others int) string {
	return fmt.Sprintf("%s %s, but enqueues: %s%s; %s", p.subject, p.promise, arrows(chain...), more(others), p.remedy)
}

// unresolved names a call of which nothing is known.
func unresolved(call *effects.Hop) string {
	if call.Callee != "" {
		return effects.WithoutPath(call.Callee)
	}
	line := call.Pos[:strings.LastIndexByte(call.Pos, ':')]
	return "the function value called at " + path.Base(line)
}

func (p contract) unknown(chain []string) string {
	return fmt.Sprintf("%s %s, but calls what can't be resolved: %s; say with a directive or a config entry what it does", p.subject, p.promise, arrows(chain...))
}

// policyMessage says that code which the runtime asks about effects enqueues. hook is what it is: a policy, an observer, a capture hook.
func policyMessage(hook string, chain []string) string {
	return fmt.Sprintf("%s can't enqueue, it fails with ErrPolicyEnqueue: %s; enqueue where the work is done", hook, arrows(chain...))
}

// Titles of suggested fixes.
const fixMark = "Mark the function as an effect"

func fixEnqueue(callee string) string { return "Enqueue " + callee + " instead of calling it" }
