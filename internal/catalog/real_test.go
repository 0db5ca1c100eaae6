package catalog_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/airlock-go/airlock/internal/catalog"
)

// real makes TestRealModules download every module that the catalog names, at the version that its block names; -v tells which one it is at:
//
//	go test ./internal/catalog -run TestRealModules -real . -timeout 0 -v
var real = flag.String("real", "", "resolve the lines of the modules that match this `regexp` against their source")

// checkout is a module's source for TestCheckout.
var checkout = flag.String("checkout", "", "resolve the lines about the module in this `folder` against it")

// TestStd resolves every line about the standard library against the toolchain.
func TestStd(t *testing.T) {
	lines := linesByModule()["std"]
	checkLines(t, lines, t.TempDir(), nil)
}

// TestRuntime resolves every line about airlock's own runtime.
func TestRuntime(t *testing.T) {
	checkLines(t, linesByModule()["github.com/airlock-go/airlock"], "../..", nil)
}

// TestRealModules resolves every line about a third party's module against that module, at the version it was last checked at.
func TestRealModules(t *testing.T) {
	if *real == "" {
		t.Skip("-real is not set: downloads every module in the catalog")
	}
	wanted := regexp.MustCompile(*real)
	lines := linesByModule()
	for _, m := range slices.Sorted(maps.Keys(lines)) {
		version := lines[m][0].Module.Version
		if m == "std" || version == "unchecked" || !wanted.MatchString(m) {
			continue
		}
		t.Run(m, func(t *testing.T) {
			t.Parallel() // most of the time goes into waiting for downloads
			checkModule(t, m, version, lines[m])
		})
	}
}

// TestCheckout resolves the lines about a module against a checkout of it: for versions that no proxy has.
func TestCheckout(t *testing.T) {
	if *checkout == "" {
		t.Skip("-checkout is not set")
	}
	data, err := os.ReadFile(filepath.Join(*checkout, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	m := modfile.ModulePath(data)
	lines := linesByModule()[m]
	if lines == nil {
		t.Fatalf("no line is about %s", m)
	}
	for _, err := range unresolved(lines, sourceIn(*checkout, m)) {
		t.Error(err)
	}
}

func linesByModule() map[string][]catalog.Line {
	byModule := map[string][]catalog.Line{}
	for _, l := range catalog.Default().Lines() {
		if l.Imports == "" {
			byModule[l.Module.Path] = append(byModule[l.Module.Path], l)
		}
	}
	return byModule
}

// patience is how long a module may take to download and load: a proxy that has to fetch one first may keep silent for good.
const patience = 5 * time.Minute

// checkModule resolves lines against the module alone, and against all that it requires only where that leaves something unresolved:
// methods promoted from another module's type.
func checkModule(t *testing.T, modPath, version string, lines []catalog.Line) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := download(ctx, modPath, version)
	if ctx.Err() != nil {
		t.Fatalf("%s@%s: not here after %v", modPath, version, patience)
	}
	if err != nil {
		t.Fatal(err)
	}
	if unresolved(lines, m) == nil {
		return
	}
	dir := t.TempDir()
	if err := writeModule(dir, modPath, version, packagesOf(lines)); err != nil {
		t.Fatal(err)
	}
	checkLines(t, lines, dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off"))
}

func checkLines(t *testing.T, lines []catalog.Line, dir string, env []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	pkgs, err := load(ctx, dir, env, packagesOf(lines)...)
	if ctx.Err() != nil {
		t.Fatalf("not loaded after %v: %v", patience, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range unresolved(lines, pkgs) {
		t.Error(err)
	}
}

// unresolved returns what is wrong with each line that does not name what it should.
func unresolved(lines []catalog.Line, from types.Importer) []error {
	var errs []error
	for _, l := range lines {
		if l.Other || isPattern(l.Package) {
			continue
		}
		pkg, _ := from.Import(l.Package)
		if err := resolve(l, pkg); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// packagesOf lists the packages that lines speak of; patterns stand for nothing that can be loaded.
func packagesOf(lines []catalog.Line) []string {
	seen := map[string]bool{}
	for _, l := range lines {
		if !isPattern(l.Package) {
			seen[l.Package] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func isPattern(pkg string) bool { return strings.Contains(pkg, "*") || strings.HasSuffix(pkg, "...") }

// writeModule makes a module that requires another and imports its packages.
func writeModule(dir, modPath, version string, pkgs []string) error {
	var src strings.Builder
	src.WriteString("package real\n\nimport (\n")
	for _, p := range pkgs {
		fmt.Fprintf(&src, "\t_ %q\n", p)
	}
	src.WriteString(")\n")
	mod := fmt.Sprintf("module example.com/real\n\ngo 1.26\n\nrequire %s %s\n", modPath, version)
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "real.go"), []byte(src.String()), 0o666),
		os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666),
	)
}

// TestResolveFindsMistakes proves that the tests above can fail.
func TestResolveFindsMistakes(t *testing.T) {
	pkgs, err := load(t.Context(), t.TempDir(), nil, "net")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ line, want string }{
		{"net DialUpp", "no DialUpp in net"},
		{"net Conn.Writ", "no Writ in net.Conn"},
		{"net TCPConn.Write", "net.TCPConn.Write is declared as net.conn.Write"},
		{"net *.Writ", "nothing in net matches"},
		{"net Dial method=7", "has no argument 7"},
		{"tx Dial", "Dial is func"},
		{"within Dial callback=0", "argument 0 of"},
	} {
		c, err := catalog.Parse("f.txt", "module std go1\npackage net\n"+tt.line)
		if err != nil {
			t.Fatal(err)
		}
		if err := resolve(c.Lines()[0], pkgs["net"]); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.line, err, tt.want)
		}
	}
}
