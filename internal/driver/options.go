package driver

import (
	"golang.org/x/tools/go/analysis"
)

// Options say what to analyse, with what, and how.
type Options struct {
	Dir       string   // where the go command runs; "" is the current directory
	Env       []string // environment of the go command; nil is the current one
	Patterns  []string // package patterns; none means "."
	Tests     bool     // include test files, as the go command does
	Flags     []string // build flags of the go command: -tags=…, -mod=…
	Analyzers []*analysis.Analyzer

	Linker  Linker                 // what is computed between facts and checks; nil is nothing
	Summary func(path string) bool // whether a package from outside, or one that imports it, has facts worth computing; nil is never

	// Given returns results that are known without a run, given which packages are in the program; nil is none. Their analyzers are not
	// run, and export no facts.
	Given func(has func(path string) bool) map[*analysis.Analyzer]any

	// Settings returns a digest of what the analyzers read besides the source: the configuration of the modules in these folders.
	// nil is for analyzers that read nothing else.
	Settings func(modules []string) ([32]byte, error)

	Cache    *Cache                // nil keeps nothing
	Progress func(done, total int) // called now and then, from any goroutine; may be nil
}

// A Session is what a run loaded and found.
type Session struct {
	Root     string     // paths are printed relative to it: the directory of go.work, else of the main module
	Findings []Finding  // by place, no two equal
	LeftOut  []LeftOut  // packages that could not be analysed, by path
	Packages []*Package // own packages, by path, also those that were only imported
	Stats    Stats

	remember func(what string, v any, compute func())
}

// Remember fills in v, a pointer, with what compute makes of the facts of the session's packages, and nothing else: it is taken from the
// cache where compute was asked for the same before. what names it.
func (s *Session) Remember(what string, v any, compute func()) {
	if s.remember == nil {
		compute()
		return
	}
	s.remember(what, v, compute)
}

// A Package is an own package without its tests.
type Package struct {
	Path, Dir string
	Module    *analysis.Module
	Asked     bool // a pattern names it

	unit *unit
}

// Facts returns the facts of the package's objects, by the objects' names.
func (p *Package) Facts() []ObjectFact { return p.unit.factsOf().frozen() }

// PackageFact copies the package's own fact of ptr's type into ptr.
func (p *Package) PackageFact(ptr analysis.Fact) bool {
	set := p.unit.linked
	if set == nil {
		set = p.unit.factsOf()
	}
	return set != nil && set.own(ptr)
}

// Imports returns the own packages that the package imports.
func (p *Package) Imports() []string {
	var paths []string
	for _, dep := range p.unit.imports {
		if dep.own() {
			paths = append(paths, dep.path)
		}
	}
	return paths
}

// LeftOut is a package that could not be analysed.
type LeftOut struct {
	Package string
	Reasons []string // file:line:col: message
}

// Stats counts what a run did.
type Stats struct {
	Units     int // packages, variants and external tests, from source
	Analysed  int // of which were analysed, and not found in the cache
	Again     int // of which were analysed again, after the whole program was known
	Summaries int // packages from outside that were summarised
}
