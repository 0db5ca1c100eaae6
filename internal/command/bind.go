package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/passes/effects"
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
	opts, err := flags.options(patterns, []*analysis.Analyzer{effects.Analyzer})
	if err != nil {
		return err
	}
	opts.Tests = false
	if *write {
		// What the file says now is about to change, and may be stale: it must not stand in the way.
		opts.Settings = nil
	}
	s, err := flags.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	table := tableOf(s)
	if !*write {
		return printBindings(inv, table)
	}
	return writeBindings(inv, flags.config, s.Root, table)
}

// tableOf computes the binding table of the own packages of a session.
func tableOf(s *driver.Session) *effects.Table {
	var packages []*effects.Package
	for _, p := range s.Packages {
		if fact := new(effects.Package); p.PackageFact(fact) {
			packages = append(packages, fact)
		}
	}
	return effects.NewTable(packages)
}

func printBindings(inv invocation, table *effects.Table) error {
	for _, b := range table.Bindings {
		fmt.Fprintf(inv.stdout, "%s → %s\n", b.Method, b.To)
		for _, p := range b.Performs {
			fmt.Fprintf(inv.stdout, "\t%s\n", p)
		}
	}
	return nil
}

// writeBindings puts the table into the configuration file in force, or makes one.
func writeBindings(inv invocation, explicit, root string, table *effects.Table) error {
	file, err := configFile(explicit, root)
	if err != nil {
		return err
	}
	before, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	var bindings []config.Binding
	for _, b := range table.Bindings {
		entry := config.Binding{Method: config.Func{Text: b.Method}, To: config.Func{Text: b.To}}
		for _, p := range b.Performs {
			entry.Performs = append(entry.Performs, p.String())
		}
		bindings = append(bindings, entry)
	}
	after, err := spliceBindings(before, bindings)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
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
