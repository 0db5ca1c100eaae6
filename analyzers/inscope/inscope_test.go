package inscope_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers/inscope"
)

func fixtures(t *testing.T) string {
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFixtures(t *testing.T) {
	analysistest.Run(t, fixtures(t), inscope.Analyzer, "./inscope/...")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, fixtures(t), inscope.Analyzer, "./inscope/fixes")
}

func TestStrict(t *testing.T) {
	if err := inscope.Analyzer.Flags.Set("strict", "true"); err != nil {
		t.Fatal(err)
	}
	defer inscope.Analyzer.Flags.Set("strict", "false")
	analysistest.Run(t, fixtures(t), inscope.Analyzer, "./inscopestrict/...")
}

// Findings and chains don't depend on the order in which a cycle is walked.
func TestDeterministic(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: fixtures(t)}, "./inscope/cycle")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatalf("load the cycle fixtures: %v", err)
	}
	var first []string
	for i := range 20 {
		graph, err := checker.Analyze([]*analysis.Analyzer{inscope.Analyzer}, pkgs, nil)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, d := range graph.Roots[0].Diagnostics {
			found = append(found, fmt.Sprintf("%s: %s", pkgs[0].Fset.Position(d.Pos), d.Message))
		}
		if i == 0 {
			first = found
		}
		if diff := cmp.Diff(first, found); diff != "" || len(found) == 0 {
			t.Fatalf("run %d differs (-first +this):\n%s", i, diff)
		}
	}
}
