package catalog_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

// real makes TestRealModules download every module that the catalog names, at the version that its block names:
//
//	go test ./internal/catalog -run TestRealModules -real . -timeout 60m
var real = flag.String("real", "", "resolve the lines of the modules that match this `regexp` against their source")

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
			dir := t.TempDir()
			if err := writeModule(dir, m, version, packagesOf(lines[m])); err != nil {
				t.Fatal(err)
			}
			checkLines(t, lines[m], dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off"))
		})
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

func checkLines(t *testing.T, lines []catalog.Line, dir string, env []string) {
	t.Helper()
	pkgs, err := load(dir, env, packagesOf(lines)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Other || strings.Contains(l.Package, "*") || strings.HasSuffix(l.Package, "...") {
			continue
		}
		if err := resolve(l, pkgs[l.Package]); err != nil {
			t.Error(err)
		}
	}
}

// packagesOf lists the packages that lines speak of; patterns stand for nothing that can be loaded.
func packagesOf(lines []catalog.Line) []string {
	seen := map[string]bool{}
	for _, l := range lines {
		if !strings.Contains(l.Package, "*") && !strings.HasSuffix(l.Package, "...") {
			seen[l.Package] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

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
	pkgs, err := load(t.TempDir(), nil, "net")
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
