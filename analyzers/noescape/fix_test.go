package noescape_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers/noescape"
)

func TestMarkFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, fixtures(t), noescape.Analyzer, "./noescape/wrapper")
	compiles(t, "noescape/wrapper/wrapper.go")
}

func TestRewriteFix(t *testing.T) {
	if err := noescape.Analyzer.Flags.Set("rewrite", "enqueue"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { noescape.Analyzer.Flags.Set("rewrite", "") })
	analysistest.RunWithSuggestedFixes(t, fixtures(t), noescape.Analyzer, "./noescape/rewrite")
	compiles(t, "noescape/rewrite/rewrite.go")
	passes(t, "noescape/rewrite/rewrite.go")
}

// compiles type-checks a fixture as its fixes leave it.
func compiles(t *testing.T, file string) {
	t.Helper()
	name := filepath.Join(fixtures(t), filepath.FromSlash(file))
	golden, err := os.ReadFile(name + ".golden")
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode:    packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedImports | packages.NeedName,
		Dir:     fixtures(t),
		Overlay: map[string][]byte{name: golden},
	}, "./"+filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Errorf("%s as fixed does not compile: %v", file, err)
		}
	}
}

// passes runs the tests of a fixture as its fixes leave it.
func passes(t *testing.T, file string) {
	t.Helper()
	name := filepath.Join(fixtures(t), filepath.FromSlash(file))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{name: name + ".golden"}})
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(config, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-overlay="+config, "./"+filepath.Dir(file))
	cmd.Dir = fixtures(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the tests of %s as fixed fail: %v\n%s", file, err, out)
	}
}
