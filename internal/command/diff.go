package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/analyzers/noescape"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/report"
	"github.com/airlock-go/airlock/internal/review"
)

// diffFlags are the flags of the subcommand diff.
type diffFlags struct {
	loadFlags
	json, markdown bool
	html, kinds    string
}

func (f *diffFlags) register(fs *flag.FlagSet) {
	f.loadFlags.register(fs)
	fs.BoolVar(&f.json, "json", false, "print JSON")
	fs.BoolVar(&f.markdown, "markdown", false, "print Markdown, fit for a review comment")
	fs.StringVar(&f.html, "html", "", "also write the effect map of the new side, with the changes in colour, to `file`")
	fs.StringVar(&f.kinds, "kind", "", "compare these comma-separated `kinds` (default: those that airlockvet reports by default, queries included; all: every kind)")
}

// counts returns which effects are compared.
func (f *diffFlags) counts() (func(review.Effect) bool, error) {
	switch f.kinds {
	case "":
		return func(e review.Effect) bool {
			k, err := effect.ParseKind(e.Kind)
			return err == nil && k.EnabledByDefault()
		}, nil
	case "all":
		return nil, nil
	}
	kinds, err := parseKinds(f.kinds)
	return func(e review.Effect) bool { return slices.Contains(kinds, e.Kind) }, err
}

// diff tells which functions do more or less than at a revision.
func diff(ctx context.Context, inv invocation) error {
	var flags diffFlags
	set := newFlags()
	flags.register(set)
	if err := parse(set, inv); err != nil {
		return err
	}
	if flags.json && flags.markdown {
		return errors.New("choose one of -json, -markdown")
	}
	repo, err := review.Open(ctx)
	if err != nil {
		return err
	}
	base, head, patterns, err := revisions(ctx, repo, set.Args())
	if err != nil {
		return err
	}
	d, err := flags.compare(ctx, inv, repo, base, head, patterns)
	if err != nil {
		return err
	}
	switch {
	case flags.json:
		err = d.JSON(inv.stdout)
	case flags.markdown:
		err = d.Markdown(inv.stdout)
	default:
		err = d.Text(inv.stdout)
	}
	if err == nil && d.Gains() {
		return errFindings
	}
	return err
}

// A revision is a side of a comparison; without a commit it is the work tree.
type revision struct{ name, commit string }

// revisions takes one or two revisions off the arguments. What is no package pattern is one.
func revisions(ctx context.Context, repo *review.Repository, args []string) (base, head revision, patterns []string, err error) {
	if len(args) == 0 {
		return base, head, nil, errors.New("against which revision? airlockvet diff main compares the work tree with main")
	}
	base.name = args[0]
	if base.commit, err = repo.Commit(ctx, base.name); err != nil {
		return base, head, nil, err
	}
	patterns = args[1:]
	if len(patterns) > 0 && !strings.HasPrefix(patterns[0], ".") && !strings.Contains(patterns[0], "...") {
		if commit, err := repo.Commit(ctx, patterns[0]); err == nil {
			head, patterns = revision{patterns[0], commit}, patterns[1:]
		}
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	return base, head, patterns, nil
}

// A side is one version of the program.
type side struct {
	Program *review.Program
	LeftOut []string // packages that could not be analysed
	Root    string   // what positions are relative to, itself relative to the top of the repository
	session *driver.Session
}

func (f *diffFlags) compare(ctx context.Context, inv invocation, repo *review.Repository, base, head revision, patterns []string) (*review.Diff, error) {
	counts, err := f.counts()
	if err != nil {
		return nil, err
	}
	before, err := f.commitSide(ctx, inv, repo, base, patterns, false)
	if err != nil {
		return nil, err
	}
	var after *side
	if head.commit == "" {
		after, err = f.loadSide(ctx, inv, repo.Top, "", patterns)
	} else {
		after, err = f.commitSide(ctx, inv, repo, head, patterns, f.html != "")
	}
	if err != nil {
		return nil, err
	}
	changes, err := report.ChangesBetween(ctx, repo.Top, base.commit, head.commit)
	if err != nil {
		return nil, err
	}
	left := append(slices.Clone(before.LeftOut), after.LeftOut...)
	d := review.Compare(before.Program.Without(left), after.Program.Without(left), base.name, review.Options{
		Counts:  counts,
		Changed: func(pos string) (string, bool) { return changedLine(changes, filepath.Join(repo.Top, after.Root), pos) },
	})
	if f.html != "" {
		m := drawn(after.session, after.Program.Select(review.Selection{NoAmbient: true}))
		d.Paint(m)
		err = writeMap(inv, f.html, m)
	}
	return d, err
}

// changedLine returns file:line of a position that lies on a changed line.
func changedLine(changes report.Changes, root, pos string) (string, bool) {
	file, rest, ok := strings.Cut(pos, ":")
	if !ok {
		return "", false
	}
	text, _, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(text)
	if err != nil || !changes.Has(filepath.Join(root, filepath.FromSlash(file)), n) {
		return "", false
	}
	return file + ":" + text, true
}

// commitSide analyses a commit, or recalls what was found when it last did. With fresh it always analyses: a map needs the session.
func (f *diffFlags) commitSide(ctx context.Context, inv invocation, repo *review.Repository, rev revision, patterns []string, fresh bool) (*side, error) {
	cache, err := openCache(f.cache)
	if err != nil {
		return nil, err
	}
	words := slices.Concat([]string{"review", rev.commit, repo.Prefix, f.tags, f.driver}, goEnvironment(), patterns)
	kept := new(side)
	if f.config == "" && !fresh && cache.Recall(kept, words...) {
		return kept, nil
	}
	tree, remove, err := repo.Checkout(ctx, rev.commit)
	if err != nil {
		return nil, err
	}
	defer remove()
	dir := filepath.Join(tree, repo.Prefix)
	if _, err := os.Stat(dir); err != nil { // the folder came later: nothing was done there
		return &side{Program: new(review.Program)}, nil
	}
	s, err := f.loadSide(ctx, inv, tree, dir, patterns)
	if err != nil {
		return nil, fmt.Errorf("at %s: %w", rev.name, err)
	}
	if f.config == "" {
		cache.Keep(s, words...)
	}
	return s, nil
}

// goEnvironment is what changes the answer besides the sources.
func goEnvironment() []string {
	var env []string
	for _, name := range []string{"GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED", "GOWORK", "AIRLOCKVET_CONFIG"} {
		env = append(env, name+"="+os.Getenv(name))
	}
	return env
}

// loadSide analyses one version of the program, in dir, which lies in the tree.
func (f *diffFlags) loadSide(ctx context.Context, inv invocation, tree, dir string, patterns []string) (*side, error) {
	analyzers := []*analysis.Analyzer{review.Analyzer}
	if f.html != "" {
		analyzers = append(analyzers, noescape.Analyzer)
	}
	opts, err := f.options(patterns, analyzers)
	if err != nil {
		return nil, err
	}
	opts.Dir = dir
	s, err := f.load(ctx, inv, opts)
	if err != nil {
		return nil, err
	}
	root, err := filepath.Rel(tree, s.Root)
	if err != nil {
		return nil, err
	}
	v := &side{Program: review.Of(s), Root: root, session: s}
	for _, l := range s.LeftOut {
		v.LeftOut = append(v.LeftOut, l.Package)
	}
	return v, nil
}
