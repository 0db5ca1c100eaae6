package airlock_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each of the invariants is listed in doc.go, cited by the lines that keep it, and proved by tests named for it.
func TestInvariantsAreCited(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code, tests strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			tests.Write(text)
		} else if f != "doc.go" {
			code.Write(text)
		}
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 18; n++ {
		for _, c := range []struct{ where, text, pattern string }{
			{"doc.go lists", string(doc), fmt.Sprintf(`(?m)^//  %d\. \S`, n)},
			{"code cites", code.String(), fmt.Sprintf(`// (.*[. ])?I%d\b`, n)},
			{"tests prove", tests.String(), fmt.Sprintf(`(?m)^func TestI%d_`, n)},
		} {
			if !regexp.MustCompile(c.pattern).MatchString(c.text) {
				t.Errorf("I%d: nothing in what %s matches %s", n, c.where, c.pattern)
			}
		}
	}
}
