package ssapass_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestNoReturn(t *testing.T) {
	analysistest.Run(t, fixtures(t), ssapass.Analyzer, "./ssapass/...")
}
