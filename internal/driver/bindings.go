package driver

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/transactions"
)

// Bindings links interface methods to their implementations in packages that the caller does not import: what they perform, which
// functions they run in a transaction, and which contexts they enqueue with.
type Bindings struct{}

// Analyzers returns the analyzers whose results the tables are.
func (Bindings) Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{effects.Bindings, transactions.Bindings, contexts.Bindings}
}

// Link computes the tables.
func (Bindings) Link(facts []analysis.Fact) Linked {
	var performs []*effects.Package
	var runs []*transactions.Package
	var needs []*contexts.Package
	for _, f := range facts {
		switch f := f.(type) {
		case *effects.Package:
			performs = append(performs, f)
		case *transactions.Package:
			runs = append(runs, f)
		case *contexts.Package:
			needs = append(needs, f)
		}
	}
	return linkedTables{effects.NewTable(performs), transactions.NewTable(runs), contexts.NewTable(needs)}
}

type linkedTables struct {
	performs *effects.Table
	runs     *transactions.Table
	needs    *contexts.Table
}

// inTransaction and inScope tell the questions that the second and the third table answer from those of the first.
const (
	inTransaction = "in a transaction: "
	inScope       = "in a scope: "
)

func (t linkedTables) Answers() map[string]string {
	answers := t.performs.Digests()
	for _, method := range t.runs.Methods() {
		answers[inTransaction+method] = t.runs.Answer(method)
	}
	for _, method := range t.needs.Methods() {
		answers[inScope+method] = t.needs.Answer(method)
	}
	return answers
}

func (t linkedTables) View(asked func(question string)) []any {
	about := func(what string) func(string) { return func(method string) { asked(what + method) } }
	return []any{t.performs.View(asked), t.runs.View(about(inTransaction)), t.needs.View(about(inScope))}
}
