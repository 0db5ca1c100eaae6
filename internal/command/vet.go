package command

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/report"
)

// vetFlags are the flags of the command without a subcommand.
type vetFlags struct {
	loadFlags
	json bool
}

// loadFlags are the flags of every subcommand that loads packages.
type loadFlags struct {
	driver string
	test   bool
	tags   string
	strict bool
}

func (f *loadFlags) register(fs *flag.FlagSet) {
	fs.StringVar(&f.driver, "driver", "fast", "`driver` that runs the analyzers: fast, or multichecker, the slow reference")
	fs.BoolVar(&f.test, "test", true, "include test files")
	fs.StringVar(&f.tags, "tags", "", "comma-separated build `tags`")
	fs.BoolVar(&f.strict, "strict", false, "exit 1 when a package can't be analysed")
}

func (f *loadFlags) options(patterns []string, analyzers []*analysis.Analyzer) driver.Options {
	opts := driver.Options{Patterns: patterns, Tests: f.test, Analyzers: analyzers}
	if f.tags != "" {
		opts.Flags = append(opts.Flags, "-tags="+f.tags)
	}
	return opts
}

// vet runs the checks and prints what they find.
func vet(ctx context.Context, inv invocation) error {
	var flags vetFlags
	fs := flag.NewFlagSet("airlockvet", flag.ContinueOnError)
	fs.SetOutput(inv.stderr)
	flags.register(fs)
	fs.BoolVar(&flags.json, "json", false, "print the findings as JSON")
	chosen := registerAnalyzers(fs, suite())
	if err := fs.Parse(inv.args); err != nil {
		return errUsage
	}
	result, err := driver.Reference(ctx, flags.options(fs.Args(), chosen()))
	if err != nil {
		return err
	}
	for _, l := range result.LeftOut {
		for _, reason := range l.Reasons {
			fmt.Fprintln(inv.stderr, reason)
		}
		fmt.Fprintf(inv.stderr, "airlockvet: left out: %s\n", l.Package)
	}
	if flags.json {
		return report.JSON(inv.stdout, result.Findings)
	}
	cwd, _ := os.Getwd()
	if err := report.Text(inv.stdout, cwd, result.Findings); err != nil {
		return err
	}
	switch {
	case flags.strict && len(result.LeftOut) > 0:
		return fmt.Errorf("%d packages left out", len(result.LeftOut))
	case len(result.Findings) > 0:
		return errFindings
	}
	return nil
}

// registerAnalyzers gives every analyzer a flag that selects it and its own flags with its name in front, as multichecker does. The
// function returned says which are chosen: those set to true if there are any, else all but those set to false.
func registerAnalyzers(fs *flag.FlagSet, analyzers []*analysis.Analyzer) func() []*analysis.Analyzer {
	enabled := map[*analysis.Analyzer]*bool{}
	for _, a := range analyzers {
		fs.BoolFunc(a.Name, "run the "+a.Name+" checks (only these, if true)", func(value string) error {
			on := value == "true"
			enabled[a] = &on
			return nil
		})
		a.Flags.VisitAll(func(f *flag.Flag) { fs.Var(f.Value, a.Name+"."+f.Name, f.Usage) })
	}
	return func() []*analysis.Analyzer {
		only := slices.ContainsFunc(analyzers, func(a *analysis.Analyzer) bool { return enabled[a] != nil && *enabled[a] })
		return slices.DeleteFunc(slices.Clone(analyzers), func(a *analysis.Analyzer) bool {
			if on := enabled[a]; on != nil {
				return !*on
			}
			return only
		})
	}
}
