package transactions_test

import (
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// silent keeps analysistest from asking why nothing is said at the want comments of the check's fixtures.
type silent struct{ *testing.T }

func (silent) Errorf(string, ...any) {}

func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// prefix is what display leaves out of a full name.
var prefix = regexp.MustCompile(`[\w./-]*/store\.`)

func display(full string) string { return prefix.ReplaceAllString(full, "") }

var (
	loadOnce sync.Once
	loaded   []*packages.Package
)

// analyse runs an analyzer over packages of the fixtures, which are loaded once.
func analyse(t *testing.T, a *analysis.Analyzer, patterns ...string) *checker.Graph {
	t.Helper()
	loadOnce.Do(func() {
		var err error
		loaded, err = packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: fixtures(t)}, patterns...)
		if err != nil {
			t.Fatal(err)
		}
	})
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, loaded, nil)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}
