package command

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/analyzers"
	"github.com/airlock-go/airlock/internal/catalog"
)

// suite returns the checks.
func suite() []*analysis.Analyzer { return analyzers.Suite }

// hasEffect reports whether the catalog knows a package: only packages from outside that reach one are worth a summary.
func hasEffect(path string) bool { return catalog.Default().Package(path) }
