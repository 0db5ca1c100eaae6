package command

import (
	"flag"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
)

// registerAnalyzers gives every analyzer a flag that selects it and its own flags with its name in front, as multichecker does; those
// that all checks share, and rewrite, the command has itself. The function returned says which are chosen: those set to true if there are
// any, else all but those set to false.
func registerAnalyzers(fs *flag.FlagSet, analyzers []*analysis.Analyzer) func() []*analysis.Analyzer {
	enabled := map[*analysis.Analyzer]bool{}
	for _, a := range analyzers {
		fs.BoolFunc(a.Name, "run only the "+a.Name+" check, and others named so; =false: all but it", func(value string) error {
			on, err := strconv.ParseBool(value)
			enabled[a] = on
			return err
		})
		a.Flags.VisitAll(func(f *flag.Flag) {
			if !config.Shared(f.Name) && f.Name != "rewrite" {
				fs.Var(f.Value, a.Name+"."+f.Name, f.Usage)
			}
		})
	}
	return func() []*analysis.Analyzer {
		only := slices.ContainsFunc(analyzers, func(a *analysis.Analyzer) bool { return enabled[a] })
		return slices.DeleteFunc(slices.Clone(analyzers), func(a *analysis.Analyzer) bool {
			on, set := enabled[a]
			return set && !on || !set && only
		})
	}
}
