package driver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"
)

// A Cache keeps what was computed, by a digest of all that it depends on, as files below one directory. It may be used by several
// processes at once, be copied to another machine, and be removed at any time: an entry that is not whole is as good as none.
//
// A nil Cache keeps nothing.
type Cache struct {
	dir    string
	limit  int64
	failed atomic.Pointer[error]
}

type digest = [sha256.Size]byte

// DefaultCacheLimit is how many bytes a cache may keep before its oldest entries go.
const DefaultCacheLimit = 1 << 30

// maxAge is how long an entry that nobody reads stays.
const maxAge = 30 * 24 * time.Hour

// magic begins every entry; it changes when the format does.
const magic = "airlockvet entry 3\n"

// OpenCache returns the cache in dir, which is made when there is something to keep.
func OpenCache(dir string, limit int64) *Cache { return &Cache{dir: dir, limit: limit} }

// DefaultCacheDir returns the directory of the cache: AIRLOCKVET_CACHE, or airlockvet in the user's cache directory.
func DefaultCacheDir() (string, error) {
	if dir := os.Getenv("AIRLOCKVET_CACHE"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for a cache: %w (set AIRLOCKVET_CACHE, or use -cache=off)", err)
	}
	return filepath.Join(dir, "airlockvet"), nil
}

// get decodes the entry of key into v.
func (c *Cache) get(key digest, v any) bool {
	if c == nil {
		return false
	}
	file := c.file(key)
	data, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	payload, ok := unseal(data)
	if !ok || gob.NewDecoder(bytes.NewReader(payload)).Decode(v) != nil {
		os.Remove(file)
		return false
	}
	c.touch(file)
	return true
}

// has reports whether there is an entry of key, without looking into it.
func (c *Cache) has(key digest) bool {
	if c == nil {
		return false
	}
	_, err := os.Stat(c.file(key))
	return err == nil
}

// put keeps v. A cache that can't be written is slow, not wrong: [Cache.Err] tells of it.
func (c *Cache) put(key digest, v any) {
	if c == nil {
		return
	}
	var payload bytes.Buffer
	err := gob.NewEncoder(&payload).Encode(v)
	if err == nil {
		sum := sha256.Sum256(payload.Bytes())
		err = writeFile(c.file(key), []byte(magic), sum[:], payload.Bytes())
	}
	if err != nil {
		c.failed.CompareAndSwap(nil, &err)
	}
}

// Err returns the first error of writing to the cache.
func (c *Cache) Err() error {
	if c == nil || c.failed.Load() == nil {
		return nil
	}
	return fmt.Errorf("the cache can't be written: %w", *c.failed.Load())
}

func unseal(data []byte) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok || len(rest) < sha256.Size {
		return nil, false
	}
	payload := rest[sha256.Size:]
	return payload, sha256.Sum256(payload) == digest(rest[:sha256.Size])
}

// writeFile writes the parts to the file, whole or not at all, whoever else writes it.
func writeFile(file string, parts ...[]byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, "tmp-*")
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err == nil {
			_, err = tmp.Write(part)
		}
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

func (c *Cache) file(key digest) string {
	name := hex.EncodeToString(key[:])
	return filepath.Join(c.dir, name[:2], name)
}

// touch marks an entry as used, at most once an hour.
func (c *Cache) touch(file string) {
	now := time.Now()
	if info, err := os.Stat(file); err == nil && now.Sub(info.ModTime()) > time.Hour {
		os.Chtimes(file, now, now)
	}
}

// Clean removes everything, but only what a cache writes: the directory may have been named by mistake.
func (c *Cache) Clean() error {
	failed, first := 0, error(nil)
	for _, e := range append(c.entries(), cacheEntry{file: c.trimFile()}) {
		if err := removeIfThere(e.file); err != nil {
			failed, first = failed+1, cmp.Or(first, err)
		}
	}
	dirs, _ := filepath.Glob(filepath.Join(c.dir, "[0-9a-f][0-9a-f]"))
	for _, dir := range dirs {
		os.Remove(dir) // stays if something else is in it
	}
	os.Remove(c.dir)
	if failed > 0 {
		return fmt.Errorf("%d of the cache's files can't be removed: %w", failed, first)
	}
	return nil
}

func removeIfThere(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (c *Cache) trimFile() string { return filepath.Join(c.dir, "trimmed") }

// Trim removes what has not been read for long, and the oldest entries of a cache that is too large. It looks once a day.
func (c *Cache) Trim(now time.Time) {
	if c == nil {
		return
	}
	if info, err := os.Stat(c.trimFile()); err == nil && now.Sub(info.ModTime()) < 24*time.Hour {
		return
	}
	if writeFile(c.trimFile()) == nil {
		c.trim(now)
	}
}

func (c *Cache) trim(now time.Time) {
	entries := c.entries()
	slices.SortFunc(entries, func(a, b cacheEntry) int { return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.file, b.file)) })
	var kept int64
	for _, e := range entries {
		if kept += e.size; kept > c.limit || now.Sub(e.used) > maxAge {
			os.Remove(e.file)
			kept -= e.size
		}
	}
}

type cacheEntry struct {
	file string
	size int64
	used time.Time
}

// entries returns the files that a cache wrote.
func (c *Cache) entries() []cacheEntry {
	var entries []cacheEntry
	files, _ := filepath.Glob(filepath.Join(c.dir, "[0-9a-f][0-9a-f]", "*"))
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			entries = append(entries, cacheEntry{file, info.Size(), info.ModTime()})
		}
	}
	return entries
}
