package driver

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/transactions"
)

// Bindings links interface methods to their implementations in packages that the caller does not import: what they perform, and which
// functions they run in a transaction.
type Bindings struct{}

// Analyzers returns the analyzers whose results the tables are.
func (Bindings) Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{effects.Bindings, transactions.Bindings}
}

// Link computes the tables.
func (Bindings) Link(facts []analysis.Fact) Linked {
	var performs []*effects.Package
	var runs []*transactions.Package
	for _, f := range facts {
		switch f := f.(type) {
		case *effects.Package:
			performs = append(performs, f)
		case *transactions.Package:
			runs = append(runs, f)
		}
	}
	return linkedTables{effects.NewTable(performs), transactions.NewTable(runs)}
}

type linkedTables struct {
	performs *effects.Table
	runs     *transactions.Table
}

// inTransaction tells the questions that the second table answers from those of the first.
const inTransaction = "in a transaction: "

func (t linkedTables) Answers() map[string]string {
	answers := t.performs.Digests()
	for _, method := range t.runs.Methods() {
		answers[inTransaction+method] = t.runs.Answer(method)
	}
	return answers
}

func (t linkedTables) View(asked func(question string)) []any {
	return []any{t.performs.View(asked), t.runs.View(func(method string) { asked(inTransaction + method) })}
}
