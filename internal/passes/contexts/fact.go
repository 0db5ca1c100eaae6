package contexts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fact is what a function does with the contexts it is handed. A function that has nothing to say has none.
// Parameters and results are counted as in the signature; the receiver is [Receiver].
type Fact struct {
	Requires  []Need     // the parameters in whose scope it enqueues
	Opens     []Need     // the parameters under which it opens a scope
	Through   []Need     // the parameters that it hands to own interface methods: they need a scope if an implementation does
	Results   []Returned // where the contexts that it returns come from
	Callbacks []Callback // what it does with the functions that it is handed
	Wraps     []Callback // what the functions that it returns do with those: their own parameters are counted in Args
	Guards    []Guard    // the boolean results that are true only for a scoped context
	Scopes    bool       // it, or a function that it returns, hands a scoped context on to what it wraps
	Scoped    bool       // it is declared //airlock:scoped
	Signals   []int      // the groups and channels that it is done with, sends on or closes
	Waits     []int      // the groups and channels that it waits for
}

// Receiver is the index of a method's receiver among its parameters.
const Receiver = -1

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

func (f *Fact) String() string {
	var parts []string
	for _, n := range f.Requires {
		parts = append(parts, fmt.Sprintf("requires(%d: %s)", n.Param, Chain(n.Chain, "")))
	}
	for _, n := range f.Opens {
		parts = append(parts, fmt.Sprintf("opens(%d: %s)", n.Param, Chain(n.Chain, "")))
	}
	for _, n := range f.Through {
		parts = append(parts, fmt.Sprintf("through(%d: %s %d)", n.Param, Chain(n.Chain, ""), n.ViaArg))
	}
	for _, r := range f.Results {
		parts = append(parts, fmt.Sprintf("result(%d: %s)", r.Index, r.Origin))
	}
	for _, c := range f.Callbacks {
		parts = append(parts, c.String())
	}
	for _, c := range f.Wraps {
		parts = append(parts, "wraps "+c.String())
	}
	for _, g := range f.Guards {
		parts = append(parts, fmt.Sprintf("guards(%d: %d)", g.Result, g.Param))
	}
	if f.Scopes {
		parts = append(parts, "scopes")
	}
	if f.Scoped {
		parts = append(parts, "scoped")
	}
	for _, i := range f.Signals {
		parts = append(parts, fmt.Sprintf("signals(%d)", i))
	}
	for _, i := range f.Waits {
		parts = append(parts, fmt.Sprintf("waits(%d)", i))
	}
	return strings.Join(parts, " ")
}

func (f *Fact) empty() bool {
	return !f.Scopes && !f.Scoped && len(f.Requires)+len(f.Opens)+len(f.Through)+len(f.Results)+len(f.Callbacks)+len(f.Wraps)+len(f.Guards)+len(f.Signals)+len(f.Waits) == 0
}

// A Need is a parameter whose context reaches an Enqueue (or a Begin), with the calls on the way there.
// The whole chain travels in the fact, not the next hop alone: facts of unexported functions of other packages don't reach every driver.
type Need struct {
	Param  int
	Chain  []Step
	Via    string // the interface method at the chain's end, where it depends on its implementations whether there is a need
	ViaArg int    // and the parameter of that
}

// A Step is one call on the way to an Enqueue.
type Step struct {
	Func string // full name of the function called
	Pos  string // file:line:col of the call, the file relative to its module
}

// maxChain bounds the chains in facts; longer ones keep their beginning and their end.
const maxChain = 8

// Chain prints steps as a reader of the package pkg names them: Process → shop.Order.Notify → airlock.Enqueue.
func Chain(steps []Step, pkg string) string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = Short(s.Func, pkg)
	}
	return strings.Join(names, " → ")
}

// Short prints a full name as intents are named: (*example.com/app/shop.Order).Notify is shop.Order.Notify, and Order.Notify in its
// own package pkg. A bound method is named with what it is bound to: shop.Notifier.Notify (bound: mail.Sender).
func Short(full, pkg string) string {
	if method, to, ok := strings.Cut(full, " (bound: "); ok {
		return Short(method, pkg) + " (bound: " + Short(strings.TrimSuffix(to, ")"), "") + ")"
	}
	full = strings.NewReplacer("(", "", "*", "", ")", "").Replace(full)
	if before, rest, ok := strings.Cut(full, "["); ok { // type parameters
		full = before + rest[strings.LastIndex(rest, "]")+1:]
	}
	if rest, ok := strings.CutPrefix(full, pkg+"."); ok && pkg != "" {
		return rest
	}
	return full[strings.LastIndex(full, "/")+1:]
}

func prepend(s Step, chain []Step) []Step {
	out := append([]Step{s}, chain...)
	if len(out) > maxChain {
		out = slices.Delete(out, maxChain-2, len(out)-2)
	}
	return out
}

// compareChains orders witnesses: the shortest first, then the least by name and position.
func compareChains(a, b []Step) int {
	if d := cmp.Compare(len(a), len(b)); d != 0 {
		return d
	}
	return slices.CompareFunc(a, b, func(x, y Step) int {
		return cmp.Or(cmp.Compare(x.Func, y.Func), cmp.Compare(x.Pos, y.Pos))
	})
}

// Origin is [Roots] as seen from outside: where a context that a function gives away comes from.
type Origin struct {
	Scoped, Scopeless, Unknown bool
	Params                     []int // it is one of these parameters, or a child of one
	Under                      []int // the parameters under which its scope was opened
}

func (o Origin) String() string {
	var parts []string
	if o.Scoped {
		parts = append(parts, fmt.Sprintf("scoped under %v", o.Under))
	}
	if o.Scopeless {
		parts = append(parts, "scopeless")
	}
	if o.Unknown {
		parts = append(parts, "unknown")
	}
	if len(o.Params) > 0 {
		parts = append(parts, fmt.Sprintf("from %v", o.Params))
	}
	return strings.Join(parts, ", ")
}

// Returned is a context that a function returns. Scope is the result that is the scope it carries, or -1.
type Returned struct {
	Index  int
	Origin Origin
	Scope  int
}

// A Callback is a function that is handed over and called: a parameter, or a field of one that is a struct or a pointer to one.
type Callback struct {
	Param   int
	Field   string // its name, or empty
	Args    []Arg
	Spawned bool  // in a goroutine or on a timer that isn't waited for
	Handles []int // the results that wait for it then: channels, functions
	Late    bool  // in a scope that was not opened there, so that it may be closed by then
}

// An Arg is a context that a callback is handed.
type Arg struct {
	Index  int
	Origin Origin
}

func (c Callback) String() string {
	var args []string
	for _, a := range c.Args {
		args = append(args, fmt.Sprintf("%d: %s", a.Index, a.Origin))
	}
	what := fmt.Sprint(c.Param)
	if c.Field != "" {
		what += "." + c.Field
	}
	s := fmt.Sprintf("calls(%s: %s)", what, strings.Join(args, "; "))
	if len(c.Handles) > 0 {
		s += fmt.Sprintf(" until %v", c.Handles)
	}
	switch {
	case c.Late:
		s = "late " + s
	case c.Spawned:
		s = "later " + s
	}
	return s
}

// A Guard is a boolean result that is true only if the context in Param carries a scope.
type Guard struct{ Result, Param int }
