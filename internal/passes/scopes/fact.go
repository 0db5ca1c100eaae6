package scopes

import (
	"fmt"
	"slices"
	"strings"
)

// A Fate is what may have become of a scope when a function that was handed it returns: a set, one bit for each possibility.
type Fate uint8

const (
	Left      Fate = 1 << iota // still open, and still the caller's to close
	Flushed                    // closed by Flush
	Discarded                  // closed by Discard
	Closed                     // closed, nobody knows how
	Taken                      // kept or handed on: no longer the caller's
	Returned                   // handed back in a result
	Read                       // its intents or its report were looked at

	closing = Flushed | Discarded | Closed
)

// Closes reports whether the scope is closed on every path.
func (f Fate) Closes() bool { return f&closing != 0 && f&(Left|Taken|Returned) == 0 }

// MayClose reports whether the scope is closed on some path.
func (f Fate) MayClose() bool { return f&closing != 0 }

// Borrows reports whether the scope is left as it was.
func (f Fate) Borrows() bool { return f&^Read == Left }

var fateNames = []string{"left", "flushed", "discarded", "closed", "taken", "returned", "read"}

func (f Fate) String() string {
	var names []string
	for i, name := range fateNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

// A Summary says what a function does with the scopes that it is handed, and which it hands out. Parameters are counted from 0,
// a method's receiver first. A function with nothing to say has none: it borrows what it is handed.
type Summary struct {
	Params   []Param
	Results  []Result
	Enqueues []Enqueue
	// NonNil says that the function's error is never nil; NonNilIf lists the parameters whose not being nil makes it so.
	NonNil   bool
	NonNilIf []int
	// Errors lists the parameters that are errors wherever the function's result, a boolean, is true.
	Errors []int
	// Exits says that the function may end the process as if all were well, skipping every deferred call; ExitCodes lists the
	// parameters that become the code of such an exit.
	Exits     bool
	ExitCodes []int
}

// A Param is the fate of a scope handed over in a parameter: as such, in a struct, a slice or a map, or as a function that closes it,
// which is closed by a call.
type Param struct {
	Index  int
	Fate   Fate
	Result int // the result that it is handed back in, if it is
	// OK is its fate where the function returns no error, Failed where it returns one. Both are 0 where that makes no difference.
	OK, Failed Fate
	// By is the parameter that points to the error which is meant instead, as it was when the function was called, or -1.
	By int
}

// depends reports whether the fate depends on whether the function fails.
func (p Param) depends() bool { return p.OK|p.Failed != 0 }

// A Kind is the form in which a result carries a scope.
type Kind uint8

const (
	Scope   Kind = iota // the scope
	Cleanup             // a function that closes it
	Holder              // a value that it is stored in
)

func (k Kind) String() string { return [...]string{"scope", "cleanup", "holder"}[k] }

// A Result carries an open scope, which the caller has to close.
type Result struct {
	Index int
	Kind  Kind
	Group int  // results of one group carry the same scope: the index of the first of them
	Fate  Fate // of a Cleanup: what a call does
	Quiet bool // its policy drops everything: there is nothing to lose
	// Guard is the boolean or error result that is true or nil wherever there is a scope, or -1.
	Guard int
	// Within is the parameter that is the context below which the scope is opened, or -1.
	Within int
	// Around is the first result of the group that carries the scope around this one, or -1.
	Around int
}

// An Enqueue is a parameter in whose scope the function may enqueue, and how sure that is.
type Enqueue struct {
	Param int
	How   certainty
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

func (s *Summary) String() string {
	var parts []string
	for _, p := range s.Params {
		part := fmt.Sprintf("param %d %s", p.Index, p.Fate)
		if p.depends() {
			failing := "it fails"
			if p.By >= 0 {
				failing = fmt.Sprintf("%d is an error", p.By)
			}
			part += fmt.Sprintf(" (%s; where %s %s)", p.OK, failing, p.Failed)
		}
		parts = append(parts, part)
	}
	for _, r := range s.Results {
		part := fmt.Sprintf("result %d %s", r.Index, r.Kind)
		if r.Fate != 0 {
			part += " " + r.Fate.String()
		}
		if r.Quiet {
			part += " quiet"
		}
		if r.Within >= 0 {
			part += fmt.Sprintf(" below %d", r.Within)
		}
		if r.Around >= 0 {
			part += fmt.Sprintf(" inside %d", r.Around)
		}
		parts = append(parts, part)
	}
	for _, e := range s.Enqueues {
		parts = append(parts, fmt.Sprintf("%s in %d", e.How, e.Param))
	}
	if s.NonNil {
		parts = append(parts, "fails")
	}
	for _, i := range s.NonNilIf {
		parts = append(parts, fmt.Sprintf("fails if %d", i))
	}
	for _, i := range s.Errors {
		parts = append(parts, fmt.Sprintf("true only if %d fails", i))
	}
	if s.Exits {
		parts = append(parts, "exits")
	}
	for _, i := range s.ExitCodes {
		parts = append(parts, fmt.Sprintf("exits with %d", i))
	}
	return strings.Join(parts, ", ")
}

func (s *Summary) empty() bool {
	return len(s.Params)+len(s.Results)+len(s.Enqueues)+len(s.NonNilIf)+len(s.Errors)+len(s.ExitCodes) == 0 && !s.NonNil && !s.Exits
}

// param returns the fate of a scope handed over in parameter i of a function that was looked into.
func (s *Summary) param(i int) Param {
	if s != nil {
		for _, p := range s.Params {
			if p.Index == i {
				return p
			}
		}
	}
	return Param{Index: i, Fate: Left}
}

// enqueue returns how sure it is that the function enqueues in the scope of parameter i.
func (s *Summary) enqueue(i int) certainty {
	if s != nil {
		for _, e := range s.Enqueues {
			if e.Param == i {
				return e.How
			}
		}
	}
	return impossible
}

func (s *Summary) equal(t *Summary) bool {
	return slices.Equal(s.Params, t.Params) && slices.Equal(s.Results, t.Results) && slices.Equal(s.Enqueues, t.Enqueues) &&
		s.NonNil == t.NonNil && slices.Equal(s.NonNilIf, t.NonNilIf) && slices.Equal(s.Errors, t.Errors) && s.Exits == t.Exits && slices.Equal(s.ExitCodes, t.ExitCodes)
}

// A certainty says how sure it is that something is enqueued.
type certainty uint8

const (
	impossible certainty = iota
	handed               // by the functions that are handed over, if by anything
	doubtful             // by the implementations of an own interface's method, if any does
	possible             // by something that can't be looked into
	certain              // it has been seen to
)

func (how certainty) String() string {
	return [...]string{"never enqueues", "calls what it is handed", "might enqueue", "could enqueue", "enqueues"}[how]
}

// Handles marks a package that was looked into: a function of it without a [Summary] borrows what it is handed. Of all other
// packages nothing is known.
type Handles struct{}

// AFact marks Handles as a fact.
func (*Handles) AFact() {}

func (*Handles) String() string { return "handles scopes" }
