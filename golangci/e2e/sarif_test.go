package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What -sarif prints of the corpus of fixtures is valid. The validator and the schema, which a linter among golangci-lint's has in its test
// data, are here rather than in the root module, which is to need little.
func TestSARIFIsValid(t *testing.T) {
	schema := sarifSchema(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(t.TempDir(), "airlockvet")
	build(t, root, tool, "./cmd/airlockvet")
	cmd := exec.Command(tool, "-sarif", "-cache=off", "./noescape/...", "./scopeclose/...")
	cmd.Dir = filepath.Join(root, "testdata", "src")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	for _, want := range []string{`"codeFlows"`, `"partialFingerprints"`, `"suppressions"`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("the log of the corpus has no %s", want)
		}
	}
	log, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		t.Fatalf("%v\n%.500s", err, out)
	}
	if err := schema.Validate(log); err != nil {
		t.Error(err)
	}
}

func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/securego/gosec/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "report", "sarif", "testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
