package carried_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/internal/passes/carried"
)

func TestFacts(t *testing.T) {
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, carried.Analyzer, "./carried")
}
