package catalog_test

import (
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

func TestDefault(t *testing.T) {
	if n := len(catalog.Default().Lines()); n < 1500 {
		t.Errorf("the embedded catalog has %d lines", n)
	}
}
