package driver

import "golang.org/x/tools/go/analysis"

// A Linker computes what only the whole program knows: which implementation an interface method is bound to. The driver runs it
// between facts and checks, and hands each check its answers as the results of analyzers.
type Linker interface {
	// Analyzers are those whose results the linker gives; they are never run.
	Analyzers() []*analysis.Analyzer
	// Link is given the package facts of the user's own packages, without their tests, in an order that depends on their names alone.
	// With none it returns what is known without a program.
	Link(facts []analysis.Fact) Linked
}

// Linked is what a linker computed.
type Linked interface {
	// Answers returns a digest of the answer to each question that has one. A package is analysed again when the answer to a question
	// that it asked has changed.
	Answers() map[string]string
	// View returns the analyzers' results for one package. They call asked with each question that the package's analysis asks.
	View(asked func(question string)) []any
}

// noLinker links nothing.
type noLinker struct{}

func (noLinker) Analyzers() []*analysis.Analyzer { return nil }
func (noLinker) Link([]analysis.Fact) Linked     { return noLinker{} }
func (noLinker) Answers() map[string]string      { return nil }
func (noLinker) View(func(string)) []any         { return nil }
