package noescape_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/analyzers/noescape"
	"github.com/airlock-go/airlock/internal/config"
)

// TestTransaction runs the check over the fixtures of rule transaction, which speak of no other rule.
func TestTransaction(t *testing.T) {
	settings(t, `{"rules": {"noescape/direct": "off", "noescape/task": "off"}}`)
	analysistest.Run(t, fixtures(t), noescape.Analyzer, "./noescape/transaction/...")
}

// TestQueryInTransaction runs it over those of rule query-in-transaction, which is off unless it is asked for.
func TestQueryInTransaction(t *testing.T) {
	settings(t, `{"rules": {"noescape/direct": "off", "noescape/query-in-transaction": "error"}}`)
	analysistest.Run(t, fixtures(t), noescape.Analyzer, "./noescape/query")
}

// settings puts settings in force for the test.
func settings(t *testing.T, json string) {
	t.Helper()
	if err := config.Analyzer.Flags.Set("settings", json); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := config.Analyzer.Flags.Set("settings", ""); err != nil {
			t.Error(err)
		}
	})
}
