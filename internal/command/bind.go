package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/transactions"
	"github.com/airlock-go/airlock/internal/report"
)

// bind prints the binding table, or writes it to the configuration, for drivers that see one package at a time.
func bind(ctx context.Context, inv invocation) error {
	var flags loadFlags
	set := newFlags()
	flags.register(set)
	write := set.Bool("w", false, "write the table to "+config.FileName)
	if err := parse(set, inv); err != nil {
		return err
	}
	patterns := set.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	file := flags.config
	if _, err := os.Stat(file); *write && errors.Is(err, os.ErrNotExist) {
		flags.config = "" // it is made here
	}
	opts, err := flags.options(patterns, []*analysis.Analyzer{effects.Analyzer, transactions.Analyzer, contexts.Analyzer})
	if err != nil {
		return err
	}
	if *write {
		// What the file says of bindings is about to change, and may be stale: it must not stand in the way. The rest must be right.
		opts.Settings = nil
		if err := checkRest(flags.config); err != nil {
			return err
		}
	}
	s, err := flags.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	bindings := bindingsOf(s)
	if !*write {
		return printBindings(inv.stdout, bindings)
	}
	return writeBindings(inv, file, s.Root, bindings)
}

// bindingsOf computes, from what the own packages of a session contribute, what drivers that see one package at a time need to be told.
func bindingsOf(s *driver.Session) []config.Binding {
	bindings := map[[2]string]*config.Binding{}
	of := func(method, to string) *config.Binding {
		key := [2]string{method, to}
		if bindings[key] == nil {
			bindings[key] = &config.Binding{Method: config.Func{Text: method}, To: config.Func{Text: to}}
		}
		return bindings[key]
	}
	performs, runs, needs := tablesOf(s)
	for _, b := range performs.Bindings {
		for _, p := range b.Performs {
			entry := of(b.Method, b.To)
			entry.Performs = append(entry.Performs, p.String())
		}
	}
	for _, b := range runs.Bindings() {
		of(b.Method, b.To).Transaction = append([]int{}, b.Params...)
	}
	for _, b := range needs.Bindings() {
		of(b.Method, b.To).Requires = b.Params
	}
	var list []config.Binding
	for _, b := range bindings {
		list = append(list, *b)
	}
	slices.SortFunc(list, func(a, b config.Binding) int {
		return cmp.Or(cmp.Compare(a.Method.Text, b.Method.Text), cmp.Compare(a.To.Text, b.To.Text))
	})
	return list
}

// tablesOf computes the tables of the own packages of a session.
func tablesOf(s *driver.Session) (*effects.Table, *transactions.Table, *contexts.Table) {
	var performs []*effects.Package
	var runs []*transactions.Package
	var needs []*contexts.Package
	for _, p := range s.Packages {
		if fact := new(effects.Package); p.PackageFact(fact) {
			performs = append(performs, fact)
		}
		if fact := new(transactions.Package); p.PackageFact(fact) {
			runs = append(runs, fact)
		}
		if fact := new(contexts.Package); p.PackageFact(fact) {
			needs = append(needs, fact)
		}
	}
	return effects.NewTable(performs), transactions.NewTable(runs), contexts.NewTable(needs)
}

func printBindings(w io.Writer, bindings []config.Binding) error {
	for _, b := range bindings {
		fmt.Fprintf(w, "%s → %s\n", b.Method.Text, b.To.Text)
		for _, p := range b.Performs {
			fmt.Fprintf(w, "\t%s\n", p)
		}
		if b.Transaction != nil && len(b.Transaction) == 0 {
			fmt.Fprint(w, "\truns no function in a transaction\n")
		}
		for _, i := range b.Transaction {
			fmt.Fprintf(w, "\truns its parameter %d in a transaction\n", i)
		}
		for _, i := range b.Requires {
			fmt.Fprintf(w, "\tneeds a scope in its parameter %d\n", i)
		}
	}
	return nil
}

// checkRest fails if a configuration file in force is wrong, but for what it says of bindings.
func checkRest(explicit string) error {
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	files, err := config.InForce(explicit, wd)
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := config.Parse(file, blankBindings(data)); err != nil {
			return err
		}
	}
	return nil
}

// writeBindings puts the table into the configuration file in force, or makes one.
func writeBindings(inv invocation, explicit, root string, bindings []config.Binding) error {
	file, err := configFile(explicit, root)
	if err != nil {
		return err
	}
	before, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	after, err := spliceBindings(before, bindings)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if _, err := config.Parse(file, after); err != nil {
		return err
	}
	if err := os.WriteFile(file, after, 0o666); err != nil {
		return err
	}
	fmt.Fprintf(inv.stderr, "airlockvet: wrote %d bindings to %s\n", len(bindings), report.Relative(root, file))
	return nil
}

// configFile returns the file to write to: the one of this module that is in force, or the one that would be.
func configFile(explicit, root string) (string, error) {
	if explicit != "" {
		return explicit, nil
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	files, err := config.InForce("", wd)
	if err != nil {
		return "", err
	}
	if len(files) > 0 {
		return files[len(files)-1], nil
	}
	return filepath.Join(root, config.FileName), nil
}
