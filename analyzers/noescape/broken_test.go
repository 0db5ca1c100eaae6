package noescape_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers/noescape"
	"github.com/airlock-go/airlock/internal/damage"
)

// Whatever is wrong with a package, the check does not fail.
func TestBroken(t *testing.T) {
	cfg := &packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: "../../testdata/src"}
	pkgs, err := packages.Load(cfg, "./noescape/...")
	if err != nil {
		t.Fatal(err)
	}
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	damaged, err := damage.Packages(pkgs, rounds)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{noescape.Analyzer}, damaged, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%s: %v\n%v", act, act.Err, act.Package.TypeErrors)
		}
	}
}
