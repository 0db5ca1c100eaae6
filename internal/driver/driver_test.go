package driver_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/txtar"

	"github.com/airlock-go/airlock/internal/driver"
)

// A loud fact marks a function that calls, directly or not, one named Shout.
type loud struct {
	Via string
	Pos string
}

func (*loud) AFact() {}

// noise is a fact pass with a check in one: it reports each call of a loud function in another package, with the way there.
var noise = &analysis.Analyzer{
	Name:      "noise",
	Doc:       "report calls that lead to Shout",
	Run:       runNoise,
	FactTypes: []analysis.Fact{new(loud)},
}

func runNoise(pass *analysis.Pass) (any, error) {
	for again := true; again; {
		again = false
		eachCall(pass, func(in, callee *types.Func, call *ast.CallExpr) {
			var there, here loud
			if callee.Name() != "Shout" && !pass.ImportObjectFact(callee, &there) || pass.ImportObjectFact(in, &here) {
				return
			}
			pass.ExportObjectFact(in, &loud{Via: callee.Name() + there.Via, Pos: pass.Fset.Position(call.Pos()).String()})
			again = true
		})
	}
	eachCall(pass, func(in, callee *types.Func, call *ast.CallExpr) {
		var there loud
		if callee.Pkg() != pass.Pkg && pass.ImportObjectFact(callee, &there) {
			pass.Report(analysis.Diagnostic{Pos: call.Pos(), Category: "loud", Message: callee.Name() + " leads to " + there.Via})
		}
	})
	return nil, nil
}

func eachCall(pass *analysis.Pass, do func(in, callee *types.Func, call *ast.CallExpr)) {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			in := pass.TypesInfo.Defs[fn.Name].(*types.Func)
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if callee := calleeOf(pass, call); callee != nil {
						do(in, callee.Origin(), call)
					}
				}
				return true
			})
		}
	}
}

func calleeOf(pass *analysis.Pass, call *ast.CallExpr) *types.Func {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		fn, _ := pass.TypesInfo.Uses[fun].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := pass.TypesInfo.Uses[fun.Sel].(*types.Func)
		return fn
	}
	return nil
}

const program = `
-- go.mod --
module example.com

go 1.25.0
-- base/base.go --
package base

func Shout() {}

func Speak() { Shout() }

func Whisper() {}

type Voice struct{}

func (*Voice) Raise() { Speak() }
-- middle/middle.go --
package middle

import "example.com/base"

func Talk() { base.Speak() }

func Loudest() *base.Voice { return new(base.Voice) }
-- top/top.go --
package top

import "example.com/middle"

func Use() {
	middle.Talk()
	middle.Loudest().Raise()
}
-- aside/aside.go --
package aside

func Nothing() {}
`

// A tree is a program in a folder of its own, with a cache beside it.
type tree struct {
	t     *testing.T
	dir   string
	cache *driver.Cache
}

func newTree(t *testing.T, archive string) *tree {
	t.Helper()
	tr := &tree{t: t, dir: filepath.Join(t.TempDir(), "src"), cache: driver.OpenCache(filepath.Join(t.TempDir(), "cache"), driver.DefaultCacheLimit)}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		tr.write(f.Name, string(f.Data))
	}
	return tr
}

func (tr *tree) write(name, text string) {
	tr.t.Helper()
	file := filepath.Join(tr.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		tr.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		tr.t.Fatal(err)
	}
}

func (tr *tree) edit(name, old, new string) {
	tr.t.Helper()
	data, err := os.ReadFile(filepath.Join(tr.dir, name))
	if err != nil {
		tr.t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		tr.t.Fatalf("%s has no %q", name, old)
	}
	tr.write(name, strings.ReplaceAll(string(data), old, new))
}

func (tr *tree) options() driver.Options {
	return driver.Options{
		Dir: tr.dir, Patterns: []string{"./..."}, Tests: true, Analyzers: []*analysis.Analyzer{noise}, Cache: tr.cache,
		Env:     append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK="),
		Summary: func(path string) bool { return path == "example.org/siren" },
	}
}

func (tr *tree) load(change ...func(*driver.Options)) *driver.Session {
	tr.t.Helper()
	opts := tr.options()
	for _, c := range change {
		c(&opts)
	}
	s, err := driver.Load(context.Background(), opts)
	if err != nil {
		tr.t.Fatal(err)
	}
	return s
}

// lines returns the findings as lines, and what was left out.
func (tr *tree) lines(s *driver.Session) []string {
	var lines []string
	for _, f := range s.Findings {
		rel, err := filepath.Rel(tr.dir, f.Pos.File)
		if err != nil {
			tr.t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(rel), f.Pos.Line, f.Pos.Col, f.Message))
	}
	for _, l := range s.LeftOut {
		lines = append(lines, "left out "+l.Package)
		tr.t.Logf("%s: %v", l.Package, l.Reasons)
	}
	return lines
}

// same checks that the driver, with and without what it kept, and the reference find what is wanted.
func (tr *tree) same(want ...string) {
	tr.t.Helper()
	for i, name := range []string{"first run", "second run", "without a cache"} {
		got := tr.lines(tr.load(func(o *driver.Options) {
			if i == 2 {
				o.Cache = nil
			}
		}))
		if diff := cmp.Diff(want, got); diff != "" {
			tr.t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	ref, err := driver.Reference(context.Background(), tr.options())
	if err != nil {
		tr.t.Fatal(err)
	}
	if diff := cmp.Diff(want, tr.lines(ref)); diff != "" {
		tr.t.Errorf("reference (-want +got):\n%s", diff)
	}
}

func TestFactsCrossPackages(t *testing.T) {
	newTree(t, program).same(
		"middle/middle.go:5:15: Speak leads to Shout",
		"top/top.go:6:2: Talk leads to SpeakShout",
		"top/top.go:7:2: Raise leads to SpeakShout",
	)
}

// An analyzer whose result is given for programs without a package does not run there. The cache tells the two apart.
func TestGiven(t *testing.T) {
	tr := newTree(t, program)
	without := func(path string) func(*driver.Options) {
		return func(o *driver.Options) {
			o.Given = func(has func(string) bool) map[*analysis.Analyzer]any {
				if has(path) {
					return nil
				}
				return map[*analysis.Analyzer]any{noise: nil}
			}
		}
	}
	for _, test := range []struct {
		absent string
		want   int
	}{{"example.com/base", 3}, {"example.com/bass", 0}, {"example.com/base", 3}} {
		if got := len(tr.load(without(test.absent)).Findings); got != test.want {
			t.Errorf("%d findings where the result is given without %s, want %d", got, test.absent, test.want)
		}
	}
}

// What is analysed again after an edit is what the edit can change.
func TestOnlyWhatChangedIsAnalysedAgain(t *testing.T) {
	for _, test := range []struct {
		name, file, old, new string
		want                 int
	}{
		{"nothing", "base/base.go", "package base", "package base", 0},
		{"a leaf", "aside/aside.go", "{}", "{ println() }", 1},
		{"a body that all import", "base/base.go", "Whisper() {}", "Whisper() { println() }", 1},
		{"lines that move", "base/base.go", "package base", "package base\n\n// Moved.\n", 1},
		{"an unexported function", "base/base.go", "func Whisper()", "func hidden() {}\n\nfunc Whisper()", 1},
		{"the types that importers see", "base/base.go", "Whisper()", "Whisper(int)", 3},
		{"a field of an exported type", "base/base.go", "Voice struct{}", "Voice struct{ pitch int }", 3},
		{"a fact", "base/base.go", "Whisper() {}", "Whisper() { Shout() }", 3},
		{"a fact in the middle", "middle/middle.go", "return new", "Talk(); return new", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			tr := newTree(t, program)
			if got := tr.load().Stats.Analysed; got != 4 {
				t.Errorf("the first run analyses %d packages, want 4", got)
			}
			tr.edit(test.file, test.old, test.new)
			if got := tr.load().Stats.Analysed; got != test.want {
				t.Errorf("the second run analyses %d packages, want %d", got, test.want)
			}
		})
	}
}

func TestTestVariants(t *testing.T) {
	newTree(t, program+`
-- base/export_test.go --
package base

func Scream() { Shout() }
-- base/base_test.go --
package base_test

import (
	"testing"

	"example.com/base"
	"example.com/middle"
)

func TestVoice(t *testing.T) {
	base.Scream()
	var v *base.Voice = middle.Loudest()
	v.Raise()
}
-- aside/aside_test.go --
package aside

import "example.com/top"

func use() { top.Use() }
-- top/top_test.go --
package top

import "example.com/aside"

func use() { aside.Nothing() }
`).same(
		"aside/aside_test.go:5:14: Use leads to TalkSpeakShout",
		"base/base_test.go:11:2: Scream leads to Shout",
		"base/base_test.go:13:2: Raise leads to SpeakShout",
		"middle/middle.go:5:15: Speak leads to Shout",
		"top/top.go:6:2: Talk leads to SpeakShout",
		"top/top.go:7:2: Raise leads to SpeakShout",
	)
}

func TestErrorsLeaveOut(t *testing.T) {
	tr := newTree(t, program+`
-- broken/broken.go --
package broken

import "example.com/middle"

func F() { middle.Talk(); undefined() }
-- user/user.go --
package user

import (
	"example.com/broken"
	"example.com/middle"
)

func G() { broken.F(); middle.Talk() }
`)
	want := []string{
		"middle/middle.go:5:15: Speak leads to Shout",
		"top/top.go:6:2: Talk leads to SpeakShout",
		"top/top.go:7:2: Raise leads to SpeakShout",
		"user/user.go:8:24: Talk leads to SpeakShout",
		"left out example.com/broken",
	}
	for range 2 {
		if diff := cmp.Diff(want, tr.lines(tr.load())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	tr.edit("broken/broken.go", "undefined()", "")
	want = slices.Insert(want[:4], 0, "broken/broken.go:5:12: Talk leads to SpeakShout")
	want = append(want[:4], "user/user.go:8:12: F leads to TalkSpeakShout", want[4])
	if diff := cmp.Diff(want, tr.lines(tr.load())); diff != "" {
		t.Errorf("repaired (-want +got):\n%s", diff)
	}
}

// A package from outside that imports the program back has one identity with it.
const cycle = `
-- go.mod --
module example.com

go 1.25.0

require (
	example.org/lib v1.0.0
	example.org/siren v1.0.0
)

replace (
	example.org/lib v1.0.0 => ./lib
	example.org/siren v1.0.0 => ./siren
)
-- core/core.go --
package core

type Job struct{}

func Shout() {}

func (Job) Run() { Shout() }
-- cmd/cmd.go --
package cmd

import (
	"example.com/core"
	"example.org/lib"
	"example.org/siren"
)

func Main() {
	lib.Start(core.Job{})
	siren.Howl()
	siren.New[int]().Wail()
}
-- lib/go.mod --
module example.org/lib

go 1.25.0
-- lib/lib.go --
package lib

import "example.com/core"

func Start(j core.Job) { j.Run() }
-- siren/go.mod --
module example.org/siren

go 1.25.0
-- siren/siren.go --
package siren

import "example.org/siren/internal/horn"

func Howl() { horn.Blow() }

type Siren[T any] struct{}

func New[T any]() *Siren[T] { return nil }

func (*Siren[U]) Wail() { horn.Blow() }
-- siren/internal/horn/horn.go --
package horn

func Shout() {}

func Blow() { Shout() }
`

func TestPackagesFromOutside(t *testing.T) {
	tr := newTree(t, cycle)
	opts := func(o *driver.Options) {
		o.Summary = func(path string) bool { return path == "example.org/siren/internal/horn" }
	}
	want := []string{
		"cmd/cmd.go:10:2: Start leads to RunShout",
		"cmd/cmd.go:11:2: Howl leads to BlowShout",
		"cmd/cmd.go:12:2: Wail leads to BlowShout",
	}
	for i, summaries := range []int{2, 0} {
		s := tr.load(opts)
		if diff := cmp.Diff(want, tr.lines(s)); diff != "" {
			t.Errorf("run %d (-want +got):\n%s", i+1, diff)
		}
		if s.Stats.Summaries != summaries {
			t.Errorf("run %d summarises %d packages, want %d", i+1, s.Stats.Summaries, summaries)
		}
	}
	// A module replaced by a folder may be edited.
	tr.edit("siren/internal/horn/horn.go", "Blow() { Shout() }", "Blow() {}")
	if diff := cmp.Diff(want[:1], tr.lines(tr.load(opts))); diff != "" {
		t.Errorf("after an edit (-want +got):\n%s", diff)
	}
	// Packages that reach nothing of interest are not looked into.
	s := newTree(t, cycle).load(func(o *driver.Options) { o.Summary = func(string) bool { return false } })
	if s.Stats.Summaries != 0 || len(s.Findings) != 1 {
		t.Errorf("%d summaries, %d findings; want 0 and 1", s.Stats.Summaries, len(s.Findings))
	}
}

func TestWorkspace(t *testing.T) {
	tr := newTree(t, `
-- go.work --
go 1.25.0

use (
	./a
	./b
)
-- a/go.mod --
module example.com/a

go 1.25.0
-- a/a.go --
package a

func Shout() {}

func Speak() { Shout() }
-- b/go.mod --
module example.com/b

go 1.25.0
-- b/b.go --
package b

import "example.com/a"

func Use() { a.Speak() }
`)
	s := tr.load(func(o *driver.Options) { o.Patterns = []string{"./a/...", "./b/..."} })
	if diff := cmp.Diff([]string{"b/b.go:5:14: Speak leads to Shout"}, tr.lines(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s.Root != tr.dir {
		t.Errorf("root is %s, want that of go.work", s.Root)
	}
	// A package of the other module that no pattern names is analysed for its facts.
	s = tr.load(func(o *driver.Options) { o.Patterns = []string{"./b/..."}; o.Cache = nil })
	if diff := cmp.Diff([]string{"b/b.go:5:14: Speak leads to Shout"}, tr.lines(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVendored(t *testing.T) {
	tr := newTree(t, `
-- go.mod --
module example.com

go 1.25.0

require example.org/siren v1.0.0
-- vendor/modules.txt --
# example.org/siren v1.0.0
## explicit; go 1.25.0
example.org/siren
-- vendor/example.org/siren/siren.go --
package siren

func Shout() {}

func Howl() { Shout() }
-- main.go --
package main

import "example.org/siren"

func main() { siren.Howl() }
`)
	tr.same("main.go:5:15: Howl leads to Shout")
	tr.edit("vendor/example.org/siren/siren.go", "{ Shout() }", "{}")
	if got := tr.lines(tr.load()); len(got) != 0 {
		t.Errorf("after an edit: %v", got)
	}
}

func TestCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no C compiler")
	}
	tr := newTree(t, program+`
-- c/c.go --
package c

// static int twice(int n) { return 2 * n; }
import "C"

import "example.com/middle"

func Twice(n int) int {
	middle.Talk()
	return int(C.twice(C.int(n)))
}
-- c/plain.go --
package c

import "example.com/middle"

func Plain() { middle.Talk() }
-- c/add_amd64.s --
`)
	tr.same(
		"c/c.go:9:2: Talk leads to SpeakShout",
		"c/plain.go:5:16: Talk leads to SpeakShout",
		"middle/middle.go:5:15: Speak leads to Shout",
		"top/top.go:6:2: Talk leads to SpeakShout",
		"top/top.go:7:2: Raise leads to SpeakShout",
	)
	s := tr.load(func(o *driver.Options) { o.Env = append(o.Env, "CGO_ENABLED=0") })
	if got := tr.lines(s); len(got) != 4 || got[0] != "c/plain.go:5:16: Talk leads to SpeakShout" {
		t.Errorf("without cgo: %v", got)
	}
}

// The order of what the driver does is not to be seen in what it finds.
func TestDeterministic(t *testing.T) {
	tr := newTree(t, program)
	want := fmt.Sprint(tr.load().Findings)
	for range 5 {
		if got := fmt.Sprint(tr.load(func(o *driver.Options) { o.Cache = nil }).Findings); got != want {
			t.Fatalf("findings differ:\n%s\n%s", want, got)
		}
	}
}

// Results that were kept at one place hold at another, as on a CI machine that restores its cache.
func TestCacheTravels(t *testing.T) {
	there, here := newTree(t, program), newTree(t, program)
	want := there.lines(there.load())
	here.cache = there.cache
	s := here.load()
	if s.Stats.Analysed != 0 {
		t.Errorf("%d packages are analysed, want none", s.Stats.Analysed)
	}
	if diff := cmp.Diff(want, here.lines(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConcurrentRuns(t *testing.T) {
	tr := newTree(t, program)
	want := tr.lines(tr.load(func(o *driver.Options) { o.Cache = nil }))
	results := make(chan []string)
	for range 4 {
		go func() {
			s, err := driver.Load(context.Background(), tr.options())
			if err != nil {
				results <- []string{err.Error()}
				return
			}
			results <- tr.lines(s)
		}()
	}
	for range 4 {
		if diff := cmp.Diff(want, <-results); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestInterrupted(t *testing.T) {
	tr := newTree(t, program)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := driver.Load(ctx, tr.options()); err == nil {
		t.Error("an interrupted run ends without an error")
	}
}

func TestSessionFacts(t *testing.T) {
	tr := newTree(t, program)
	for _, run := range []string{"first", "second"} {
		var got []string
		for _, p := range tr.load().Packages {
			for _, f := range p.Facts() {
				got = append(got, fmt.Sprintf("%s %s via %s", f.Name, f.Pos, f.Fact.(*loud).Via))
			}
		}
		sort.Strings(got)
		want := []string{
			"(*example.com/base.Voice).Raise base/base.go:11:15 via SpeakShout",
			"example.com/base.Speak base/base.go:5:6 via Shout",
			"example.com/middle.Talk middle/middle.go:5:6 via SpeakShout",
			"example.com/top.Use top/top.go:5:6 via TalkSpeakShout",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s run (-want +got):\n%s", run, diff)
		}
	}
}

// What was analysed of a file that had changed since it was hashed is not kept under what it was.
func TestEditedMeanwhile(t *testing.T) {
	tr := newTree(t, program)
	var once sync.Once
	tr.load(func(o *driver.Options) {
		o.Progress = func(done, total int) {
			once.Do(func() { tr.edit("top/top.go", "middle.Talk()", "middle.Loudest()") })
		}
	})
	tr.edit("top/top.go", "middle.Loudest()\n", "middle.Talk()\n")
	tr.same(
		"middle/middle.go:5:15: Speak leads to Shout",
		"top/top.go:6:2: Talk leads to SpeakShout",
		"top/top.go:7:2: Raise leads to SpeakShout",
	)
}
