package config_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
)

// settle runs the analyzer on the one file of a module.
func settle(t *testing.T, root string, module *analysis.Module) *config.Config {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, filepath.Join(root, "cart", "cart.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("example.com/shop/cart", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := config.Analyzer.Run(&analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: pkg, Module: module})
	if err != nil {
		t.Fatal(err)
	}
	return result.(*config.Config)
}

func TestAnalyzer(t *testing.T) {
	t.Setenv(config.EnvFile, "")
	t.Setenv("GOWORK", "off")
	own := &analysis.Module{Path: "example.com/shop"}
	files := map[string]string{"go.mod": "", "cart/cart.go": "package cart\nfunc Add() {}\n"}
	with := func(settings string) string {
		files[config.FileName] = settings
		return tree(t, files)
	}
	if c := settle(t, with("kinds: {fs: on}"), own); c.Err != nil || !c.Enabled().Has(effect.Command(effect.FS)) {
		t.Errorf("the module's file is not in force: %v, %v", c.Enabled(), c.Err)
	}
	if c := settle(t, with("kinds: {fs: on}"), &analysis.Module{Path: "example.com/shop", Version: "v1.0.0"}); c.Enabled() != effect.Enabled() {
		t.Errorf("a third party's package is given settings: %v", c.Enabled())
	}
	root := with("scoped: [example.com/shop/cart.Ad]")
	want := filepath.Join(root, config.FileName) + `:1: example.com/shop/cart.Ad names no function of package example.com/shop/cart (did you mean "example.com/shop/cart.Add"?)`
	if c := settle(t, root, own); c.Err == nil || c.Err.Error() != want {
		t.Errorf("an entry that names nothing: %v, want %s", c.Err, want)
	}
	root = with("kinds: {mial: on}")
	want = filepath.Join(root, config.FileName) + `:1: unknown effect kind "mial" (did you mean "mail"?)`
	if c := settle(t, root, own); c.Err == nil || c.Err.Error() != want {
		t.Errorf("an unknown kind: %v, want %s", c.Err, want)
	}
	t.Run("settings", func(t *testing.T) {
		if err := config.Analyzer.Flags.Set("settings", `{"kinds": {"fs": "on"}}`); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { config.Analyzer.Flags.Set("settings", "") })
		if c := settle(t, root, own); c.Err != nil || !c.Enabled().Has(effect.Command(effect.FS)) {
			t.Errorf("inline settings do not take the place of the file: %v, %v", c.Enabled(), c.Err)
		}
	})
}
