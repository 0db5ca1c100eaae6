package noescape_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

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
