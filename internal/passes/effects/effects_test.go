package effects_test

import (
	"go/types"
	"path/filepath"
	"reflect"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/internal/passes/effects"
)

// probe reports the summary of each function, and declared interface method, at its name.
var probe = &analysis.Analyzer{
	Name:       "probe",
	Doc:        "report summaries",
	Requires:   effects.Requires,
	ResultType: reflect.TypeFor[*effects.Result](),
	Run: func(pass *analysis.Pass) (any, error) {
		r := effects.For(pass)
		for id, obj := range pass.TypesInfo.Defs {
			fn, ok := obj.(*types.Func)
			if !ok {
				continue
			}
			s := r.Of(fn)
			if s != nil {
				pass.Report(analysis.Diagnostic{Pos: id.Pos(), Message: s.String()})
			}
		}
		return r, nil
	},
}

func fixtures(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSummaries(t *testing.T) {
	analysistest.Run(t, fixtures(t), probe, "./effects/...")
}
