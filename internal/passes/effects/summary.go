package effects

import (
	"fmt"
	"strings"

	"github.com/airlock-go/airlock/internal/effect"
)

// A Summary is what a call of one function may do. It is a fact: small, sorted, made of names and numbers only. A function with an
// empty summary has none.
//
// Parameters are counted as go/ssa does, a method's receiver being parameter 0.
type Summary struct {
	Performs []Performed
	Enqueues []Enqueued
	Open     []OpenEnd
	Calls    []ParamCall
	Returns  []Returned
	Stores   []Stored
	Hands    []int     // parameters that become tasks: it hands them to Enqueue or NewTask
	Unknown  *Way      // to a call that may do anything: what it calls is not known
	IsEffect *Declared // the function is itself an effect: to be run through Enqueue
}

// AFact marks Summary as a fact of functions and interface methods.
func (*Summary) AFact() {}

// Empty reports whether the summary has nothing to say.
func (s *Summary) Empty() bool {
	return s == nil || len(s.Performs)+len(s.Enqueues)+len(s.Open)+len(s.Calls)+len(s.Returns)+len(s.Stores)+len(s.Hands) == 0 &&
		s.Unknown == nil && s.IsEffect == nil
}

// Async says when that which a call performs happens.
type Async uint8

const (
	Sync      Async = iota // before the call returns
	Goroutine              // on a goroutine or timer that the call starts
	Queued                 // by whoever receives what the call sends on a channel of this process
)

var asyncNames = [...]string{"", "goroutine", "queued"}

func (a Async) String() string { return asyncNames[a] }

// A Performed is an effect that a call may have.
type Performed struct {
	Effect effect.Effect
	Used   bool // the answer of the call at the end of the chain is used: it can't be enqueued as it stands
	Async  Async
	Way    *Way
	// If, when not zero, refers to Calls[If-1]: the effect is that of a method whose receiver is not known here. It does not
	// happen where a caller's argument shows which other method it is.
	If int
	// Ask, if not nil, is the parameter that makes a query of the command: a caller that gives a constant knows.
	Ask *Question
	// Generated says that generated code has the effect by itself, without code of the user in between: a gRPC client's method.
	// To its callers it is like a library's.
	Generated bool
	// Via is the interface method, or function variable, at the end of Way that a [Table] binds to To; "" where a function there leads on.
	// Facts don't have it.
	Via, To string
	Beyond  *Reached // from there on; nil where Way leads to the effect
}

// A Question asks a parameter whether an effect is a command or a query.
type Question struct {
	Param int
	By    uint8 // a catalog.Decides
}

// An Enqueued is a task that a call may enqueue.
type Enqueued struct {
	Task string
	Pos  string // of the enqueue itself
	Ctx  int    // the parameter from whose context the scope is taken, -1 if it comes from elsewhere
	Way  *Way
}

// An OpenEnd is a call whose target packages that import this one supply: of a method of an own interface. Or it is a call of a function
// that leads to open ends in any case: a [Table] knows to which.
type OpenEnd struct {
	Method string // full name of the interface method, or of the function
	Async  Async
	Way    *Way
	If     int // as in Performed
}

// A ParamCall is a call of a function that the caller supplies: a parameter, a field of one, or a method of either.
type ParamCall struct {
	Param  int
	Path   string // field names joined by dots: Options.OnDone is "OnDone"
	Method string // full name of the interface method called; "" where the value itself is called
	Async  Async
	Known  bool // of a field that only its own package sets: the function's Performs has all that such a field holds
	Outer  bool // of a returned closure: the parameter is that of the function which returned it
}

// A Returned is what is known of a function's result.
type Returned struct {
	Result int
	Param  int      // the result is this parameter, when Func is nil and Type is ""
	Path   string   // or a field of it
	Type   string   // the result's dynamic type: example.com/mail.SMTP, *example.com/mail.SMTP
	Func   *Summary // calling the result does this
}

// A Stored is a function value or implementation that a call puts where other functions find it.
type Stored struct {
	Param int
	Path  string
	Place string // full name of the field or package variable
}

// A Declared says that a function is an effect.
type Declared struct {
	Kind    effect.Kind
	Named   bool // Kind was given; otherwise the effect's kinds are those that the body performs
	Adapter bool // not by its own directive, but by its package's; then it is one only if it performs an enabled command
	Task    bool // not by a directive, but because its package hands it to Enqueue or NewTask
}

// String is one line a fact, for tests and debugging.
func (s *Summary) String() string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if d := s.IsEffect; d != nil {
		add("effect%s", map[bool]string{true: " " + d.Kind.String()}[d.Named])
	}
	for _, p := range s.Performs {
		add("%s%s", p, s.condition(p.If))
	}
	for _, e := range s.Enqueues {
		add("enqueues %s", e.Task)
	}
	for _, o := range s.Open {
		add("open %s%s%s", o.Method, suffix(o.Async.String()), s.condition(o.If))
	}
	for _, c := range s.Calls {
		add("calls %s", c)
	}
	for _, r := range s.Returns {
		add("%s", r)
	}
	for _, st := range s.Stores {
		add("stores %s in %s", paramName(st.Param, st.Path), st.Place)
	}
	for _, i := range s.Hands {
		add("hands over %s", paramName(i, ""))
	}
	if s.Unknown != nil {
		add("unknown")
	}
	return strings.Join(parts, "; ")
}

func (s *Summary) condition(i int) string {
	if i == 0 {
		return ""
	}
	return " if unknown " + paramName(s.Calls[i-1].Param, s.Calls[i-1].Path)
}

func (p Performed) String() string {
	b := p.Effect.String() + suffix(p.Async.String())
	if p.Used {
		b += " used"
	}
	if p.Ask != nil {
		b += " unless " + paramName(p.Ask.Param, "") + " asks"
	}
	return b
}

func (c ParamCall) String() string {
	name := paramName(c.Param, c.Path)
	if c.Outer {
		name = "outer " + name
	}
	if c.Method != "" {
		name += "." + c.Method[strings.LastIndexByte(c.Method, '.')+1:]
	}
	return name + suffix(c.Async.String())
}

func (r Returned) String() string {
	switch {
	case r.Func != nil:
		return fmt.Sprintf("returns (%s)", r.Func)
	case r.Type != "":
		return "returns " + r.Type
	}
	return "returns " + paramName(r.Param, r.Path)
}

func paramName(param int, path string) string {
	if path != "" {
		path = "." + path
	}
	return fmt.Sprintf("#%d%s", param, path)
}

func suffix(word string) string {
	if word == "" {
		return ""
	}
	return " " + word
}
