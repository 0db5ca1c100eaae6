package command

import (
	"context"
	"fmt"
)

// cache removes the results that were kept.
func cache(_ context.Context, inv invocation) error {
	var dir string
	set := newFlags()
	set.StringVar(&dir, "cache", "", "`directory` of the cache")
	if err := parse(set, inv); err != nil {
		return err
	}
	if set.NArg() != 1 || set.Arg(0) != "clean" {
		return fmt.Errorf("usage: airlockvet %s", inv.command.synopsis)
	}
	c, err := openCache(dir)
	if err != nil || c == nil {
		return err
	}
	return c.Clean()
}
