package config_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/config"
)

var update = flag.Bool("update", false, "write schema.json")

func TestSchemaIsTheStruct(t *testing.T) {
	want, err := config.NewSchema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), config.Schema); diff != "" {
		t.Errorf("schema.json differs from the struct; run go test -update (-want +got):\n%s", diff)
	}
}
