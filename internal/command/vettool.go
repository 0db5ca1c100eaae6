package command

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/airlock-go/airlock/internal/whose"
)

// fromGoVet reports whether the arguments are those of the protocol between the go command and a vet tool.
func fromGoVet(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		return arg == "-V=full" || arg == "--V=full" || arg == "-flags" || arg == "--flags"
	}) || len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// vettool answers the go command. It does not return where x/tools' unitchecker takes over.
func vettool(inv invocation) error {
	last := inv.args[len(inv.args)-1]
	if strings.HasSuffix(last, "V=full") {
		return printVersion(inv.stdout)
	}
	if strings.HasSuffix(last, ".cfg") {
		if done, err := skipStd(last); done || err != nil {
			return err
		}
	}
	os.Args = append([]string{"airlockvet"}, inv.args...)
	unitchecker.Main(suite()...)
	return nil
}

// printVersion writes the line by which the go command decides whether what it kept of us is still good. The digest covers
// everything that an answer depends on and the go command does not know of.
func printVersion(w io.Writer) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	digest, err := answersDigest(exe)
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(filepath.Base(exe), " ", "_")
	_, err = fmt.Fprintf(w, "%s version devel buildID=%x\n", name, digest)
	return err
}

// answersDigest is the digest of the executable and of what its answers depend on besides the package.
func answersDigest(exe string) ([]byte, error) {
	h := sha256.New()
	f, err := os.Open(exe)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	wd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if err := digestSurroundings(h, wd); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// skipStd answers at once for a package of the standard library that the go command wants facts of: there are none.
func skipStd(file string) (done bool, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	var unit unitchecker.Config
	if err := json.Unmarshal(data, &unit); err != nil {
		return false, fmt.Errorf("reading %s: %w", file, err)
	}
	if !unit.VetxOnly || !whose.IsStd(unit.ImportPath) {
		return false, nil
	}
	return true, os.WriteFile(unit.VetxOutput, nil, 0o666)
}
