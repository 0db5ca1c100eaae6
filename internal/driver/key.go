package driver

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// A hasher digests a sequence of strings so that no two sequences read alike.
type hasher struct{ h hash.Hash }

func newHasher(purpose string) hasher {
	h := hasher{sha256.New()}
	h.add(purpose)
	return h
}

func (h hasher) add(parts ...string) {
	for _, part := range parts {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(part)))
		h.h.Write(n[:])
		io.WriteString(h.h, part)
	}
}

func (h hasher) addDigest(d digest) { h.h.Write(d[:]) }

func (h hasher) sum() digest { return digest(h.h.Sum(nil)) }

// toolDigest is the digest of the running executable: what was computed by another one counts for nothing.
var toolDigest = sync.OnceValues(func() (digest, error) {
	exe, err := os.Executable()
	if err != nil {
		return digest{}, err
	}
	f, err := os.Open(exe)
	if err != nil {
		return digest{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return digest{}, fmt.Errorf("reading %s: %w", exe, err)
	}
	return digest(h.Sum(nil)), nil
})

// baseDigest covers what every result depends on: the tool, the toolchain, the platform, the analyzers and their flags.
func baseDigest(tool digest, env environment, analyzers, linked []*analysis.Analyzer) digest {
	h := newHasher("base")
	h.addDigest(tool)
	h.add(env.GOVERSION, env.GOOS, env.GOARCH, env.GOEXPERIMENT)
	for _, an := range analyzers {
		h.add(an.Name)
		an.Flags.VisitAll(func(f *flag.Flag) { h.add(f.Name, f.Value.String()) })
	}
	for _, an := range linked {
		h.add("linked", an.Name)
	}
	return h.sum()
}

// identities digests, for each package outside of the program's own sources, what it is: its path, its module's version, its files,
// and what it imports.
type identities struct {
	modcache, goroot string
	known            map[*unit]digest
}

func (ids *identities) of(u *unit) digest {
	if d, ok := ids.known[u]; ok {
		return d
	}
	h := newHasher("outside")
	h.add(u.path)
	if u.module != nil {
		h.add(u.module.Path, u.module.Version)
		if r := u.module.Replace; r != nil {
			h.add(r.Path, r.Version)
		}
	}
	fixed := u.std || u.dir != "" && ids.modcache != "" && strings.HasPrefix(u.dir, ids.modcache+string(filepath.Separator))
	for _, file := range u.files {
		h.add(filepath.Base(file))
		if !fixed {
			h.add(stamp(file))
		}
	}
	for _, dep := range u.imports {
		h.addDigest(ids.of(dep))
	}
	d := h.sum()
	ids.known[u] = d
	return d
}

// stamp is a digest of a file that is neither in the module cache nor own: vendored, or of a module replaced by a directory.
func stamp(file string) string {
	d, err := contentDigest(file)
	if err != nil {
		return err.Error()
	}
	return string(d[:])
}

func contentDigest(file string) (digest, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return digest{}, err
	}
	return sha256.Sum256(data), nil
}

// staticDigests computes for each unit the digest of all that does not depend on the run: its name, its files, the packages from
// outside that it imports.
func staticDigests(units []*unit, ids *identities, base, settings digest) {
	for _, u := range units {
		for _, dep := range u.imports {
			if !dep.source {
				ids.of(dep)
			}
		}
	}
	parallel(units, func(u *unit) {
		h := newHasher("unit")
		h.addDigest(base)
		h.addDigest(settings)
		h.add(u.id, u.path, fmt.Sprint(u.root), goVersion(u))
		if u.module != nil {
			h.add(u.module.Path, u.module.Version)
		}
		u.stamps = map[string]string{}
		for _, file := range slices.Concat(u.files, u.cgoFiles) {
			u.stamps[file] = stamp(file)
			h.add(filepath.Base(file), u.stamps[file])
		}
		for _, file := range slices.Concat(u.otherFiles, u.ignoredFiles) {
			h.add(filepath.Base(file))
		}
		for _, dep := range u.imports {
			if !dep.source {
				h.addDigest(ids.known[dep])
			}
		}
		u.static = h.sum()
	})
}

// parallel calls do for each item, as many at a time as there are processors.
func parallel[T any](items []T, do func(T)) {
	var wg sync.WaitGroup
	next := make(chan T)
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		wg.Go(func() {
			for item := range next {
				do(item)
			}
		})
	}
	for _, item := range items {
		next <- item
	}
	close(next)
	wg.Wait()
}
