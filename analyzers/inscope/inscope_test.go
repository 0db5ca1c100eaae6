package inscope_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

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

func TestStrict(t *testing.T) {
	if err := inscope.Analyzer.Flags.Set("strict", "true"); err != nil {
		t.Fatal(err)
	}
	defer inscope.Analyzer.Flags.Set("strict", "false")
	analysistest.Run(t, fixtures(t), inscope.Analyzer, "./inscopestrict/...")
}
