package catalog

import (
	"fmt"
	"go/constant"
	"go/types"
	"strings"

	"github.com/airlock-go/airlock/internal/effect"
)

// A Class says what sort of answer an entry gives.
type Class uint8

const (
	// Effect: a call performs [Entry.Effect], or what [Entry.Resolve] makes of its arguments.
	Effect Class = iota
	// None: a call performs nothing worth following, whatever its body does.
	None
	// Request: a call builds the value that decides what a later call performs: http.NewRequest. It performs nothing itself.
	Request
	// Channel: a call, or a field, yields a channel on which a send performs [Entry.Effect]. It performs nothing itself.
	Channel
	// Registering: a call stores its function arguments: they run later, if at all, and not on its caller's behalf.
	Registering
	// Deferring: a call hands its function arguments to a timer or goroutine: they run later, on its caller's behalf.
	Deferring
	// Wrapping: a call returns a function that calls the function arguments: sync.OnceFunc.
	Wrapping
)

var classNames = [...]string{"effect", "none", "request", "channel", "registers", "defers", "wraps"}

func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// Decides says how the argument [Entry.Arg] makes a call a command or a query. What is not constant makes it a command.
type Decides uint8

const (
	// ByNothing: the call is always what [Entry.Effect] says.
	ByNothing Decides = iota
	// ByMethod: the argument is an HTTP method.
	ByMethod
	// ByVerb: the argument is the name of a redis command.
	ByVerb
	// ByFlags: the argument is a set of os.O_ flags.
	ByFlags
	// ByRPC: the argument is a procedure's name: /pkg.Users/GetUser. Those that begin with a verb of reading are queries.
	ByRPC
	// ByRequest: the argument is a value that a [Request] entry built, an *http.Request literal, or one that came with a
	// request: the caller of Resolve traces it, and asks the builder's entry. Argument [Receiver] is the receiver.
	ByRequest
)

var decidesNames = [...]string{"", "method", "verb", "flags", "rpc", "request"}

func (d Decides) String() string { return decidesNames[d] }

// Receiver as an argument's index means the receiver.
const Receiver = -1

// An Entry is what the catalog knows of one function, method, or field of function or channel type.
type Entry struct {
	Name    Name          // as the catalog's line has it; a pattern keeps its stars
	Class   Class         // what sort of entry it is
	Effect  effect.Effect // of Effect, Request and Channel entries: the effect, before arguments are asked
	Decides Decides       // how arguments make it a command or a query
	Arg     int           // the deciding argument, receiver not counted; or [Receiver]
	URL     int           // the argument that is a request's URL, counted from 1; 0 for none. Its path may say otherwise: see [PathCommands]
	Answer  int           // the argument that points to where the answer is put, counted from 1; 0 for none
	Used    bool          // a call whose first result is used is a query: (*exec.Cmd).Output
	Except  []string      // package variables on which, as receiver, a call performs nothing: os.Stdout, os.Stderr
	Only    []string      // package variables one of which argument Arg must be, lest the call perform nothing: fmt.Fprint's writer
	Calls   bool          // a call calls its function arguments, as those of std do without saying so
	Whole   bool          // the entry holds for whatever implements the interface that declares the method
	Named   bool          // the method's name makes a call a command or a query, and its signature whether it asks anybody; see [Catalog.Func]
	Source  string        // the catalog's line: storage.txt:12
}

// Resolve returns what a call performs, given its constant arguments. arg returns the i-th argument, receiver not counted, and
// false for one that is not constant. An argument that decides and is unknown makes a command.
func (e Entry) Resolve(arg func(i int) (constant.Value, bool)) effect.Effect {
	if e.Decides == ByNothing || e.Decides == ByRequest || e.Arg < 0 {
		return e.Effect
	}
	v, ok := arg(e.Arg)
	if !ok || v == nil {
		return e.Effect
	}
	return effect.Of(e.Effect.Kind(), e.commands(v))
}

// commands reports whether the constant v, in the deciding argument, makes a command.
func (e Entry) commands(v constant.Value) bool {
	switch e.Decides {
	case ByMethod:
		return v.Kind() != constant.String || MethodCommands(constant.StringVal(v))
	case ByVerb:
		return v.Kind() != constant.String || verbCommands(constant.StringVal(v))
	case ByRPC:
		return v.Kind() != constant.String || ProcedureCommands(constant.StringVal(v))
	case ByFlags:
		flags, exact := constant.Int64Val(v)
		return v.Kind() != constant.Int || !exact || flagsCommand(flags)
	}
	return e.Effect.IsCommand()
}

// forMethod returns the entry for one of the methods that it names together: nothing for a method that asks nobody, and a query
// for one that only reads.
func (e Entry) forMethod(fn *types.Func) Entry {
	switch {
	case !e.Named:
	case !asks(fn):
		e.Class = None
	case !ProcedureCommands(fn.Name()):
		e.Effect = effect.Query(e.Effect.Kind())
	}
	return e
}

// asks reports whether a client's method asks its service: it can be cancelled, or fail. One that closes the client, or makes
// something to hand to it, does not.
func asks(fn *types.Func) bool {
	if local[firstWord(fn.Name())] {
		return false
	}
	sig := fn.Signature()
	last := sig.Results().Len() - 1
	return last >= 0 && types.Identical(sig.Results().At(last).Type(), types.Universe.Lookup("error").Type()) ||
		sig.Params().Len() > 0 && TypeName(sig.Params().At(0).Type()) == Name{"context", "Context"}
}

// MethodCommands reports whether an HTTP request with this method is a command. The empty method is GET, as net/http has it.
func MethodCommands(method string) bool {
	switch strings.ToUpper(method) {
	case "", "GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH":
		return false
	}
	return true
}

// creates masks the flags with which opening a file creates or truncates it. Opening an existing file for writing changes nothing
// yet; the writes do. The constants were folded for the analysed program's operating system, so the mask joins O_CREATE and
// O_TRUNC of Linux and Windows (0x40, 0x200) and of the BSDs and macOS (0x200, 0x400).
const creates = 0x40 | 0x200 | 0x400

func flagsCommand(flags int64) bool { return flags&creates != 0 }
