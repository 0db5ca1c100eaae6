package driver

import (
	"cmp"
	"context"
	"encoding/gob"
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// Reference runs the analyzers as x/tools' multichecker does: everything from source, nothing kept. It is slow and large; it is
// there so that a person, and a test, can compare.
func Reference(ctx context.Context, opts Options) (*Session, error) {
	pkgs, err := packages.Load(&packages.Config{
		Context:    ctx,
		Mode:       packages.LoadAllSyntax | packages.NeedModule,
		Dir:        opts.Dir,
		Env:        opts.Env,
		BuildFlags: opts.Flags,
		Tests:      opts.Tests,
	}, patterns(opts)...)
	if err != nil {
		return nil, err
	}
	if len(pkgs) == 0 {
		return nil, noMatch(patterns(opts))
	}
	// The main functions that go test generates have nothing that a person wrote.
	pkgs = slices.DeleteFunc(pkgs, func(p *packages.Package) bool { return strings.HasSuffix(p.ID, ".test") })
	for _, an := range sorted(opts.Analyzers) {
		for _, fact := range an.FactTypes {
			gob.Register(fact)
		}
	}
	graph, err := checker.Analyze(opts.Analyzers, pkgs, nil)
	if err != nil {
		return nil, err
	}
	env, err := goCommand{dir: opts.Dir, env: opts.Env}.environment(ctx)
	if err != nil {
		return nil, err
	}
	result := &Session{Root: rootOf(env)}
	for _, act := range graph.Roots {
		if act.Err == nil {
			p := act.Package
			result.Findings = append(result.Findings, freeze(p.Fset, p.ID, p.Syntax, p.TypesInfo, act.Analyzer, act.Result, act.Diagnostics)...)
		} else if len(act.Package.Errors) == 0 {
			return nil, fmt.Errorf("%s: %s: %w", act.Package.ID, act.Analyzer.Name, act.Err)
		}
	}
	if result.Packages, err = referencePackages(graph); err != nil {
		return nil, err
	}
	result.Findings = sortFindings(result.Findings)
	result.LeftOut = leftOut(pkgs)
	return result, nil
}

// referencePackages returns the own packages that were asked for, with the facts of the analyzers that were.
func referencePackages(graph *checker.Graph) ([]*Package, error) {
	units := map[*packages.Package]*unit{}
	var list []*Package
	for _, act := range graph.Roots {
		p := act.Package
		if act.Err != nil || p.ID != p.PkgPath || p.Module != nil && p.Module.Version != "" {
			continue
		}
		u := units[p]
		if u == nil {
			u = &unit{id: p.ID, path: p.PkgPath, dir: p.Dir, asked: true}
			u.set = newFactSet(p.Types)
			if m := p.Module; m != nil {
				u.module = &analysis.Module{Path: m.Path, Version: m.Version, Dir: m.Dir, GoMod: m.GoMod, GoVersion: m.GoVersion}
			}
			units[p] = u
			list = append(list, &Package{Path: u.path, Dir: u.dir, Module: u.module, Asked: true, unit: u})
		}
		u.set.take(act)
	}
	for _, p := range list {
		if _, _, err := p.unit.set.freeze(graph.Roots[0].Package.Fset, p.unit); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b *Package) int { return cmp.Compare(a.Path, b.Path) })
	return list, nil
}

// take adds the facts that an action exported of its own package.
func (s *factSet) take(act *checker.Action) {
	for _, f := range act.AllObjectFacts() {
		if f.Object.Pkg() == s.pkg {
			s.live[liveKey{f.Object, reflect.TypeOf(f.Fact)}] = f.Fact
		}
	}
	for _, f := range act.AllPackageFacts() {
		if f.Package == s.pkg {
			s.packages[reflect.TypeOf(f.Fact)] = f.Fact
		}
	}
}

// patterns returns the patterns as the go command reports what they match: ./mail, however a shell completed it.
func patterns(opts Options) []string {
	if len(opts.Patterns) == 0 {
		return []string{"."}
	}
	all := make([]string, len(opts.Patterns))
	for i, p := range opts.Patterns {
		all[i] = canonical(p)
	}
	return all
}

func canonical(pattern string) string {
	if filepath.IsAbs(pattern) {
		return filepath.Clean(pattern)
	}
	pattern = filepath.ToSlash(pattern)
	clean := path.Clean(pattern)
	if strings.HasPrefix(pattern, "./") && clean != "." {
		return "./" + clean
	}
	return clean
}

func noMatch(patterns []string) error {
	return fmt.Errorf("no packages match %s", strings.Join(patterns, " "))
}

func leftOut(pkgs []*packages.Package) []LeftOut {
	var out []LeftOut
	for _, p := range pkgs {
		if len(p.Errors) == 0 {
			continue
		}
		l := LeftOut{Package: p.ID}
		for _, e := range p.Errors {
			l.Reasons = append(l.Reasons, e.Error())
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b LeftOut) int { return cmp.Compare(a.Package, b.Package) })
	return out
}
