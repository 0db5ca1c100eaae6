package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/analyzers/noescape"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/report"
	"github.com/airlock-go/airlock/internal/report/effectmap"
	"github.com/airlock-go/airlock/internal/report/listing"
	"github.com/airlock-go/airlock/internal/review"
)

// effectsFlags are the flags of the subcommand effects.
type effectsFlags struct {
	loadFlags
	json, sites, unknown, suggest, exported, dot, mermaid bool
	html, function, kinds                                 string
}

func (f *effectsFlags) register(fs *flag.FlagSet) {
	f.loadFlags.register(fs)
	fs.BoolVar(&f.json, "json", false, "print JSON")
	fs.BoolVar(&f.sites, "sites", false, "list the innermost effect calls instead of functions")
	fs.BoolVar(&f.unknown, "unknown", false, "list the calls whose targets can't be told")
	fs.BoolVar(&f.suggest, "suggest-pure", false, "list exported functions that several call and that could be marked //airlock:pure, the most called first")
	fs.BoolVar(&f.exported, "exported", false, "only exported functions and entry points")
	fs.StringVar(&f.function, "func", "", "only functions whose full name matches `regexp`")
	fs.StringVar(&f.kinds, "kind", "", "only these comma-separated `kinds` of effect (default: all, in a table or map without log, time, random and env)")
	fs.StringVar(&f.html, "html", "", "write the effect map, one self-contained page, to `file`")
	fs.BoolVar(&f.dot, "dot", false, "print the effect map for Graphviz")
	fs.BoolVar(&f.mermaid, "mermaid", false, "print the effect map as a Mermaid flowchart")
}

// selection turns the flags into what is to be seen.
func (f *effectsFlags) selection() (review.Selection, error) {
	s := review.Selection{Exported: f.exported, NoAmbient: !f.json}
	var err error
	if s.Kinds, err = parseKinds(f.kinds); err != nil {
		return s, err
	}
	if f.function != "" {
		if s.Func, err = regexp.Compile(f.function); err != nil {
			return s, fmt.Errorf("-func: %w", err)
		}
	}
	return s, nil
}

// check reports flags that don't go together.
func (f *effectsFlags) check() error {
	forms := 0
	for _, set := range []bool{f.sites, f.unknown, f.suggest, f.html != "", f.dot, f.mermaid} {
		if set {
			forms++
		}
	}
	switch {
	case forms > 1:
		return errors.New("choose one of -sites, -unknown, -suggest-pure, -html, -dot, -mermaid")
	case f.json && forms == 1 && !f.sites:
		return errors.New("-json goes with -sites or alone")
	}
	return nil
}

func parseKinds(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	kinds := strings.Split(list, ",")
	for _, k := range kinds {
		if _, err := effect.ParseKind(k); err != nil {
			return nil, err
		}
	}
	return kinds, nil
}

// listEffects prints what functions do, or where effects happen.
func listEffects(ctx context.Context, inv invocation) error {
	var flags effectsFlags
	set := newFlags()
	flags.register(set)
	if err := parse(set, inv); err != nil {
		return err
	}
	selection, err := flags.selection()
	if err := errors.Join(err, flags.check()); err != nil {
		return err
	}
	opts, err := flags.options(set.Args(), flags.analyzers())
	if err != nil {
		return err
	}
	s, err := flags.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	if err := flags.print(inv, s, selection); err != nil {
		return err
	}
	return flags.verdict(s, false)
}

func (f *effectsFlags) analyzers() []*analysis.Analyzer {
	switch {
	case f.sites:
		return []*analysis.Analyzer{listing.Analyzer}
	case f.html != "" || f.dot || f.mermaid:
		return []*analysis.Analyzer{review.Analyzer, noescape.Analyzer} // the check knows where transactions are open
	}
	return []*analysis.Analyzer{review.Analyzer}
}

func (f *effectsFlags) print(inv invocation, s *driver.Session, selection review.Selection) error {
	if f.sites {
		return printSites(inv.stdout, listing.Of(s), f.json)
	}
	program := review.Of(s)
	functions := program.Select(selection)
	switch {
	case f.unknown:
		return review.Unknowns(inv.stdout, program.Functions)
	case f.suggest:
		return printCandidates(inv.stdout, program.Candidates())
	case f.json:
		return review.JSON(inv.stdout, functions)
	case f.html != "" || f.dot || f.mermaid:
		return f.draw(inv, drawn(s, functions))
	}
	return paged(inv.stdout, func(w io.Writer) error { return review.Text(w, functions) })
}

func printSites(w io.Writer, sites []listing.Site, asJSON bool) error {
	if asJSON {
		return listing.JSON(w, sites)
	}
	for _, s := range sites {
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s %s in %s\n", s.File, s.Line, s.Col, s.Kind, s.Callee, s.Func); err != nil {
			return err
		}
	}
	return nil
}

func printCandidates(w io.Writer, candidates []review.Candidate) error {
	for _, c := range candidates {
		if _, err := fmt.Fprintf(w, "%s: %s could be marked //airlock:pure; called by %s\n", c.Pos, review.Short(c.Name), report.Count(c.Callers, "function")); err != nil {
			return err
		}
	}
	return nil
}

// drawn is the effect map of a session in which the check noescape ran too.
func drawn(s *driver.Session, functions []review.Function) *effectmap.Map {
	inTx := map[string]bool{}
	for _, f := range s.Findings {
		if f.Category == "transaction" {
			inTx[fmt.Sprintf("%s:%d", report.Relative(s.Root, f.Raw.File), f.Raw.Line)] = true
		}
	}
	return review.Map(filepath.Base(s.Root), s.Root, functions, inTx)
}

func (f *effectsFlags) draw(inv invocation, m *effectmap.Map) error {
	switch {
	case f.dot:
		return review.Dot(inv.stdout, m)
	case f.mermaid:
		return review.Mermaid(inv.stdout, m)
	}
	return writeMap(inv, f.html, m)
}

func writeMap(inv invocation, file string, m *effectmap.Map) error {
	w, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := errors.Join(effectmap.Write(w, m), w.Close()); err != nil {
		return err
	}
	fmt.Fprintf(inv.stderr, "airlockvet: wrote the map of %d functions to %s\n", len(m.Functions), file)
	return nil
}

// paged shows on a terminal what write writes through the user's pager; elsewhere it writes it.
func paged(w io.Writer, write func(io.Writer) error) error {
	pager := os.Getenv("PAGER")
	if pager == "" {
		pager = "less"
	}
	name, args, _ := strings.Cut(pager, " ")
	path, err := exec.LookPath(name)
	if !isTerminal(w) || err != nil {
		return write(w)
	}
	cmd := exec.Command(path, strings.Fields(args)...)
	cmd.Env = append(os.Environ(), "LESS=FRX")
	cmd.Stdout, cmd.Stderr = w, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	//airlock:allow direct a pager is how a person reads: there is nothing to hold back
	if err := cmd.Start(); err != nil {
		return write(w)
	}
	_ = write(in) // a reader who quits early has seen enough
	return errors.Join(in.Close(), cmd.Wait())
}
