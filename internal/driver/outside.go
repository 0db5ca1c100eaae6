package driver

import (
	"context"
	"maps"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// prepare makes the universe in which own packages are checked, and sees that every package from outside whose summary may be asked
// for has one.
func (r *runner) prepare(ctx context.Context) error {
	wanted := r.summarised()
	absent := r.absent(wanted)
	if err := r.translateCgo(ctx, slices.Concat(r.graph.units, absent)); err != nil {
		return err
	}
	files, err := r.exportFiles(ctx, slices.Compact(slices.Sorted(slices.Values(slices.Concat(externals(r.graph.units), externals(absent))))))
	if err != nil {
		return err
	}
	if err := r.summarise(ctx, absent, files); err != nil {
		return err
	}
	r.saySummaries(wanted, absent)
	r.universe = r.newUniverse(files)
	return nil
}

// A summary list says of each package, by its path, of which types its summary has facts: most have none, and need not be read.
type summaryList map[string][]string

func (r *runner) summaryListKey(wanted []*unit) digest {
	h := newHasher("summaries")
	h.addDigest(r.base)
	for _, u := range wanted {
		h.addDigest(r.ids.of(u))
	}
	return h.sum()
}

// absent returns those of the packages whose summary is not in the cache, and lets the others be read when they are asked for.
func (r *runner) absent(wanted []*unit) []*unit {
	var list summaryList
	listed := r.cache.get(r.summaryListKey(wanted), &list)
	var absent []*unit
	for _, u := range wanted {
		key := r.summaryKey(u)
		switch {
		case listed && len(list[u.path]) == 0:
		case r.cache.has(key):
			u.set = &factSet{load: func(e *entry) bool { return r.cache.get(key, e) }, contents: list[u.path]}
		default:
			absent = append(absent, u)
		}
	}
	return absent
}

// saySummaries keeps the list of summaries, if it is new.
func (r *runner) saySummaries(wanted, absent []*unit) {
	if len(absent) == 0 {
		return
	}
	list := summaryList{}
	for _, u := range wanted {
		if u.set != nil {
			list[u.path] = u.set.types()
		}
	}
	r.cache.put(r.summaryListKey(wanted), list)
}

// summarised returns the packages from outside, dependencies first, that are worth a summary: those that reach, through their
// imports, one that the catalog knows.
func (r *runner) summarised() []*unit {
	if r.opts.Summary == nil {
		return nil
	}
	reaches := map[*unit]bool{}
	seen := map[*unit]bool{}
	var order []*unit
	var visit func(u *unit)
	visit = func(u *unit) {
		if seen[u] {
			return
		}
		seen[u] = true
		// The standard library has no summaries: its packages are leaves.
		reaches[u] = r.opts.Summary(u.path)
		if u.std {
			return
		}
		for _, dep := range u.imports {
			visit(dep)
			reaches[u] = reaches[u] || reaches[dep]
		}
		if reaches[u] && !u.source {
			order = append(order, u)
		}
	}
	for _, u := range r.graph.units {
		visit(u)
	}
	return order
}

func (r *runner) summaryKey(u *unit) digest {
	h := newHasher("summary")
	h.addDigest(r.base)
	h.addDigest(r.ids.of(u))
	return h.sum()
}

// exportFiles returns the files of export data of the packages, compiled by the go command if need be.
func (r *runner) exportFiles(ctx context.Context, paths []string) (map[string]string, error) {
	files := map[string]string{}
	if len(paths) == 0 {
		return files, nil
	}
	h := newHasher("export")
	h.add(r.env.GOVERSION, r.env.GOOS, r.env.GOARCH, r.env.GOEXPERIMENT, r.env.CGO_ENABLED, r.env.GOFLAGS)
	h.add(r.opts.Flags...)
	for _, path := range paths {
		id := r.ids.of(r.graph.byPath[path])
		h.addDigest(id)
	}
	key := h.sum()
	if r.cache.get(key, &files) && allThere(files) {
		return files, nil
	}
	pkgs, err := r.cmd.list(ctx, "ImportPath,Export", append([]string{"-export", "--"}, paths...)...)
	if err != nil {
		return nil, err
	}
	files = map[string]string{}
	for _, p := range pkgs {
		if p.Export != "" {
			files[p.ImportPath] = p.Export
		}
	}
	r.cache.put(key, files)
	return files, nil
}

func allThere(files map[string]string) bool {
	for file := range maps.Values(files) {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return len(files) > 0
}

// summarise computes the facts of packages from outside, in a universe of its own, which is gone when it is done.
func (r *runner) summarise(ctx context.Context, units []*unit, export map[string]string) error {
	un := r.newUniverse(export)
	done := map[*unit]chan struct{}{}
	for _, u := range units {
		done[u] = make(chan struct{})
	}
	g, ctx := errgroup.WithContext(ctx)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, u := range units {
		g.Go(func() error {
			defer close(done[u])
			for _, dep := range u.imports {
				if wait := done[dep]; wait != nil {
					<-wait
				}
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r.summariseOne(un, u)
			return nil
		})
	}
	r.summed = len(units)
	return g.Wait()
}

// summariseOne computes the facts of one package from outside. Where that can't be done, nothing is known of the package, and that
// is kept as well.
func (r *runner) summariseOne(un *universe, u *unit) {
	e := new(entry)
	c := un.check(u, true)
	defer un.drop(c)
	if len(c.broken) == 0 {
		a := newAnalysed(un, u, c)
		a.link(r.linker, r.blank, func(string) {})
		a.run(r.facts)
		if facts, _, err := a.facts.freeze(un.fset, u); err == nil && r.failure(a) == nil {
			e.Facts = facts
		}
	}
	u.set = e.facts()
	r.cache.put(r.summaryKey(u), e)
}
