package noescape

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/passes/transactions"
)

const (
	transactionRule = "transaction"
	queryRule       = "query-in-transaction"
)

// transactions reports what leaves while a database transaction is open, and adds the calls to taken. Effect bodies and adapters are
// not exempt: wherever it stands, the transaction can still roll back.
func (c *check) transactions(taken map[token.Pos]bool) {
	found := c.pass.ResultOf[transactions.Analyzer].(*transactions.Result)
	table, _ := c.pass.ResultOf[transactions.Bindings].(*transactions.Table)
	for _, in := range found.Inside(c.effects, table, len(c.directives.Allows()) > 0) {
		if c.transaction(in) {
			taken[place(in.Instr)] = true
		}
	}
	if !table.Whole() {
		c.spareOpen()
	}
}

// spareOpen spares the allows of what only the whole program tells: whether there is an effect behind an open end.
func (c *check) spareOpen() {
	for _, fn := range c.ssa.Funcs {
		for _, call := range c.effects.OpenCalls(fn) {
			c.spare(place(call))
		}
		if obj, ok := fn.Object().(*types.Func); ok && c.decls[obj] != nil && c.effects.LeftOpen(obj) {
			c.report.Allowed(rulePure, c.decls[obj].Name.Pos())
		}
	}
}

// spare keeps the allows of the transaction rules at a place from being called useless.
func (c *check) spare(pos token.Pos) {
	c.report.Allowed(transactionRule, pos)
	c.report.Allowed(queryRule, pos)
}

// transaction reports one call inside a transaction, for the first rule that it breaks.
func (c *check) transaction(in transactions.Inside) bool {
	if in.Undecided {
		c.spare(place(in.Instr))
		return false
	}
	rng := c.where(in.Instr)
	performed, handed := c.doneInside(in)
	switch {
	case in.Dispatch:
		c.report.Report(transactionRule, rng, c.dispatchMessage(in))
		return true
	case c.leaves(performed, true) != nil:
		return c.escapes(transactionRule, rng, in, handed, c.leaves(performed, true))
	case c.leaves(performed, false) != nil && c.config.RuleOn("noescape/"+queryRule):
		return c.escapes(queryRule, rng, in, handed, c.leaves(performed, false))
	case len(performed) > 0:
		c.report.Allowed(transactionRule, place(in.Instr)) // of a kind that is off: not a useless allow
	}
	return false
}

// performs is what a call or send does, by all that this check knows.
func (c *check) performs(instr ssa.Instruction) []effects.Performed {
	switch instr := instr.(type) {
	case ssa.CallInstruction:
		return c.effects.Call(instr)
	case *ssa.Send, *ssa.Select:
		return c.effects.Sends(instr)
	}
	return nil
}

// doneInside lists what the call does while the transaction is open. Of several functions that it hands over, the first with a command
// speaks for all.
func (c *check) doneInside(in transactions.Inside) (list []effects.Performed, handed *types.Func) {
	inside := func(all []effects.Performed) []effects.Performed {
		return slices.DeleteFunc(slices.Clone(all), func(p effects.Performed) bool { return !in.Set.Has(p.Effect) })
	}
	if len(in.Handed) == 0 {
		return inside(c.performs(in.Instr)), nil
	}
	for _, fn := range in.Handed {
		does := inside(c.effects.Performs(fn))
		if handed == nil || c.leaves(list, true) == nil && c.leaves(does, true) != nil {
			list, handed = does, fn
		}
	}
	return list, handed
}

// leaves picks the enabled commands, or the queries of those kinds, those before that happen at once.
func (c *check) leaves(list []effects.Performed, commands bool) []effects.Performed {
	var picked []effects.Performed
	for _, p := range list {
		if p.Effect.IsCommand() == commands && c.enabled.Has(effect.Command(p.Effect.Kind())) {
			picked = append(picked, p)
		}
	}
	slices.SortStableFunc(picked, func(a, b effects.Performed) int { return int(a.Async) - int(b.Async) })
	return picked
}

func (c *check) escapes(rule string, rng analysis.Range, in transactions.Inside, handed *types.Func, list []effects.Performed) bool {
	first := list[0]
	names := []string{c.declarationName(place(in.Instr))}
	way := c.effects.Steps(first)
	if handed != nil {
		names = append(names, c.display(handed))
		way = append([]effects.Step{{Func: effects.FullName(handed), Pos: c.effects.Position(place(in.Instr))}}, way...)
	}
	names = append(names, c.effects.Chain(first)...)
	message := fmt.Sprintf("%s %s a database transaction: %s; %s", kinds(list), manner(first.Async), arrows(names...), c.advice(rule, in, first))
	c.report.Add(finding.Finding{Rule: rule, Range: rng, Message: message, Sink: sink(way), Chain: steps(way)})
	return true
}

// kinds names what leaves, each kind once.
func kinds(list []effects.Performed) string {
	var names []string
	for _, p := range list {
		if name := p.Effect.String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func manner(a effects.Async) string {
	switch a {
	case effects.Goroutine:
		return "on a goroutine started inside"
	case effects.Queued:
		return "through a queue inside"
	}
	return "inside"
}

// advice says what may go wrong, and what to do.
func (c *check) advice(rule string, in transactions.Inside, p effects.Performed) string {
	opened := c.opened(in)
	switch {
	case rule == queryRule:
		return opened + " holds its locks until the answer is there: ask before it, or after it"
	case p.Used:
		return opened + " may still roll back, and its answer is used here: call it before the transaction, or after the commit"
	}
	return opened + " may still roll back: enqueue it, or move it after the commit or into a post-commit hook"
}

func (c *check) dispatchMessage(in transactions.Inside) string {
	name := "it"
	if call, ok := in.Instr.(ssa.CallInstruction); ok {
		if fn := call.Common().StaticCallee(); fn != nil {
			name = fn.Name()
		}
	}
	return name + " dispatches a scope's intents inside a database transaction; " + c.opened(in) +
		" may still roll back: flush after the commit, or use " + airlockapi.Path[strings.LastIndexByte(airlockapi.Path, '/')+1:] + ".InTx"
}

// opened names the transaction: what opened it, on which line, and, where that is a helper, how.
func (c *check) opened(in transactions.Inside) string {
	if !in.Opened.IsValid() {
		return "the transaction in which " + in.How + " calls " + in.By
	}
	at := c.pass.Fset.Position(in.Opened)
	line := fmt.Sprintf("line %d", at.Line)
	if here := c.pass.Fset.Position(place(in.Instr)); here.Filename != at.Filename {
		line = fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
	}
	how := effects.WithoutPath(in.How)
	if !strings.Contains(how, ".") {
		how += ", by its name," // of a variable that holds a function
	}
	if by := effects.WithoutPath(in.By); by != "" && by != how {
		return "the transaction that " + by + " opened on " + line + " with " + how
	}
	return "the transaction that " + how + " opened on " + line
}

// place is the position by which a call or send is known.
func place(instr ssa.Instruction) token.Pos {
	if call, ok := instr.(ssa.CallInstruction); ok {
		return ssapass.CallPos(call.Common())
	}
	return instr.Pos()
}

// where is the range at which a call or send is reported.
func (c *check) where(instr ssa.Instruction) analysis.Range {
	pos := place(instr)
	if call := c.call(pos); call != nil {
		return calleeRange(call)
	}
	return finding.Span(pos, pos)
}
