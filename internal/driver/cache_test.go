package driver_test

import (
	"os"
	"path/filepath"
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
