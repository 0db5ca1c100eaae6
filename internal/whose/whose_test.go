package whose_test

import (
	"go/types"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/whose"
)

func TestOf(t *testing.T) {
	main := &analysis.Module{Path: "example.com/shop"}
	tests := []struct {
		path   string
		module *analysis.Module
		want   whose.Class
	}{
		{"example.com/shop/cart", main, whose.Own},
		{"example.com/shop/cart_test", main, whose.Own},
		{"shop", &analysis.Module{Path: "shop"}, whose.Own},
		{"github.com/x/y", &analysis.Module{Path: "github.com/x/y", Version: "v1.2.3"}, whose.ThirdParty},
		{"example.com/replaced", &analysis.Module{Path: "example.com/replaced", Version: "v0.0.0"}, whose.ThirdParty},
		{"net/http", nil, whose.Std},
		{"net/http_test", nil, whose.Std},
		{"net/http", &analysis.Module{Path: "std"}, whose.Std},
		{"vendor/golang.org/x/net/http/httpguts", nil, whose.Std},
		{"net/http/newer", nil, whose.ThirdParty},
		{"command-line-arguments", nil, whose.Own},
		{"a/b", nil, whose.Own},
		{"internal/a", nil, whose.Own},
		{"github.com/airlock-go/airlock/airlock/airlocksql", main, whose.Runtime},
	}
	for _, test := range tests {
		pass := &analysis.Pass{Pkg: types.NewPackage(test.path, "p"), Module: test.module}
		if got := whose.Of(pass); got != test.want {
			t.Errorf("Of(%s in %v) = %v, want %v", test.path, test.module, got, test.want)
		}
	}
}

func TestOwnFlag(t *testing.T) {
	setOwn(t, "example.com/shop/..., example.com/tools")
	for path, want := range map[string]whose.Class{
		"example.com/shop":        whose.Own,
		"example.com/shop/cart":   whose.Own,
		"example.com/shopping":    whose.ThirdParty,
		"example.com/tools":       whose.Own,
		"example.com/tools/below": whose.ThirdParty,
		"os":                      whose.Std,
	} {
		if got := whose.Of(&analysis.Pass{Pkg: types.NewPackage(path, "p")}); got != want {
			t.Errorf("with -own, Of(%s) = %v, want %v", path, got, want)
		}
	}
}

func setOwn(t *testing.T, patterns string) {
	flag := whose.Analyzer.Flags.Lookup("own")
	if err := flag.Value.Set(patterns); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { flag.Value.Set("") })
}

func TestPackageAsksFacts(t *testing.T) {
	shop, cart := types.NewPackage("example.com/shop", "shop"), types.NewPackage("example.com/cart", "cart")
	other := types.NewPackage("github.com/x/y", "y")
	pass := &analysis.Pass{Pkg: shop, Module: &analysis.Module{Path: "example.com/shop"}, ResultOf: map[*analysis.Analyzer]any{}}
	var exported analysis.Fact
	pass.ExportPackageFact = func(fact analysis.Fact) { exported = fact }
	pass.AllPackageFacts = func() []analysis.PackageFact { return []analysis.PackageFact{{Package: cart}} }
	result, err := whose.Analyzer.Run(pass)
	if err != nil || exported == nil {
		t.Fatalf("the analyzer exported %v for an own package, error %v; want a fact", exported, err)
	}
	pass.ResultOf[whose.Analyzer] = result
	for pkg, want := range map[*types.Package]whose.Class{shop: whose.Own, cart: whose.Own, other: whose.ThirdParty, types.NewPackage("fmt", "fmt"): whose.Std} {
		if got := whose.Package(pass, pkg); got != want {
			t.Errorf("Package(%s) = %v, want %v", pkg.Path(), got, want)
		}
	}
}

func TestStdListIsCurrent(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatalf("go list std: %v", err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if !whose.IsStd(path) {
			t.Errorf("%s is a package of this toolchain's standard library: run go generate in internal/whose", path)
		}
	}
}
