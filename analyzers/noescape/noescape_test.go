package noescape_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers/noescape"
)

// fixtures is the module that all analyzers share.
func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRules runs the check over the fixtures of every rule but the two transaction rules.
func TestRules(t *testing.T) {
	var patterns []string
	for _, concept := range []string{"adapter", "allow", "assert", "bodies", "direct", "domain", "helpers", "kinds", "limits", "policy", "pure", "task", "workers"} {
		patterns = append(patterns, "./noescape/"+concept)
	}
	analysistest.Run(t, fixtures(t), noescape.Analyzer, patterns...)
}

func TestSettings(t *testing.T) {
	settings(t, `{
		"kinds": {"mail": "off", "fs": "on"},
		"rules": {"noescape/policy": "off"},
		"effects": [
			{"func": "example.com/fixtures/noescape/settings.Ring", "kind": "notify"},
			{"func": "example.com/fixtures/noescape/settings.Hook", "kind": "queue"}
		],
		"packages": [{"path": "example.com/fixtures/noescape/settings/client", "role": "adapter"}]
	}`)
	analysistest.Run(t, fixtures(t), noescape.Analyzer, "./noescape/settings/...")
}

// TestDeterminism runs the check twenty times over fixtures that were loaded once, and wants the same findings in the same order.
func TestDeterminism(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: fixtures(t)}, "./noescape/helpers", "./noescape/direct", "./noescape/pure", "./noescape/task")
	if err != nil {
		t.Fatal(err)
	}
	first := findings(t, pkgs)
	if len(first) == 0 {
		t.Fatal("the fixtures have no findings")
	}
	for range 19 {
		if diff := cmp.Diff(first, findings(t, pkgs)); diff != "" {
			t.Fatalf("two runs differ (-first +later):\n%s", diff)
		}
	}
}

func findings(t *testing.T, pkgs []*packages.Package) (found []string) {
	t.Helper()
	graph, err := checker.Analyze([]*analysis.Analyzer{noescape.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		for _, d := range act.Diagnostics {
			found = append(found, fmt.Sprint(act.Package.Fset.Position(d.Pos), d.Category, d.Message))
		}
	}
	return found
}
