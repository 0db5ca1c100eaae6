package catalog_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/internal/catalog"
)

// TestRealMatching loads each file of testdata/real against the real modules that it imports, and compares what the catalog says of
// its calls with the comments behind them.
func TestRealMatching(t *testing.T) {
	if *real == "" {
		t.Skip("-real is not set: downloads modules")
	}
	files, err := filepath.Glob("testdata/real/*.go")
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile(*real)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".go")
		if !wanted.MatchString(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			pkg := loadReal(t, file)
			for _, f := range pkg.Syntax {
				compare(t, pkg, f)
			}
		})
	}
}

// loadReal type-checks the file in a module that requires what the catalog's blocks name of what it imports.
func loadReal(t *testing.T, file string) *packages.Package {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/real\n\ngo 1.26\n"
	for _, m := range catalog.Default().Modules() {
		if strings.Contains(string(src), `"`+m.Path) && m.Version != "unchecked" {
			mod += fmt.Sprintf("require %s %s\n", m.Path, m.Version)
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"real.go": string(src), "go.mod": mod} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps | packages.NeedFiles,
		Dir:  dir,
		Env:  append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off"),
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range pkgs[0].Errors {
		t.Error(err)
	}
	return pkgs[0]
}

// compare checks each line of f that ends in a "want:" comment.
func compare(t *testing.T, pkg *packages.Package, f *ast.File) {
	want := map[int]string{}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if text, ok := strings.CutPrefix(c.Text, "// want:"); ok {
				want[pkg.Fset.Position(c.Pos()).Line] = strings.TrimSpace(text)
			}
		}
	}
	got := map[int][]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			line := pkg.Fset.Position(call.Pos()).Line
			if text := describeCall(pkg.TypesInfo, call); text != "" {
				got[line] = append(got[line], text)
			}
		}
		return true
	})
	for line, text := range want {
		if text == "" && len(got[line]) > 0 || text != "" && !slices.Contains(got[line], text) {
			t.Errorf("real.go:%d: the catalog says %q, want %q", line, got[line], text)
		}
	}
}

func describeCall(info *types.Info, call *ast.CallExpr) string {
	c := catalog.Default()
	var e catalog.Entry
	var ok bool
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		switch obj := info.Uses[fun.Sel].(type) {
		case *types.Func:
			e, ok = c.Func(obj)
		case *types.Var:
			e, ok = c.Field(info.TypeOf(fun.X), obj)
		}
	}
	text := describe(e, ok)
	if e.Decides != catalog.ByNothing {
		text += " by " + e.Decides.String()
	}
	if e.Class == catalog.Channel {
		text += " " + e.Effect.String()
	}
	return text
}
