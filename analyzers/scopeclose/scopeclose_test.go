package scopeclose_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers/scopeclose"
)

func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFixtures(t *testing.T) {
	analysistest.Run(t, fixtures(t), scopeclose.Analyzer, "./scopeclose/...")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, fixtures(t), scopeclose.Analyzer, "./scopeclose/fixes")
}

// Twenty runs over functions that call each other find the same, in the same order.
func TestDeterministic(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: fixtures(t)},
		"./scopeclose/cycle", "./scopeclose/helpers", "./scopeclose/ownership")
	if err != nil {
		t.Fatal(err)
	}
	first := findings(t, pkgs)
	if len(first) == 0 {
		t.Fatal("no findings in fixtures that have some")
	}
	for range 19 {
		if diff := cmp.Diff(first, findings(t, pkgs)); diff != "" {
			t.Fatalf("another run finds something else (-first +this):\n%s", diff)
		}
	}
}

func findings(t *testing.T, pkgs []*packages.Package) []string {
	t.Helper()
	graph, err := checker.Analyze([]*analysis.Analyzer{scopeclose.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, root := range graph.Roots {
		if root.Err != nil {
			t.Fatal(root.Err)
		}
		for _, d := range root.Diagnostics {
			found = append(found, fmt.Sprintf("%s: %s (%s)", root.Package.Fset.Position(d.Pos), d.Message, d.Category))
		}
	}
	return found
}
