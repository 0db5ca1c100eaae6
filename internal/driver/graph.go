package driver

import (
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"
)

// A graph holds the packages of a program by import path, and what was made of them for tests.
type graph struct {
	byPath map[string]*unit
	units  []*unit // those whose types come from source, dependencies first
}

// A unit is a package as it is type-checked: a package, a package with its test files, an external test, or a package compiled
// again because it imports the package under test.
type unit struct {
	id, path, name, dir string
	files               []string // Go files, absolute
	cgoFiles            []string
	otherFiles          []string
	ignoredFiles        []string
	module              *analysis.Module
	std                 bool
	imports             []*unit          // what the files import, by path
	instead             map[string]*unit // variants that stand for imported packages
	importMap           map[string]string
	variants            []*unit // of a package with its tests, or an external test: those that nobody but it imports

	source bool  // types come from source
	root   bool  // findings are wanted
	twin   *unit // of a package compiled again: the package itself, whose facts hold here too
	fakeC  bool  // import "C" stands for nothing: cgo could not be run
	broken []string

	test   bool // a variant with test files, or an external test
	asked  bool // named by the patterns, or a test of such a package
	static digest
	stamps map[string]string // of its files, when static was computed

	outcome // what the run made of it
}

// An outcome is what a run made of a unit.
type outcome struct {
	typesOnce sync.Once
	pkg       *types.Package // as those that import it see it
	tokens    []*token.File  // its files, if it was checked without bodies

	settled  chan struct{} // closed when the rest is there
	set      *factSet      // nil where there is nothing to say
	linked   *factSet      // the same, of a second look; nil if there was none
	api      digest        // of what importers can know of its types
	said     digest        // of what they can know of its facts
	deep     digest        // of both, and of those of all own packages that it imports
	key      digest
	entry    *entry
	retained *analysed   // kept for a second look, while there is room
	torn     atomic.Bool // a file has changed since static was computed: the result is not that of its key
}

// factsOf returns the facts of the package, or nil.
func (u *unit) factsOf() *factSet {
	if u.twin != nil {
		return u.twin.factsOf()
	}
	return u.set
}

// newGraph links what go list listed. Packages for which root is true were asked for.
func newGraph(pkgs []*listed, root func(*listed) bool, tests bool) *graph {
	g := &graph{byPath: map[string]*unit{}}
	for _, p := range pkgs {
		g.byPath[p.ImportPath] = newUnit(p, slices.Concat(p.GoFiles))
	}
	for _, p := range pkgs {
		u := g.byPath[p.ImportPath]
		u.root = root(p)
		u.asked = u.root
		u.imports = g.lookup(p, p.Imports)
	}
	g.markSource()
	b := &builder{graph: g, done: map[*unit]bool{}}
	for _, p := range pkgs {
		// What the list has besides what the patterns lead to must not be seen in what is found.
		if u := g.byPath[p.ImportPath]; u.root {
			b.add(u)
			if tests && u.source {
				g.addTests(b, p, u)
			}
		}
	}
	return g
}

func newUnit(p *listed, files []string) *unit {
	u := &unit{
		id: p.ImportPath, path: p.ImportPath, name: p.Name, dir: p.Dir,
		files:        absolute(p.Dir, files),
		cgoFiles:     absolute(p.Dir, p.CgoFiles),
		otherFiles:   absolute(p.Dir, slices.Concat(p.CFiles, p.CXXFiles, p.HFiles, p.SFiles)),
		ignoredFiles: absolute(p.Dir, slices.Concat(p.IgnoredGoFiles, p.IgnoredOtherFiles)),
		module:       p.Module,
		std:          p.Standard,
		importMap:    p.ImportMap,
		outcome:      outcome{settled: make(chan struct{})},
	}
	if p.Error != nil {
		u.broken = append(u.broken, p.Error.String())
	}
	return u
}

func absolute(dir string, files []string) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f
		if !filepath.IsAbs(f) {
			out[i] = filepath.Join(dir, f)
		}
	}
	return out
}

// lookup finds the units that p's imports stand for. What go list could not find is left out: the type checker will say so.
func (g *graph) lookup(p *listed, paths []string) []*unit {
	if len(p.CgoFiles) > 0 && !p.Standard {
		paths = append(slices.Clone(paths), "runtime/cgo", "syscall") // what cgo writes imports them
	}
	var units []*unit
	for _, path := range slices.Sorted(slices.Values(paths)) {
		if to, ok := p.ImportMap[path]; ok {
			path = to
		}
		if u := g.byPath[path]; u != nil && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	return units
}

// own reports whether the unit is the user's own code: of a main module, or of no module and not of the standard library.
func (u *unit) own() bool {
	return !u.std && u.dir != "" && (u.module == nil || u.module.Version == "")
}

// markSource marks what is to be type-checked from source: own packages, and others that import an own package back, which would
// otherwise have two identities.
func (g *graph) markSource() {
	reaches := map[*unit]bool{}
	seen := map[*unit]bool{}
	var visit func(u *unit) bool
	visit = func(u *unit) bool {
		if seen[u] {
			return reaches[u]
		}
		seen[u] = true
		reach := u.own()
		for _, dep := range u.imports {
			if visit(dep) {
				reach = true
			}
		}
		reaches[u] = reach
		return reach
	}
	for _, u := range g.byPath {
		u.source = visit(u) && !u.std
	}
}

// addTests adds the package with its test files, its external test, and what must be compiled again for it.
func (g *graph) addTests(b *builder, p *listed, u *unit) {
	suffix := " [" + p.ImportPath + ".test]"
	inside := u
	if len(p.TestGoFiles) > 0 {
		inside = newUnit(p, slices.Concat(p.GoFiles, p.TestGoFiles))
		inside.id += suffix
		inside.imports = g.lookup(p, slices.Concat(p.Imports, p.TestImports))
		inside.source, inside.root, inside.test, inside.asked = true, true, true, true
		// The variant has all of the package's findings.
		u.root = false
		b.add(inside)
	}
	if len(p.XTestGoFiles) == 0 {
		inside.forgetSelf(inside != u)
		return
	}
	outside := newUnit(p, p.XTestGoFiles)
	outside.cgoFiles, outside.otherFiles, outside.ignoredFiles = nil, nil, nil
	outside.id, outside.path, outside.name = p.ImportPath+"_test"+suffix, p.ImportPath+"_test", p.Name+"_test"
	outside.imports = g.lookup(p, p.XTestImports)
	outside.source, outside.root, outside.test, outside.asked = true, true, true, true
	if inside != u {
		again := &recompile{under: u, variant: inside, suffix: suffix, done: map[*unit]*unit{u: inside}}
		again.apply(outside)
		outside.variants = append(again.made, inside)
	}
	outside.forgetSelf(true)
	b.add(outside)
}

// forgetSelf says that nobody imports the unit.
func (u *unit) forgetSelf(alone bool) {
	if alone {
		u.variants = append(u.variants, u)
	}
}

// recompile makes the variants of packages that import the package under test.
type recompile struct {
	under, variant *unit
	suffix         string
	done           map[*unit]*unit
	made           []*unit
}

// apply replaces, among u's imports, those that reach the package under test.
func (r *recompile) apply(u *unit) {
	u.instead = map[string]*unit{}
	u.imports = slices.Clone(u.imports)
	for i, dep := range u.imports {
		if to := r.of(dep); to != dep {
			u.imports[i] = to
			u.instead[dep.path] = to
		}
	}
}

// of returns the variant of u, or u itself where it does not reach the package under test.
func (r *recompile) of(u *unit) *unit {
	if to, ok := r.done[u]; ok {
		return to
	}
	r.done[u] = u
	if !u.source || !slices.ContainsFunc(u.imports, func(dep *unit) bool { return r.of(dep) != dep }) {
		return u
	}
	again := &unit{
		id: u.id + r.suffix, path: u.path, name: u.name, dir: u.dir, files: u.files, cgoFiles: u.cgoFiles, otherFiles: u.otherFiles,
		ignoredFiles: u.ignoredFiles, module: u.module, importMap: u.importMap, imports: u.imports, source: true, twin: u,
		outcome: outcome{settled: make(chan struct{})},
	}
	r.apply(again)
	r.done[u] = again
	r.made = append(r.made, again)
	return again
}

// A builder collects the units that are type-checked from source, dependencies first.
type builder struct {
	graph *graph
	done  map[*unit]bool
}

func (b *builder) add(u *unit) {
	if b.done[u] || !u.source {
		return
	}
	b.done[u] = true
	for _, dep := range u.imports {
		b.add(dep)
	}
	if u.twin != nil {
		b.add(u.twin)
	}
	b.graph.units = append(b.graph.units, u)
}

// resolve returns the unit that an import path in u's files stands for, or nil.
func (g *graph) resolve(u *unit, path string) *unit {
	if to, ok := u.importMap[path]; ok {
		path = to
	}
	if to, ok := u.instead[path]; ok {
		return to
	}
	return g.byPath[path]
}

// modules returns the folders of the modules of own packages.
func (g *graph) modules() []string {
	dirs := map[string]bool{}
	for _, u := range g.units {
		if u.own() && u.module != nil && u.module.Dir != "" {
			dirs[u.module.Dir] = true
		}
	}
	return slices.Sorted(maps.Keys(dirs))
}

// externals returns the paths of the packages that units import and that are not type-checked from source, sorted.
func externals(units []*unit) []string {
	paths := map[string]bool{}
	for _, u := range units {
		for _, dep := range u.imports {
			if !dep.source && dep.path != "unsafe" && dep.path != "C" {
				paths[dep.path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// missing returns the imports of test files that are not in the list yet.
func missing(pkgs []*listed, root func(*listed) bool) []string {
	known := map[string]bool{"C": true, "unsafe": true}
	for _, p := range pkgs {
		known[p.ImportPath] = true
	}
	out := map[string]bool{}
	for _, p := range pkgs {
		if !root(p) || p.Standard {
			continue
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			if to, ok := p.ImportMap[path]; ok {
				path = to
			}
			if !known[path] && !strings.HasPrefix(path, ".") {
				out[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(out))
}
