package scopes_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/internal/passes/scopes"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// The fixtures are little else than lifetimes: what scopes takes on top of ssa here is the most that it can take.
func Benchmark(b *testing.B) {
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: "../../../testdata/src"}
	pkgs, err := packages.Load(cfg, "./scopeclose/...", "./inscope/...", "./deferrable/...")
	if err != nil {
		b.Fatal(err)
	}
	for _, a := range []*analysis.Analyzer{ssapass.Analyzer, scopes.Analyzer} {
		b.Run(a.Name, func(b *testing.B) {
			for b.Loop() {
				if _, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
