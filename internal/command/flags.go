package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/airlock-go/airlock/internal/rule"
)

// parse parses the arguments of a subcommand, and prints its help where that is asked for. The flag package would print every flag below
// what is wrong, so that nobody reads it.
func parse(fs *flag.FlagSet, inv invocation) error {
	fs.SetOutput(io.Discard)
	err := fs.Parse(inv.args)
	if errors.Is(err, flag.ErrHelp) {
		printUsage(fs, inv)
		return errHelp
	}
	if err != nil {
		return fmt.Errorf("%w%s; %s lists the flags", err, flagMeant(fs, err), strings.TrimSpace("airlockvet "+inv.command.name)+" -h")
	}
	for _, arg := range fs.Args() {
		if strings.HasPrefix(arg, "-") {
			return fmt.Errorf("%s stands behind an argument: flags come first", arg)
		}
	}
	return nil
}

func printUsage(fs *flag.FlagSet, inv invocation) {
	fmt.Fprintf(inv.stdout, "usage: airlockvet %s\n\n%s\n", inv.command.synopsis, inv.command.summary)
	flags := 0
	fs.VisitAll(func(*flag.Flag) { flags++ })
	if flags > 0 {
		fmt.Fprint(inv.stdout, "\nflags:\n")
	}
	fs.SetOutput(inv.stdout)
	fs.PrintDefaults()
}

// flagMeant names the flag that is like one that does not exist.
func flagMeant(fs *flag.FlagSet, err error) string {
	_, unknown, ok := strings.Cut(err.Error(), "not defined: ")
	if !ok {
		return ""
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, "-"+f.Name) })
	return rule.Misspelt(unknown, names)
}

// parseNone parses the arguments of a subcommand that has none.
func parseNone(fs *flag.FlagSet, inv invocation) error {
	if err := parse(fs, inv); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("%s takes no arguments: what is %s?", inv.command.name, fs.Arg(0))
	}
	return nil
}

func newFlags() *flag.FlagSet { return flag.NewFlagSet("airlockvet", flag.ContinueOnError) }
