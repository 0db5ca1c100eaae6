package transactions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/airlock-go/airlock/internal/effect"
)

// A Summary is what a function does with transactions. It is a fact of the function; a function that has none does nothing of it.
//
// Parameters are counted with the receiver, which is the first.
type Summary struct {
	Opens   []Open     // transactions that are open when it has returned without an error
	Ends    []End      // parameters whose transaction it ends
	Runs    []Run      // function arguments that it calls inside a transaction
	Failing effect.Set // what it performs only on paths that return an error
	Past    []Past     // what it performs only after it has ended a parameter's transaction
	Guards  []Guard    // what it performs only if a parameter is so
	Absent  effect.Set // what it would perform only with other arguments than it gives its callees
	Implies []Implied  // what its results say of its parameters
	Keeps   []int      // function arguments that it keeps for later on some paths, and calls on others
	Flushes []int      // parameters whose context it dispatches in, unless that has a scope; -1: it dispatches in any case
	Never   bool       // its error is never nil
	NilIf   []int      // parameters of type error: where one is not nil, the error returned is not nil
	Result  Value      // what its only result is, if it is always the same
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// An Open says where an open transaction is: in a result, or in what a parameter points to.
type Open struct {
	Result bool
	Index  int
	If     []Condition // it is open only if these hold
	How    string      // how it was opened: (*database/sql.DB).BeginTx
}

// An End says when a function ends the transaction that a parameter is or holds.
type End struct {
	Param     int
	OnSuccess bool // on every path that returns no error
	OnFailure bool // on every path that returns one
	Rollback  bool // by nothing but a rollback
	Commit    bool // by nothing but a commit
}

// A Run says that a function calls a function argument inside a transaction.
type Run struct {
	Param int
	Field string // the field of a struct of options that holds the function; "" where the parameter does
	Made  bool   // the parameter is one of the function that is returned: middleware
	// Via is the interface method that runs it, and its argument, where only the method's implementations can say whether it does.
	Via    string
	ViaArg int
	Named  bool   // the name says that it does, for want of an implementation: that of the method, or of a variable that holds a function
	How    string // the call that opens the transaction: (*gorm.io/gorm.DB).Transaction
	// Commits says that the transaction is committed whatever error the function argument returns.
	Commits bool
	Undo    []Undo      // it is rolled back if the function argument returns one of these, and no error
	If      []Condition // it calls it there only if these hold
	// By is the parameter that calls it, plus one, if nothing but that parameter's name says that it does so in a transaction.
	By int
}

// An Undo is a flag that a function returns to have its transaction rolled back.
type Undo struct {
	Result int
	Value  Value
}

// A Past is a set of effects that are performed only when a parameter's transaction has ended.
type Past struct {
	Param int
	Set   effect.Set
	Given bool // also what the functions do that parameters hold: they are called only then
}

// A Guard says that some effects are performed only if a parameter, or what a method of it returns, has a value.
type Guard struct {
	Condition
	Set effect.Set
}

// A Condition says what a parameter, or the result of a method of it, is.
type Condition struct {
	Param  int
	Method string // "" for the parameter itself, ".Field" for a field of it
	Is     Value
}

// An Implied says what holds of the parameters when a result has a value, and no error was returned.
type Implied struct {
	Result int
	Value  Value
	Then   []Condition
}

func (s *Summary) empty() bool {
	return len(s.Opens) == 0 && len(s.Ends) == 0 && len(s.Runs) == 0 && s.Failing == 0 && s.Absent == 0 && len(s.Past) == 0 && len(s.Guards) == 0 &&
		len(s.Implies) == 0 && len(s.Keeps) == 0 && len(s.Flushes) == 0 && !s.Never && len(s.NilIf) == 0 && s.Result == Value{}
}

// String shows the summary as the fixtures' tests want it.
func (s *Summary) String() string {
	var parts []string
	for _, o := range s.Opens {
		parts = append(parts, fmt.Sprintf("opens(%s)", place(o.Result, o.Index)))
	}
	for _, e := range s.Ends {
		parts = append(parts, fmt.Sprintf("ends(%d)", e.Param))
	}
	for _, r := range s.Runs {
		made := map[bool]string{true: "returned "}[r.Made]
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%sruns(%d) %s%s", made, r.Param, r.Field, r.Via)))
	}
	for _, i := range s.Keeps {
		parts = append(parts, fmt.Sprintf("keeps(%d)", i))
	}
	if s.Failing != 0 {
		parts = append(parts, fmt.Sprintf("failing(%s)", s.Failing))
	}
	if s.Never {
		parts = append(parts, "fails")
	}
	return strings.Join(parts, " ")
}

func place(result bool, index int) string {
	if result {
		return fmt.Sprintf("result %d", index)
	}
	return fmt.Sprint(index)
}

// addRun adds r unless the summary says it already; the least How stays. It commits anyway if each way to run the argument does.
func (s *Summary) addRun(r Run) bool {
	for i, old := range s.Runs {
		if old.Param == r.Param && old.Field == r.Field && old.Made == r.Made && old.Via == r.Via && old.ViaArg == r.ViaArg {
			s.Runs[i] = old.either(r)
			return !s.Runs[i].equal(old)
		}
	}
	s.Runs = append(s.Runs, r)
	slices.SortFunc(s.Runs, func(a, b Run) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return true
}

// equal reports whether r says as much as o, which is of the same argument.
func (r Run) equal(o Run) bool {
	return r.Commits == o.Commits && r.By == o.By && slices.Equal(r.Undo, o.Undo) && slices.Equal(r.If, o.If)
}

// guessed reports whether nothing but a variable's name says so.
func (r Run) guessed() bool { return r.Named && r.Via == "" }

// either returns what is sure of an argument that is run as r says, or as o does.
func (r Run) either(o Run) Run {
	r.Commits = r.Commits && o.Commits
	r.Undo = slices.DeleteFunc(slices.Clone(r.Undo), func(u Undo) bool { return !slices.Contains(o.Undo, u) })
	r.If = common(r.If, o.If)
	if r.By != o.By {
		r.By = 0
	}
	return r
}

func (s *Summary) addOpen(o Open) bool {
	for i, old := range s.Opens {
		if old.Result == o.Result && old.Index == o.Index {
			both := common(old.If, o.If)
			s.Opens[i].If = both
			return !slices.Equal(both, old.If)
		}
	}
	s.Opens = append(s.Opens, o)
	slices.SortFunc(s.Opens, func(a, b Open) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return true
}

func (s *Summary) addEnd(e End) bool {
	for i, old := range s.Ends {
		if old.Param != e.Param {
			continue
		}
		if old == e {
			return false
		}
		s.Ends[i] = e
		return true
	}
	s.Ends = append(s.Ends, e)
	slices.SortFunc(s.Ends, func(a, b End) int { return a.Param - b.Param })
	return true
}

// common lists the conditions that hold in both cases.
func common(a, b []Condition) []Condition {
	var both []Condition
	for _, c := range a {
		for _, d := range b {
			if is := meet(c.Is, d.Is); c.Param == d.Param && c.Method == d.Method && is.Is != Unknown {
				both = append(both, Condition{Param: c.Param, Method: c.Method, Is: is})
			}
		}
	}
	return both
}
