package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// What .ci/release prepares, golangci-lint custom can build: it requires the plugin by its version, and sees no replacement.
func TestReleasedPlugin(t *testing.T) {
	root, digest := checkout(t)
	version := "v0.0.1-e2e" + digest // the go command believes that a version never changes
	run(t, root, nil, "./.ci/release", version)
	proxy := t.TempDir()
	publish(t, proxy, module.Version{Path: "github.com/airlock-go/airlock", Version: version}, root)
	publish(t, proxy, module.Version{Path: "github.com/airlock-go/airlock/golangci", Version: version}, filepath.Join(root, "golangci"))

	user := t.TempDir()
	for _, name := range []string{"main.go", "go.mod", "go.sum"} {
		copyFile(t, filepath.Join(root, "golangci", "e2e", name), filepath.Join(user, name))
	}
	cache, proxies, _ := strings.Cut(strings.TrimSpace(run(t, user, nil, "go", "env", "GOMODCACHE", "GOPROXY")), "\n")
	forget := func() {
		for _, dir := range []string{"github.com/airlock-go", "cache/download/github.com/airlock-go"} {
			os.RemoveAll(filepath.Join(cache, filepath.FromSlash(dir)))
		}
	}
	forget()
	t.Cleanup(forget)
	known := filepath.Join(cache, "cache", "download")
	env := []string{"GOPROXY=file://" + proxy + ",file://" + known + "," + proxies, "GONOSUMDB=*", "GOFLAGS=-modcacherw -mod=mod", "GOWORK=off"}
	run(t, user, env, "go", "mod", "edit", "-dropreplace=github.com/airlock-go/airlock", "-dropreplace=github.com/airlock-go/airlock/golangci",
		"-droprequire=github.com/airlock-go/airlock", "-droprequire=github.com/airlock-go/airlock/golangci")
	run(t, user, env, "go", "get", "github.com/airlock-go/airlock/golangci@"+version)
	run(t, user, env, "go", "build", "-o", "custom-gcl", ".")
	if out := run(t, user, env, "go", "version", "-m", "custom-gcl"); !strings.Contains(out, "github.com/airlock-go/airlock/golangci\t"+version) {
		t.Errorf("the binary is not built from what was published:\n%s", out)
	}
}

// checkout copies the repository, as it stands, to a new folder, and returns a digest of it.
func checkout(t *testing.T) (dir, digest string) {
	t.Helper()
	from, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	h := sha256.New()
	err = fs.WalkDir(os.DirFS(from), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".git" && d.IsDir():
			return fs.SkipDir
		case d.Type().IsRegular():
			data := copyFile(t, filepath.Join(from, name), filepath.Join(to, name))
			fmt.Fprintf(h, "%s %d\n", name, len(data))
			h.Write(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return to, hex.EncodeToString(h.Sum(nil)[:6])
}

// copyFile copies a file and returns what is in it.
func copyFile(t *testing.T, from, to string) []byte {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, info.Mode().Perm()); err != nil {
		t.Fatal(err)
	}
	return data
}

// publish puts a module into a proxy, which is a folder of files.
func publish(t *testing.T, proxy string, m module.Version, dir string) {
	t.Helper()
	at := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(at, 0o777); err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(dir, "go.mod"), filepath.Join(at, m.Version+".mod"))
	info, err := json.Marshal(map[string]string{"Version": m.Version})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at, m.Version+".info"), info, fs.FileMode(0o666)); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(at, m.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := zip.CreateFromDir(f, m, dir); err != nil {
		t.Fatal(err)
	}
}

// run runs a command that must succeed, and returns what it prints.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}
