package ssapass

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/whose"
)

// Reaches marks a third-party package whose imports, transitively, contain one with a catalogued command that is on by default.
// Only such packages are looked into: the others have no effect worth a summary.
type Reaches struct{}

func (*Reaches) AFact()         {}
func (*Reaches) String() string { return "reaches an effect" }

// worthwhile reports whether a package's code is looked into.
func worthwhile(pass *analysis.Pass, class whose.Class) bool {
	switch class {
	case whose.Own:
		return true
	case whose.ThirdParty:
		if reaches(pass) && len(pass.TypeErrors) == 0 {
			pass.ExportPackageFact(new(Reaches))
			return true
		}
	}
	return false
}

func reaches(pass *analysis.Pass) bool {
	for _, p := range pass.Pkg.Imports() {
		if catalog.Default().Package(p.Path()) || pass.ImportPackageFact(p, new(Reaches)) {
			return true
		}
	}
	return false
}
