package transactions_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/transactions"
)

// The helpers of a team's own are known by what they do.
func TestSummaries(t *testing.T) {
	want := map[string]string{
		"Atomically":      "runs(2)",
		"(*Store).Do":     "runs(2)",
		"Get":             "runs(2)",
		"Run":             "runs(2) Body",
		"RunWith":         "runs(2) Body",
		"Open":            "opens(result 0)",
		"Start":           "opens(result 0)",
		"Finish":          "ends(0)",
		"Split":           "runs(2)",
		"Transactional":   "runs(1) ServeHTTP()",
		"NewSession":      "opens(result 0)",
		"TxContext":       "opens(result 0) opens(result 1)",
		"Steps":           "runs(2)",
		"Opening":         "opens(result 0) opens(result 1)",
		"Carrying":        "opens(result 0) opens(result 1)",
		"WithTransaction": "runs(1)",
		"(*querier).InTx": "runs(1)",
		"Done":            "ends(0)",
		"(outer).Commit":  "",
		"Retry":           "",
		"Adapted":         "runs(3)",
		"adapt":           "",
	}
	got := map[string]string{}
	for _, r := range analysistest.Run(silent{t}, fixtures(t), transactions.Analyzer, "./noescape/transaction/homemade/store") {
		for _, f := range r.Action.AllObjectFacts() {
			s, ok := f.Fact.(*transactions.Summary)
			if !ok || f.Object.Pkg() != r.Action.Package.Types {
				continue
			}
			got[display(f.Object.(interface{ FullName() string }).FullName())] = s.String()
		}
	}
	for name, summary := range want {
		if got[name] != summary {
			t.Errorf("%s: %q, want %q", name, got[name], summary)
		}
	}
}

// What is inside does not depend on the order in which maps are walked.
func TestInsideIsDeterministic(t *testing.T) {
	var first map[string][]string
	for range 20 {
		got := inside(t)
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatalf("another run finds something else (-first +got):\n%s", diff)
		}
	}
}

// inside lists what the infeasible and region fixtures do in transactions, by package. The packages are loaded once.
func inside(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	probe := &analysis.Analyzer{
		Name: "probe", Doc: "list what is inside", Requires: append([]*analysis.Analyzer{transactions.Analyzer}, effects.Requires...),
		Run: func(pass *analysis.Pass) (any, error) {
			found[pass.Pkg.Path()] = list(pass)
			return nil, nil
		},
	}
	graph := analyse(t, probe, "./noescape/transaction/infeasible", "./noescape/transaction/undone")
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatalf("%v: %v", act, act.Err)
		}
	}
	return found
}

func list(pass *analysis.Pass) []string {
	var lines []string
	for _, in := range pass.ResultOf[transactions.Analyzer].(*transactions.Result).Inside(effects.For(pass), nil, false) {
		at := pass.Fset.Position(in.Instr.Pos())
		lines = append(lines, fmt.Sprintf("%s:%d:%d %x %v %s", filepath.Base(at.Filename), at.Line, at.Column, uint64(in.Set), in.Dispatch, in.How))
	}
	return lines
}
