package command

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/rule"
)

// settingsDigest returns a function that checks the configuration in force for the modules and digests it.
func settingsDigest(explicit string) func(modules []string) ([32]byte, error) {
	return func(modules []string) ([32]byte, error) {
		h := sha256.New()
		for _, dir := range modules {
			files, err := config.InForce(explicit, dir)
			if err != nil {
				return [32]byte{}, err
			}
			if _, err := config.Load(files...); err != nil {
				return [32]byte{}, err
			}
			if err := digestFiles(h, files); err != nil {
				return [32]byte{}, err
			}
		}
		return [32]byte(h.Sum(nil)), nil
	}
}

func digestFiles(h hash.Hash, files []string) error {
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%d\n", len(data))
		h.Write(data)
	}
	return nil
}

// severities returns a function that looks up, in the configuration in force for a finding's file, how severe it is.
func severities(explicit string) func(driver.Finding) (config.Severity, error) {
	known := map[string]*config.Config{}
	return func(f driver.Finding) (config.Severity, error) {
		dir := filepath.Dir(f.Raw.File)
		c, ok := known[dir]
		if !ok {
			files, err := config.InForce(explicit, dir)
			if err != nil {
				return config.Error, err
			}
			if c, err = config.Load(files...); err != nil {
				return config.Error, err
			}
			known[dir] = c
		}
		r, ok := rule.Of(f.Analyzer, f.Category)
		if !ok {
			return config.Error, nil
		}
		return c.Severity(r), nil
	}
}

// environmentRead lists the environment variables that an analysis reads.
var environmentRead = []string{config.EnvFile, "GOWORK"}

// digestSurroundings adds to h what, besides the executable, answers under go vet depend on: every configuration file that may be in
// force for the modules of dir's workspace, and the environment that the tool reads.
func digestSurroundings(h hash.Hash, dir string) error {
	for _, name := range environmentRead {
		fmt.Fprintf(h, "%s=%s\n", name, os.Getenv(name))
	}
	var files []string
	for _, d := range workspace(dir) {
		inForce, err := config.InForce("", d)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, file := range inForce {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	for _, file := range files {
		fmt.Fprintln(h, file)
	}
	return digestFiles(h, files)
}

// workspace returns the folders of the modules that go vet may be asked about in dir: all that go.work uses, or dir's own.
func workspace(dir string) []string {
	dirs := []string{dir}
	file := os.Getenv("GOWORK")
	if file == "off" {
		return dirs
	}
	if file == "" {
		file = findUp(dir, "go.work")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return dirs
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		return dirs // the go command will say so
	}
	for _, use := range work.Use {
		d := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(d) {
			d = filepath.Join(filepath.Dir(file), d)
		}
		dirs = append(dirs, d)
	}
	return dirs
}

// findUp returns the file of that name in dir or the nearest folder above it, or "".
func findUp(dir, name string) string {
	for {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
