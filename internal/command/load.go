package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/report"
	"github.com/airlock-go/airlock/internal/rule"
	"github.com/airlock-go/airlock/internal/whose"
)

// loadFlags are the flags of every subcommand that loads packages.
type loadFlags struct {
	driver string
	tags   string
	strict bool
	cache  string
	config string
	dir    string
	bound  string

	uncached error // why there is no cache
}

func (f *loadFlags) register(fs *flag.FlagSet) {
	fs.StringVar(&f.driver, "driver", "fast", "`name` of the driver that runs the analyzers: fast, or multichecker, the slow reference")
	fs.StringVar(&f.tags, "tags", "", "comma-separated build `tags`")
	fs.BoolVar(&f.strict, "strict", false, "exit 1 when a package can't be analysed")
	fs.StringVar(&f.cache, "cache", "", "`directory` for results, or off (default: airlockvet in the user's cache directory; AIRLOCKVET_CACHE)")
	fs.StringVar(&f.config, "config", "", "the configuration `file`, in place of "+config.FileName)
	fs.StringVar(&f.bound, "bindings", "computed", "where bindings of interface methods come from: computed from the program, or config, as under other drivers")
	fs.StringVar(&f.dir, "C", "", "change to `dir` first; only as the first flag")
	fs.Var(whose.Analyzer.Flags.Lookup("own").Value, "own", whose.Analyzer.Flags.Lookup("own").Usage)
}

// options turns the flags into what the driver wants.
func (f *loadFlags) options(patterns []string, analyzers []*analysis.Analyzer) (driver.Options, error) {
	opts := driver.Options{
		Patterns: patterns, Analyzers: analyzers,
		Summary: hasEffect, Settings: settingsDigest(f.config), Given: withoutRuntime,
	}
	switch f.bound {
	case "computed":
		opts.Linker = driver.Bindings{}
	case "config":
	default:
		return opts, fmt.Errorf("-bindings=%s: want computed or config", f.bound)
	}
	if f.dir != "" {
		return opts, errors.New("-C must be the first flag")
	}
	if f.tags != "" {
		opts.Flags = append(opts.Flags, "-tags="+f.tags)
	}
	if f.config != "" {
		if err := config.Analyzer.Flags.Set("file", f.config); err != nil {
			return opts, err
		}
	}
	opts.Cache, f.uncached = openCache(f.cache)
	return opts, nil
}

// withoutRuntime returns what is known of a program that does not have the runtime: there are no scopes in it.
func withoutRuntime(has func(path string) bool) map[*analysis.Analyzer]any {
	if has(airlockapi.Path) {
		return nil
	}
	return map[*analysis.Analyzer]any{contexts.Analyzer: new(contexts.Result)}
}

func openCache(dir string) (*driver.Cache, error) {
	switch dir {
	case "off":
		return nil, nil
	case "":
		var err error
		if dir, err = driver.DefaultCacheDir(); err != nil || dir == "off" {
			return nil, err
		}
	}
	return driver.OpenCache(dir, driver.DefaultCacheLimit), nil
}

// load runs the analyzers over the packages and tells of those that were left out.
func (f *loadFlags) load(ctx context.Context, inv invocation, opts driver.Options) (*driver.Session, error) {
	run := driver.Load
	switch f.driver {
	case "fast":
	case "multichecker":
		run = driver.Reference
	default:
		return nil, fmt.Errorf("unknown driver %q: want fast or multichecker", f.driver)
	}
	opts.Progress = progress(inv.stderr)
	s, err := run(ctx, opts)
	if opts.Progress != nil {
		opts.Progress(0, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, nextStep(opts.Dir, opts.Patterns))
	}
	if err := cmp.Or(f.uncached, opts.Cache.Err()); err != nil {
		fmt.Fprintf(inv.stderr, "airlockvet: %v (results are not kept; -cache=off says nothing of it)\n", err)
	}
	tellLeftOut(inv.stderr, s)
	return s, nil
}

// nextStep is a hint for a person whose packages the go command could not list.
func nextStep(dir string, patterns []string) string {
	if abs, err := filepath.Abs(dir); err == nil && findUp(abs, "go.mod") == "" && findUp(abs, "go.work") == "" {
		return "; there is no go.mod here: run airlockvet in a module, or with -C DIR"
	}
	if len(patterns) > 0 && !strings.ContainsAny(patterns[0], "./") {
		return rule.Misspelt(patterns[0], subcommandNames())
	}
	return ""
}

// tellLeftOut says which packages could not be analysed, and why: the first reason is enough to begin with.
func tellLeftOut(w io.Writer, s *driver.Session) {
	for _, l := range s.LeftOut {
		more := ""
		if n := len(l.Reasons) - 1; n > 0 {
			more = fmt.Sprintf(" (and %d more)", n)
		}
		reason := strings.Join(strings.Fields(l.Reasons[0]), " ") // the go command writes several lines
		reason = strings.TrimPrefix(reason, s.Root+string(filepath.Separator))
		fmt.Fprintf(w, "airlockvet: left out %s: %s%s\n", l.Package, reason, more)
	}
}

// verdict is the error of a run that has printed all that it found.
func (f *loadFlags) verdict(s *driver.Session, failing bool) error {
	switch {
	case f.strict && len(s.LeftOut) > 0:
		return fmt.Errorf("left out %s, and -strict is set", report.Count(len(s.LeftOut), "package"))
	case failing:
		return errFindings
	}
	return nil
}

// isTerminal reports whether a person looks at what is written to w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}
