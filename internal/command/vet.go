package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/report"
)

// vetFlags are the flags of the command without a subcommand.
type vetFlags struct {
	loadFlags
	test           bool
	json, sarif    bool
	github, gitlab bool
	fix, diff      bool
	rewrite        string
	baseline       string
	update, accept bool
	newFrom        string
	verbose        bool
	color          string
}

func (f *vetFlags) register(fs *flag.FlagSet) {
	f.loadFlags.register(fs)
	fs.BoolVar(&f.test, "test", true, "include test files")
	fs.BoolVar(&f.json, "json", false, "print the findings as JSON, and exit 0")
	fs.BoolVar(&f.sarif, "sarif", false, "print the findings as SARIF 2.1.0")
	fs.BoolVar(&f.github, "github", false, "print the findings as annotations of a GitHub workflow")
	fs.BoolVar(&f.gitlab, "gitlab", false, "print the findings as a Code Quality report of GitLab")
	fs.BoolVar(&f.fix, "fix", false, "apply the suggested fixes")
	fs.BoolVar(&f.diff, "diff", false, "print what -fix would change")
	fs.StringVar(&f.rewrite, "rewrite", "", "with -fix or -diff, also rewrite direct calls: `enqueue`")
	fs.StringVar(&f.baseline, "baseline", "", "let pass the findings that `file` lists")
	fs.BoolVar(&f.update, "update-baseline", false, "remove from the baseline what is gone")
	fs.BoolVar(&f.accept, "accept-new", false, "with -update-baseline, also add what is new")
	fs.StringVar(&f.newFrom, "new-from-rev", "", "only findings on lines that differ from git `revision`")
	fs.BoolVar(&f.verbose, "v", false, "print the chain of each finding, a line a call")
	fs.StringVar(&f.color, "color", "auto", "colours and source lines: auto, always, never")
}

// check reports flags that don't go together.
func (f *vetFlags) check() error {
	formats := 0
	for _, set := range []bool{f.json, f.sarif, f.github, f.gitlab} {
		if set {
			formats++
		}
	}
	switch {
	case formats > 1:
		return errors.New("choose one of -json, -sarif, -github, -gitlab")
	case f.update && f.baseline == "":
		return errors.New("-update-baseline needs -baseline FILE")
	case f.accept && !f.update:
		return errors.New("-accept-new needs -update-baseline")
	case f.rewrite != "" && f.rewrite != "enqueue":
		return fmt.Errorf("unknown rewrite %q: want enqueue", f.rewrite)
	case f.rewrite != "" && !f.fix && !f.diff:
		return errors.New("-rewrite needs -fix or -diff")
	case f.color != "auto" && f.color != "always" && f.color != "never":
		return fmt.Errorf("-color=%s: want auto, always or never", f.color)
	}
	return nil
}

// vet runs the checks and prints what they find.
func vet(ctx context.Context, inv invocation) error {
	var flags vetFlags
	set := newFlags()
	flags.register(set)
	chosen := registerAnalyzers(set, suite())
	if err := parse(set, inv); err != nil {
		return err
	}
	if err := flags.check(); err != nil {
		return err
	}
	if flags.rewrite != "" {
		if err := requestRewrite(flags.rewrite); err != nil {
			return err
		}
	}
	opts, err := flags.options(set.Args(), chosen())
	if err != nil {
		return err
	}
	opts.Tests = flags.test
	base, err := flags.known()
	if err != nil {
		return err
	}
	changes, err := flags.changes(ctx)
	if err != nil {
		return err
	}
	s, err := flags.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	if flags.verbose || flags.json || flags.sarif {
		report.Refresh(s, s.Findings)
	}
	findings, err := report.Judge(s.Findings, severities(flags.config), time.Now())
	if err != nil {
		return err
	}
	if err := flags.letPass(inv, s, findings, base, changes); err != nil {
		return err
	}
	return flags.finish(inv, s, findings)
}

// requestRewrite makes the checks suggest the rewrite.
func requestRewrite(name string) error {
	for _, a := range suite() {
		if a.Flags.Lookup("rewrite") != nil {
			return a.Flags.Set("rewrite", name)
		}
	}
	return fmt.Errorf("no check offers the rewrite %q", name)
}

func (f *vetFlags) changes(ctx context.Context) (report.Changes, error) {
	if f.newFrom == "" {
		return nil, nil
	}
	return report.ChangesSince(ctx, ".", f.newFrom)
}

// known reads the baseline: nobody wants to wait for an analysis to hear that there is none.
func (f *vetFlags) known() (report.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	base, err := report.ReadBaseline(f.baseline)
	if f.accept && errors.Is(err, fs.ErrNotExist) {
		return report.Baseline{}, nil
	}
	return base, err
}

// letPass marks the findings that the baseline and the revision let pass.
func (f *vetFlags) letPass(inv invocation, s *driver.Session, findings []report.Finding, base report.Baseline, changes report.Changes) error {
	if f.newFrom != "" {
		changes.Apply(findings, f.newFrom)
	}
	if f.update {
		before := base.Size()
		base = base.Update(findings, analysed(s), f.accept)
		if err := base.Write(f.baseline); err != nil {
			return err
		}
		fmt.Fprintf(inv.stderr, "airlockvet: %s lets %s pass, %d before\n", f.baseline, report.Count(base.Size(), "finding"), before)
	}
	base.Apply(findings)
	return nil
}

// analysed returns a function that says whether a package was asked for, and could be analysed.
func analysed(s *driver.Session) func(pkg string) bool {
	asked := map[string]bool{}
	for _, p := range s.Packages {
		if p.Asked {
			asked[p.Path], asked[p.Path+"_test"] = true, true
		}
	}
	for _, l := range s.LeftOut {
		pkg, _, _ := strings.Cut(l.Package, " ")
		delete(asked, pkg)
	}
	return func(pkg string) bool { return asked[pkg] }
}

// finish fixes or prints what is left, and says how the run ends.
func (f *vetFlags) finish(inv invocation, s *driver.Session, findings []report.Finding) error {
	open := report.Open(findings)
	if f.fix || f.diff {
		var err error
		if open, err = f.applyFixes(inv, s, open); err != nil {
			return err
		}
		if f.diff {
			return f.verdict(s, report.Failing(open))
		}
	}
	if err := f.print(inv, s, findings, open); err != nil {
		return err
	}
	for _, finding := range open {
		if finding.Expired {
			fmt.Fprintf(inv.stderr, "airlockvet: %s: this allow expired on %s: %s\n",
				report.Place(s.Root, finding.Allowed.Pos), finding.Allowed.Until.Format(time.DateOnly), finding.Allowed.Reason)
		}
	}
	report.Summary(inv.stderr, open)
	report.First(inv.stderr, s, open)
	return f.verdict(s, report.Failing(open) && !f.json)
}

// applyFixes applies the suggested fixes, or prints what they would change, and returns the findings that are left.
func (f *vetFlags) applyFixes(inv invocation, s *driver.Session, findings []report.Finding) ([]report.Finding, error) {
	fixes := report.CollectFixes(findings)
	if f.diff {
		return findings, fixes.Diff(inv.stdout, s.Root)
	}
	if err := fixes.Write(); err != nil {
		return nil, err
	}
	if fixes.Applied > 0 {
		fmt.Fprintf(inv.stderr, "airlockvet: fixed %d of %d findings\n", fixes.Applied, len(findings))
	}
	if fixes.Skipped > 0 {
		fmt.Fprintf(inv.stderr, "airlockvet: %d fixes overlap with others: run again\n", fixes.Skipped)
	}
	return fixes.Left(findings), nil
}

func (f *vetFlags) print(inv invocation, s *driver.Session, findings, open []report.Finding) error {
	switch {
	case f.json:
		return report.JSON(inv.stdout, open)
	case f.sarif:
		return report.SARIF(inv.stdout, s.Root, repositoryOf(s.Root), version(), findings)
	case f.github:
		return report.GitHub(inv.stdout, repositoryOf(s.Root), open)
	case f.gitlab:
		return report.GitLab(inv.stdout, repositoryOf(s.Root), open)
	}
	color := f.color == "always" || f.color == "auto" && isTerminal(inv.stdout) && os.Getenv("NO_COLOR") == ""
	p := report.Printer{Root: s.Root, Color: color, Verbose: f.verbose}
	return p.Print(inv.stdout, open)
}

// repositoryOf returns what services name files relative to: the checkout, where their runner says where it is; else root.
func repositoryOf(root string) string {
	for _, name := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		if dir := os.Getenv(name); dir != "" && report.Relative(dir, root) != root {
			return dir
		}
	}
	return root
}
