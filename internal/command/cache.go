package command

import (
	"context"
	"errors"
	"flag"
)

// cache removes the results that were kept.
func cache(_ context.Context, inv invocation) error {
	var dir string
	set := flag.NewFlagSet("airlockvet cache", flag.ContinueOnError)
	set.StringVar(&dir, "cache", "", "`directory` of the cache")
	if err := parse(set, inv, "cache [-cache=DIR] clean"); err != nil {
		return err
	}
	if set.NArg() != 1 || set.Arg(0) != "clean" {
		return errors.New("usage: airlockvet cache [-cache=DIR] clean")
	}
	c, err := openCache(dir)
	if err != nil || c == nil {
		return err
	}
	return c.Clean()
}
