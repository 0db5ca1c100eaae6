package command

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/whose"
)

func suite() []*analysis.Analyzer {
	return []*analysis.Analyzer{whose.Analyzer}
}
