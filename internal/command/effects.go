package command

import (
	"context"
	"flag"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/report/listing"
)

// effectsFlags are the flags of the subcommand effects.
type effectsFlags struct {
	loadFlags
	json, sites bool
}

// listEffects prints where effects happen.
func listEffects(ctx context.Context, inv invocation) error {
	var flags effectsFlags
	set := flag.NewFlagSet("airlockvet effects", flag.ContinueOnError)
	flags.register(set)
	set.BoolVar(&flags.json, "json", false, "print JSON")
	set.BoolVar(&flags.sites, "sites", false, "list the innermost effect calls")
	if err := parse(set, inv, "effects [flags] [packages]"); err != nil {
		return err
	}
	opts, err := flags.options(set.Args(), []*analysis.Analyzer{listing.Analyzer})
	if err != nil {
		return err
	}
	opts.Tests = false // a listing is of non-test code
	s, err := flags.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	if flags.json {
		err = listing.JSON(inv.stdout, listing.Of(s))
	} else {
		for _, site := range listing.Of(s) {
			fmt.Fprintf(inv.stdout, "%s:%d:%d: %s %s in %s\n", site.File, site.Line, site.Col, site.Kind, site.Callee, site.Func)
		}
	}
	if err != nil {
		return err
	}
	return flags.verdict(s, false)
}
