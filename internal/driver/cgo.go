package driver

import (
	"context"
	"slices"
)

// translateCgo replaces, in the units that use cgo, the files that import "C" by those that cgo makes of them. Where cgo can't be run,
// nothing is known of what "C" has.
func (r *runner) translateCgo(ctx context.Context, units []*unit) error {
	units = slices.DeleteFunc(slices.Clone(units), func(u *unit) bool { return len(u.cgoFiles) == 0 })
	if len(units) == 0 {
		return nil
	}
	var paths []string
	for _, u := range units {
		paths = append(paths, u.path)
	}
	slices.Sort(paths)
	pkgs, err := r.cmd.list(ctx, "ImportPath,Dir,GoFiles,CompiledGoFiles", append([]string{"-compiled", "--"}, slices.Compact(paths)...)...)
	if err != nil {
		return err
	}
	made := map[string][]string{}
	for _, p := range pkgs {
		goFiles := absolute(p.Dir, p.GoFiles)
		made[p.ImportPath] = slices.DeleteFunc(absolute(p.Dir, p.CompiledGoFiles), func(f string) bool { return slices.Contains(goFiles, f) })
	}
	for _, u := range units {
		more := made[u.path]
		if len(more) == 0 {
			more, u.fakeC = u.cgoFiles, true
		}
		u.files = slices.Concat(u.files, more)
	}
	return nil
}
