package driver

import (
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/analysis"
)

// A runner holds what the steps of a run share.
type runner struct {
	opts   Options
	cmd    goCommand
	env    environment
	linker Linker
	blank  Linked // what the linker knows without a program
	cache  *Cache

	checks []*analysis.Analyzer // all analyzers, sorted
	facts  []*analysis.Analyzer // those that compute facts, sorted

	graph    *graph
	given    map[*analysis.Analyzer]any
	ids      *identities
	base     digest
	settings digest
	universe *universe
	outside  func() error // makes the universe and the summaries of packages from outside, once

	slots    chan struct{} // as many as packages may be analysed at a time
	room     atomic.Int64  // bytes of source whose analysis may still be retained
	analysed atomic.Int64
	again    atomic.Int64
	done     atomic.Int64
	summed   int
}

// retainedSource bounds the source of the packages that stay in memory until the whole program is known: what is made of a byte of
// source takes some fifty.
const retainedSource = 1 << 19

// Load loads the packages that the patterns name, runs the analyzers over them and the packages that they need, and returns what
// they found and the facts that they exported.
func Load(ctx context.Context, opts Options) (*Session, error) {
	r, err := newRunner(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := r.settleAll(ctx); err != nil {
		return nil, err
	}
	if err := r.link(ctx); err != nil {
		return nil, err
	}
	r.cache.Trim(time.Now())
	return r.session(), nil
}

func newRunner(ctx context.Context, opts Options) (*runner, error) {
	r := &runner{
		opts: opts, linker: opts.Linker, cache: opts.Cache,
		cmd:    goCommand{dir: opts.Dir, env: opts.Env, flags: opts.Flags},
		checks: sorted(opts.Analyzers), facts: factual(sorted(opts.Analyzers)),
		slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	r.room.Store(retainedSource)
	if r.linker == nil {
		r.linker = noLinker{}
	}
	r.blank = r.linker.Link(nil)
	if err := analysis.Validate(opts.Analyzers); err != nil {
		return nil, err
	}
	for _, an := range r.checks {
		for _, fact := range an.FactTypes {
			gob.Register(fact)
		}
	}
	return r, r.load(ctx)
}

// load asks the go command what there is.
func (r *runner) load(ctx context.Context) error {
	var tool digest
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { r.env, err = r.cmd.environment(gctx); return err })
	g.Go(func() (err error) { tool, err = toolDigest(); return err })
	g.Go(func() (err error) { r.graph, err = r.list(gctx); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	if r.opts.Given != nil {
		r.given = r.opts.Given(func(path string) bool { return r.graph.byPath[path] != nil })
	}
	r.base = baseDigest(tool, r.env, slices.DeleteFunc(slices.Clone(r.checks), r.isGiven), r.linker.Analyzers())
	r.ids = &identities{modcache: r.env.GOMODCACHE, goroot: r.env.GOROOT, known: map[*unit]digest{}}
	if r.opts.Settings != nil {
		settings, err := r.opts.Settings(r.graph.modules())
		if err != nil {
			return err
		}
		r.settings = settings
	}
	staticDigests(r.graph.units, r.ids, r.base, r.settings)
	r.outside = sync.OnceValue(func() error { return r.prepare(ctx) })
	return nil
}

func (r *runner) isGiven(an *analysis.Analyzer) bool {
	_, given := r.given[an]
	return given
}

// list lists what the patterns name, all that it needs, and what the tests need besides. The go command takes as long to start as to
// list, so that the last run's imports of tests are asked for at once; what they lack is asked for after.
func (r *runner) list(ctx context.Context) (*graph, error) {
	named := patterns(r.opts)
	var guess []string
	if r.opts.Tests {
		r.cache.get(r.guessKey(), &guess)
	}
	pkgs, err := r.cmd.list(ctx, graphFields, slices.Concat([]string{"-deps", "--"}, named, guess)...)
	if err != nil {
		return nil, err
	}
	root := func(p *listed) bool {
		return slices.ContainsFunc(p.Match, func(pattern string) bool { return slices.Contains(named, pattern) })
	}
	pkgs = slices.DeleteFunc(pkgs, func(p *listed) bool { return p.Dir == "" && !p.DepOnly && !root(p) && !p.Standard })
	if !slices.ContainsFunc(pkgs, root) {
		return nil, noMatch(named)
	}
	if err := notThere(pkgs, root); err != nil {
		return nil, err
	}
	if r.opts.Tests {
		if pkgs, err = r.addImportsOfTests(ctx, pkgs, root, guess); err != nil {
			return nil, err
		}
	}
	return newGraph(pkgs, root, r.opts.Tests), nil
}

// addImportsOfTests lists what only tests need, if it is not there yet.
func (r *runner) addImportsOfTests(ctx context.Context, pkgs []*listed, root func(*listed) bool, guess []string) ([]*listed, error) {
	more := missing(pkgs, root)
	if len(more) == 0 {
		return pkgs, nil
	}
	extra, err := r.cmd.list(ctx, graphFields, slices.Concat([]string{"-deps", "--"}, more)...)
	if err != nil {
		return nil, err
	}
	r.cache.put(r.guessKey(), slices.Compact(slices.Sorted(slices.Values(slices.Concat(guess, more)))))
	return merge(pkgs, extra), nil
}

func (r *runner) guessKey() digest {
	h := newHasher("imports of tests")
	dir, _ := filepath.Abs(r.opts.Dir)
	h.add(dir)
	h.add(patterns(r.opts)...)
	h.add(r.opts.Flags...)
	return h.sum()
}

// notThere returns the reason why a package that was asked for by name does not exist.
func notThere(pkgs []*listed, root func(*listed) bool) error {
	for _, p := range pkgs {
		if root(p) && p.Error != nil && p.Dir == "" {
			return errors.New(p.Error.String())
		}
	}
	return nil
}

// merge adds the packages that only tests need: their findings are not wanted.
func merge(pkgs, extra []*listed) []*listed {
	known := map[string]bool{}
	for _, p := range pkgs {
		known[p.ImportPath] = true
	}
	for _, p := range extra {
		if !known[p.ImportPath] {
			p.DepOnly = true
			pkgs = append(pkgs, p)
		}
	}
	return pkgs
}

// settleAll finds or computes the result of each unit, in dependency order.
func (r *runner) settleAll(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range r.graph.units {
		g.Go(func() error {
			for _, dep := range u.needs() {
				select {
				case <-dep.settled:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			r.slots <- struct{}{}
			defer func() { <-r.slots }()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := r.settle(u); err != nil {
				return err
			}
			close(u.settled)
			r.release(u)
			r.progress()
			return nil
		})
	}
	return g.Wait()
}

// release forgets what nobody imports once the unit is done: a package with its tests, and what was compiled again for one external
// test. There are many.
func (r *runner) release(u *unit) {
	for _, v := range u.variants {
		if v.pkg != nil && v.retained == nil {
			r.universe.forget(v)
		}
	}
}

// needs returns the units whose results u's depends on.
func (u *unit) needs() []*unit {
	var needs []*unit
	for _, dep := range u.imports {
		if dep.source {
			needs = append(needs, dep)
		}
	}
	if u.twin != nil {
		needs = append(needs, u.twin)
	}
	return needs
}

func (r *runner) progress() {
	done := r.done.Add(1)
	if r.opts.Progress != nil {
		r.opts.Progress(int(done), len(r.graph.units))
	}
}

// settle finds or computes the result of one unit.
func (r *runner) settle(u *unit) error {
	h := newHasher("result")
	h.addDigest(u.static)
	deep := newHasher("deep")
	for _, dep := range u.imports {
		if dep.source {
			h.addDigest(dep.deep)
			deep.addDigest(dep.deep)
		}
	}
	u.key = h.sum()
	if u.twin != nil {
		u.deep = u.key // only its types are its own, and they follow from its sources
		return nil
	}
	u.entry = new(entry)
	if r.cache.get(u.key, u.entry) {
		u.entry.placeIn(r.root())
		u.set = u.entry.facts()
	} else if err := r.compute(u); err != nil {
		return err
	}
	u.api, u.said = u.entry.API, u.entry.Said
	deep.addDigest(u.api)
	deep.addDigest(u.said)
	u.deep = deep.sum()
	return nil
}

// compute analyses the unit, as if nothing were known of the whole program, and keeps the result.
func (r *runner) compute(u *unit) error {
	if err := r.outside(); err != nil {
		return err
	}
	r.analysed.Add(1)
	c := r.universe.check(u, true)
	r.universe.adopt(u, c)
	a := newAnalysed(r.universe, u, c)
	e, err := r.analyse(a, r.blank, nil)
	if err != nil {
		return err
	}
	u.entry = e
	u.set = &factSet{pkg: a.facts.pkg, live: a.facts.live, packages: a.facts.packages, kept: a.facts.kept}
	r.retain(a)
	r.keep(u)
	return nil
}

// analyse runs the analyzers over a package, given what is known of the whole program.
func (r *runner) analyse(a *analysed, linked Linked, answers map[string]string) (*entry, error) {
	e := &entry{Asked: map[string]string{}}
	analyzers := r.facts
	if a.unit.root {
		analyzers = r.checks
	}
	var mu sync.Mutex
	a.link(r.linker, linked, func(question string) {
		mu.Lock()
		defer mu.Unlock()
		e.Asked[question] = answers[question]
	})
	a.run(analyzers)
	if err := r.failure(a); err != nil {
		return nil, err
	}
	e.Broken = a.broken
	facts, said, err := a.facts.freeze(a.universe.fset, a.unit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.unit.id, err)
	}
	h := newHasher("api")
	digestAPI(h.h, a.pkg)
	e.API, e.Said = h.sum(), said
	e.Facts = facts
	e.Findings = r.findings(a)
	return e, nil
}

// failure returns the error of the first analyzer that failed for another reason than the package's own errors.
func (r *runner) failure(a *analysed) error {
	for _, an := range r.checks {
		switch err := a.failed[an]; {
		case err == nil || errors.Is(err, errSkipped):
		case errors.As(err, new(*panicError)):
			return fmt.Errorf("%s: %w", a.unit.id, err)
		default:
			return err // of the configuration: it says itself where
		}
	}
	return nil
}

// errSkipped is the error of an analyzer that did not run because the package does not type-check.
var errSkipped = errors.New("skipped: the package has errors")

func (r *runner) findings(a *analysed) []Finding {
	if !a.unit.root {
		return nil
	}
	var findings []Finding
	for _, an := range r.opts.Analyzers {
		findings = append(findings, a.findings(an)...)
	}
	return findings
}

// retain keeps the package for a second look, if it asked of the whole program, and there is room.
func (r *runner) retain(a *analysed) {
	if len(a.unit.entry.Asked) == 0 || a.unit.test {
		return
	}
	var size int64
	for _, f := range a.files {
		size += int64(f.FileEnd - f.FileStart)
	}
	if r.room.Add(-size) >= 0 {
		a.unit.retained = a
	} else {
		r.room.Add(size)
	}
}

// keep writes the unit's entry to the cache. One that says what is wrong with the package is not kept: the reason may lie elsewhere. Nor is
// that of a package that was edited meanwhile. What was encoded for it is of no further use.
func (r *runner) keep(u *unit) {
	if len(u.entry.Broken) == 0 && !u.torn.Load() {
		r.cache.put(u.key, u.entry.placedFrom(r.root()))
	}
	u.entry.Facts = nil
}

// link computes what only the whole program knows, and looks again at the packages that asked for it.
func (r *runner) link(ctx context.Context) error {
	asking := slices.DeleteFunc(slices.Clone(r.graph.units), func(u *unit) bool { return u.entry == nil || len(u.entry.Asked) == 0 })
	if len(asking) == 0 {
		return nil
	}
	answers, linked := r.answers()
	stale := slices.DeleteFunc(asking, func(u *unit) bool {
		for question, answer := range u.entry.Asked {
			if answers[question] != answer {
				return false
			}
		}
		u.retained = nil
		return true
	})
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, u := range stale {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return r.lookAgain(u, linked(), answers)
		})
	}
	return g.Wait()
}

// answers returns the linker's answers, from the cache if the program says what it said when they were put there, and a function
// that links for good.
func (r *runner) answers() (map[string]string, func() Linked) {
	linked := sync.OnceValue(func() Linked { return r.linker.Link(r.ownFacts()) })
	var answers map[string]string
	r.remember("answers", &answers, func() { answers = linked().Answers() })
	return answers, linked
}

// remember fills in v with what compute makes of the facts of the user's own packages, or made of the same facts before. what names it.
func (r *runner) remember(what string, v any, compute func()) {
	h := newHasher("program")
	h.add(what)
	h.addDigest(r.base)
	h.addDigest(r.settings)
	for _, u := range r.graph.units {
		if u.own() && !u.test && u.twin == nil {
			h.add(u.path)
			h.addDigest(u.said)
		}
	}
	key := h.sum()
	if !r.cache.get(key, v) {
		compute()
		r.cache.put(key, v)
	}
}

func (r *runner) ownFacts() []analysis.Fact {
	var own []*unit
	for _, u := range r.graph.units {
		if u.own() && !u.test && u.twin == nil {
			own = append(own, u)
		}
	}
	slices.SortFunc(own, func(a, b *unit) int { return strings.Compare(a.path, b.path) })
	var facts []analysis.Fact
	for _, u := range own {
		for _, k := range u.factsOf().all() {
			if fact := k.own(); fact != nil {
				facts = append(facts, fact)
			}
		}
	}
	return facts
}

// lookAgain analyses a unit whose questions have other answers than its result was made with. Of its facts only those change that
// listings export of their own package, and that no other package reads.
func (r *runner) lookAgain(u *unit, linked Linked, answers map[string]string) error {
	if err := r.outside(); err != nil {
		return err
	}
	r.again.Add(1)
	a := u.retained
	u.retained = nil
	if a == nil {
		c := r.universe.check(u, true)
		defer r.universe.drop(c)
		defer r.release(u)
		a = newAnalysed(r.universe, u, c)
	} else {
		a.forget(r.linker.Analyzers(), r.checks)
		a.facts.packages = maps.Clone(a.facts.packages) // the unit's own is read by those who import it
	}
	e, err := r.analyse(a, linked, answers)
	if err != nil {
		return err
	}
	u.entry.Findings, u.entry.Asked = e.Findings, e.Asked
	u.entry.Facts = e.Facts
	u.linked = a.facts.portable()
	r.keep(u)
	return nil
}

// link gives the package the linker's results.
func (a *analysed) link(linker Linker, linked Linked, asked func(question string)) {
	results := linked.View(asked)
	for i, an := range linker.Analyzers() {
		a.results[an] = results[i]
	}
}

// forget drops the results that depend on an analyzer's.
func (a *analysed) forget(sources, analyzers []*analysis.Analyzer) {
	dirty := map[*analysis.Analyzer]bool{}
	for _, an := range sources {
		dirty[an] = true
	}
	for _, an := range analyzers {
		if dirty[an] || slices.ContainsFunc(an.Requires, func(req *analysis.Analyzer) bool { return dirty[req] }) {
			dirty[an] = true
			delete(a.results, an)
			delete(a.failed, an)
			delete(a.found, an)
		}
	}
}

// root is the directory that paths are relative to.
func (r *runner) root() string { return rootOf(r.env) }

func rootOf(env environment) string {
	for _, file := range []string{env.GOWORK, env.GOMOD} {
		if file != "" && file != "off" && filepath.IsAbs(file) && filepath.Base(file) != "null" {
			return filepath.Dir(file)
		}
	}
	return ""
}

func (r *runner) session() *Session {
	s := &Session{
		Root: r.root(),
		Stats: Stats{
			Units: len(r.graph.units), Analysed: int(r.analysed.Load()), Again: int(r.again.Load()), Summaries: r.summed,
		},
		remember: r.remember,
	}
	for _, u := range r.graph.units {
		if u.entry == nil {
			continue
		}
		s.Findings = append(s.Findings, u.entry.Findings...)
		if len(u.entry.Broken) > 0 {
			s.LeftOut = append(s.LeftOut, LeftOut{Package: u.id, Reasons: u.entry.Broken})
		}
		if u.own() && !u.test {
			s.Packages = append(s.Packages, &Package{Path: u.path, Dir: u.dir, Module: u.module, Asked: u.asked, unit: u})
		}
	}
	s.Findings = sortFindings(s.Findings)
	slices.SortFunc(s.LeftOut, func(a, b LeftOut) int { return cmp.Compare(a.Package, b.Package) })
	slices.SortFunc(s.Packages, func(a, b *Package) int { return strings.Compare(a.Path, b.Path) })
	return s
}

func typeOf(fact analysis.Fact) reflect.Type { return reflect.TypeOf(fact) }
