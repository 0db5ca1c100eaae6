package config

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// FileName is the name of the configuration file.
const FileName = ".airlock.yml"

// EnvFile is the environment variable that names the one configuration file in force.
const EnvFile = "AIRLOCKVET_CONFIG"

// InForce returns the configuration files for the module that holds dir, in the order in which they are laid over each other: the one
// that explicit or the environment names; otherwise those beside go.work and in the module's root, where they exist.
func InForce(explicit, dir string) ([]string, error) {
	if explicit == "" {
		explicit = os.Getenv(EnvFile)
	}
	if explicit != "" {
		file, err := locate(explicit)
		if err != nil {
			return nil, err
		}
		return []string{file}, nil
	}
	var files []string
	root := moduleRoot(dir)
	for _, d := range []string{workRoot(root), root} {
		if d == "" {
			continue
		}
		file := filepath.Join(d, FileName)
		if _, err := os.Stat(file); err == nil && (len(files) == 0 || files[0] != file) {
			files = append(files, file)
		}
	}
	return files, nil
}

// locate finds a file that a person named. The go command runs a vet tool in the package's own folder, so a relative name is looked
// for in every folder above, too.
func locate(name string) (string, error) {
	if filepath.IsAbs(name) {
		_, err := os.Stat(name)
		return name, err
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	dir := above(wd, name)
	if dir == "" {
		return "", fmt.Errorf("no configuration file %s in %s or above", name, wd)
	}
	return filepath.Join(dir, name), nil
}

// moduleRoot returns the folder of the go.mod that dir belongs to, or "".
func moduleRoot(dir string) string { return above(dir, "go.mod") }

// workRoot returns the folder of the go.work in force, or "": what GOWORK names, or the nearest at or above the module's root, or
// above the working folder, from which a workspace may use modules beside it.
func workRoot(root string) string {
	switch env := os.Getenv("GOWORK"); env {
	case "":
	case "off":
		return ""
	default:
		return filepath.Dir(env)
	}
	if root != "" {
		if dir := above(root, "go.work"); dir != "" {
			return dir
		}
	}
	wd, err := os.Getwd()
	if err != nil {
		return ""
	}
	return above(wd, "go.work")
}

// above returns the nearest folder, dir or one above it, that holds a file of that name; "" if none does.
func above(dir, name string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir || dir == "" {
			return ""
		}
		dir = up
	}
}

// Load reads files and lays each over those before it. No files: nothing is changed.
func Load(files ...string) (*Config, error) {
	c := new(Config)
	for _, file := range files {
		top, err := readOnce(file)
		if err != nil {
			return nil, err
		}
		c = c.overlay(top)
	}
	return c, nil
}

// readOnce remembers what a file meant, until it is written again: every package of a run asks, and bindings make files of megabytes.
func readOnce(file string) (*Config, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("reading configuration: %w", err)
	}
	type version struct {
		file       string
		size, time int64
	}
	return once(version{file, info.Size(), info.ModTime().UnixNano()}, func() (*Config, error) {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading configuration: %w", err)
		}
		return Parse(file, data)
	})
}

// once remembers what was read, by what tells it from everything else.
func once(key any, read func() (*Config, error)) (*Config, error) {
	config, _ := known.LoadOrStore(key, sync.OnceValues(read))
	return config.(func() (*Config, error))()
}

var known sync.Map
