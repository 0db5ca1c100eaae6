package deferrable_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/analyzers/deferrable"
)

func TestFixtures(t *testing.T) {
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, deferrable.Analyzer, "./deferrable/...")
}
