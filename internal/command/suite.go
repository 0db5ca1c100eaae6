package command

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/analyzers"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/driver"
)

// suite returns the checks.
func suite() []*analysis.Analyzer { return analyzers.Suite }

// linker returns what computes the binding table.
func linker() driver.Linker { return driver.Bindings{} }

// hasEffect reports whether the catalog knows a package: only packages from outside that reach one are worth a summary.
func hasEffect(path string) bool { return catalog.Default().Package(path) }
