package driver_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/airlock-go/airlock/internal/driver"
)

// entries returns the files of a cache's entries.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCacheIsBounded(t *testing.T) {
	tr := newTree(t, program)
	dir := t.TempDir()
	tr.cache = driver.OpenCache(dir, driver.DefaultCacheLimit)
	want := tr.lines(tr.load())
	all := entries(t, dir)
	if len(all) < 4 {
		t.Fatalf("%d entries of 4 packages", len(all))
	}
	now := time.Now()

	// It looks once a day.
	small := driver.OpenCache(dir, 1)
	small.Trim(now)
	if got := entries(t, dir); len(got) != len(all) {
		t.Errorf("%d entries after a second look on the same day, want %d", len(got), len(all))
	}
	// Too large: the oldest go.
	small.Trim(now.Add(25 * time.Hour))
	if got := entries(t, dir); len(got) != 0 {
		t.Errorf("%d entries in a cache of one byte", len(got))
	}
	// What is gone is computed again.
	s := tr.load()
	if got := tr.lines(s); len(got) != len(want) || s.Stats.Analysed != 4 {
		t.Errorf("after trimming: %d packages analysed, %d findings; want 4 and %d", s.Stats.Analysed, len(got), len(want))
	}
	// What nobody reads goes.
	old := entries(t, dir)[0]
	if err := os.Chtimes(old, now.AddDate(0, -2, 0), now.AddDate(0, -2, 0)); err != nil {
		t.Fatal(err)
	}
	driver.OpenCache(dir, driver.DefaultCacheLimit).Trim(now.Add(50 * time.Hour))
	if _, err := os.Stat(old); err == nil {
		t.Error("an entry that nobody has read for two months is still there")
	}
}

// What can't be removed is told in one line, however much it is.
func TestCleanSaysHowMuchStays(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"trimmed/mine", "ab/abcd"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, nil, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	err := driver.OpenCache(dir, driver.DefaultCacheLimit).Clean()
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "1 of the cache's files can't be removed: remove "+dir) {
		t.Errorf("Clean fails with %v, want the number of files and the first reason", err)
	}
	if left := entries(t, dir); len(left) > 0 {
		t.Errorf("%q stay", left)
	}
}
