package driver

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/effects"
)

// Bindings links interface methods to their implementations in packages that the caller does not import.
type Bindings struct{}

// Analyzer returns the analyzer whose result the table is.
func (Bindings) Analyzer() *analysis.Analyzer { return effects.Bindings }

// Link computes the table.
func (Bindings) Link(facts []analysis.Fact) Linked {
	var packages []*effects.Package
	for _, f := range facts {
		if p, ok := f.(*effects.Package); ok {
			packages = append(packages, p)
		}
	}
	return linkedTable{effects.NewTable(packages)}
}

type linkedTable struct{ table *effects.Table }

func (t linkedTable) Answers() map[string]string           { return t.table.Digests() }
func (t linkedTable) View(asked func(question string)) any { return t.table.View(asked) }
