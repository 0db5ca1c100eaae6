package report

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/airlock-go/airlock/internal/driver"
)

// Fixes are changes of files that don't get into each other's way.
type Fixes struct {
	Applied int // how many findings they resolve
	Skipped int // how many were left out, since they overlap with others: run again
	edits   map[string][]driver.Edit
	taken   []bool // by the findings' order
}

// CollectFixes takes the first fix of each finding, in order, unless it overlaps with one taken before.
func CollectFixes(findings []Finding) *Fixes {
	fixes := &Fixes{edits: map[string][]driver.Edit{}}
	for _, f := range findings {
		taken := len(f.Fixes) > 0 && fixes.take(f.Fixes[0].Edits)
		fixes.taken = append(fixes.taken, taken)
		if taken {
			fixes.Applied++
		} else if len(f.Fixes) > 0 {
			fixes.Skipped++
		}
	}
	return fixes
}

// Left returns those of the findings that no fix was taken of.
func (x *Fixes) Left(findings []Finding) []Finding {
	var left []Finding
	for i, f := range findings {
		if !x.taken[i] {
			left = append(left, f)
		}
	}
	return left
}

// take adds the edits, all or none. An edit that is there already, an import that two fixes need, is taken once.
func (x *Fixes) take(edits []driver.Edit) bool {
	var fresh []driver.Edit
	for _, e := range edits {
		if slices.Contains(x.edits[e.File], e) {
			continue
		}
		if slices.ContainsFunc(x.edits[e.File], func(o driver.Edit) bool { return overlap(o, e) }) {
			return false
		}
		fresh = append(fresh, e)
	}
	for _, e := range fresh {
		x.edits[e.File] = append(x.edits[e.File], e)
	}
	return true
}

// overlap reports whether two edits change the same bytes, or insert at the same place.
func overlap(a, b driver.Edit) bool {
	if a.Start == a.End && b.Start == b.End {
		return a.Start == b.Start
	}
	return a.Start < b.End && b.Start < a.End
}

// Write changes the files.
func (x *Fixes) Write() error {
	return x.each(func(file string, _, after []byte) error { return replaceFile(file, after) })
}

// Diff writes what Write would change, as a unified diff; root is as in [Relative].
func (x *Fixes) Diff(w io.Writer, root string) error {
	return x.each(func(file string, before, after []byte) error {
		name := Relative(root, file)
		_, err := w.Write(diff.Diff("a/"+name, before, "b/"+name, after))
		return err
	})
}

func (x *Fixes) each(do func(file string, before, after []byte) error) error {
	for _, file := range slices.Sorted(maps.Keys(x.edits)) {
		before, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		after, err := edited(before, x.edits[file])
		if err != nil {
			return fmt.Errorf("fixing %s: %w", file, err)
		}
		if err := do(file, before, after); err != nil {
			return err
		}
	}
	return nil
}

func edited(src []byte, edits []driver.Edit) ([]byte, error) {
	edits = slices.SortedStableFunc(slices.Values(edits), func(a, b driver.Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var out bytes.Buffer
	last := 0
	for _, e := range edits {
		if e.Start < last || e.End > len(src) {
			return nil, fmt.Errorf("the file has changed since it was analysed")
		}
		out.Write(src[last:e.Start])
		out.WriteString(e.New)
		last = e.End
	}
	out.Write(src[last:])
	if formatted, err := format.Source(out.Bytes()); err == nil {
		return formatted, nil
	}
	return out.Bytes(), nil
}

// replaceFile writes the file whole or not at all, with its mode kept.
func replaceFile(file string, data []byte) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	tmp := file + ".airlockvet"
	if err := os.WriteFile(tmp, data, info.Mode().Perm()); err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		os.Remove(tmp)
		return err
	}
	return nil
}
