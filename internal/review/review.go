// Package review says what the functions of a program do, and what a change makes them do.
//
// It compares summaries, not lines: an effect that is added three calls below an unchanged function is a change of that function.
package review

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/report"
)

// A Program is what the functions of the packages that were asked for do. It is plain data, fit for a cache.
type Program struct {
	Functions []Function // by package and name; those of packages that were only imported have Asked unset
}

// A Function is one declared function that is not of a test file.
type Function struct {
	Name     string // full name
	Package  string // import path
	Pos      string // file:line:col, the file relative to the module in a fact, to the session's root in a Program
	Entry    Entry
	Exported bool
	Asked    bool
	Effect   bool // it is an effect: declared one, or enqueued
	Pure     bool // marked //airlock:pure
	Performs []Effect
	Enqueues []Enqueue
	Unknown  []Unknown
	Calls    []string // full names of own functions that it calls by name, sorted
	Body     []uint32 // digests of the lines of its body, sorted: to know it again under another name
}

// Silent reports whether the function neither performs nor enqueues anything.
func (f *Function) Silent() bool { return len(f.Performs)+len(f.Enqueues) == 0 }

// An Entry says how control comes in from outside.
type Entry string

const (
	Inner   Entry = ""
	Main    Entry = "main"
	Handler Entry = "handler" // HTTP or RPC
	API     Entry = "exported"
)

// rank orders entry points before all else.
func (e Entry) rank() int {
	return slices.Index([]Entry{Main, Handler, API, Inner}, e)
}

// An Effect is something that a function does, with the shortest way there first.
type Effect struct {
	Kind    string
	Command bool
	Used    bool
	Async   string // "", "goroutine" or "queued"
	Chain   []Step
	Others  [][]Step // other ways, from other calls of the same function
}

func (e Effect) key() effect.Effect {
	k, _ := effect.ParseKind(e.Kind) // it was printed by a Kind
	return effect.Of(k, e.Command)
}

// A Step is one call on the way to an effect.
type Step struct {
	Func string // full name of what is called
	Pos  string // of the call; "" where it is not in the user's own code
}

// An Enqueue is a task that a function enqueues, itself or further down.
type Enqueue struct {
	Task string
	Pos  string
}

// An Unknown is a call whose target can't be told.
type Unknown struct {
	Pos string
	Via string // the function whose call it is
}

// Of collects what the session's analyzers found. Options.Analyzers must have included [Analyzer].
func Of(s *driver.Session) *Program {
	p := new(Program)
	dirs := map[string]string{}
	for _, pkg := range s.Packages {
		if pkg.Module != nil {
			dirs[pkg.Path] = pkg.Module.Dir
		}
	}
	for _, pkg := range s.Packages {
		var fact Functions
		if !pkg.PackageFact(&fact) {
			continue
		}
		for _, f := range fact.List {
			f.Asked = pkg.Asked
			f.place(s.Root, dirs)
			p.Functions = append(p.Functions, f)
		}
	}
	slices.SortFunc(p.Functions, func(a, b Function) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Name, b.Name))
	})
	return p
}

// place makes the function's positions relative to root. Those outside of own code are dropped: their files are not the reader's.
func (f *Function) place(root string, dirs map[string]string) {
	at := func(caller, pos string) string {
		dir, own := dirs[PackageOf(caller)]
		if !own || pos == "" {
			return ""
		}
		if dir == "" || filepath.IsAbs(pos) {
			return pos
		}
		file, rest, _ := strings.Cut(pos, ":")
		return report.Relative(root, filepath.Join(dir, filepath.FromSlash(file))) + ":" + rest
	}
	f.Pos = at(f.Name, f.Pos)
	for i := range f.Performs {
		e := &f.Performs[i]
		for _, chain := range append([][]Step{e.Chain}, e.Others...) {
			caller := f.Name
			for j := range chain {
				chain[j].Pos = at(caller, chain[j].Pos)
				caller = Concrete(chain[j].Func)
			}
		}
	}
	for i := range f.Enqueues {
		f.Enqueues[i].Pos = at(f.Name, f.Enqueues[i].Pos)
	}
	for i := range f.Unknown {
		f.Unknown[i].Pos = at(f.Unknown[i].Via, f.Unknown[i].Pos)
	}
}

// PackageOf returns the import path in a full name: of example.com/a/b.F, (*example.com/a/b.T).M, gopkg.in/gomail.v2.Send.
func PackageOf(full string) string {
	full, _, _ = strings.Cut(full, " (bound: ")
	name := strings.TrimLeft(full, "(*")
	slash := strings.LastIndexByte(name, '/') + 1
	if m := lastElement.FindString(name[slash:]); m != "" {
		return name[:slash+len(m)]
	}
	return name
}

var lastElement = regexp.MustCompile(`^[^.]*(\.v[0-9]+)?`)

// Short returns a full name without the import path's directories: b.F, (*b.T).M.
func Short(full string) string {
	if method, impl, ok := strings.Cut(full, " (bound: "); ok {
		return Short(method) + " (bound: " + Short(impl)
	}
	pkg := PackageOf(full)
	return strings.Replace(full, pkg, pkg[strings.LastIndexByte(pkg, '/')+1:], 1)
}

// Concrete returns the function that a step of a chain runs: of a bound interface method, the implementation's.
func Concrete(step string) string {
	method, bound, ok := strings.Cut(step, " (bound: ")
	if !ok {
		return step
	}
	return strings.TrimSuffix(bound, ")") + method[strings.LastIndexByte(method, '.'):]
}
