package scopes_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/internal/passes/scopes"
)

func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFacts(t *testing.T) {
	analysistest.Run(t, fixtures(t), scopes.Analyzer, "./scopes/...")
}

// A package that neither imports the runtime nor one that handles scopes costs nothing and says nothing.
func TestUnconcerned(t *testing.T) {
	for _, result := range analysistest.Run(t, fixtures(t), scopes.Analyzer, "./scopes/unconcerned") {
		if l := result.Result.(*scopes.Lifetimes); len(l.List) != 0 || len(result.Facts) != 0 {
			t.Errorf("%s: %d scopes and facts %v, want none", result.Pass.Pkg.Path(), len(l.List), result.Facts)
		}
	}
}
