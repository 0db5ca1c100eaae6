package catalog_test

import (
	"strings"
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

// TestBadLines tells for each line that no catalog may have what the parser says, with file and line.
func TestBadLines(t *testing.T) {
	tests := []struct{ line, want string }{
		{"mial Client.Send", `"mial" is neither a kind of effect`},
		{"mail", "mail of what?"},
		{"mail reads Client.Send", `unexpected "reads"`},
		{"mail Client.Send.Now", `neither FUNC nor TYPE.METHOD`},
		{"mail (*Client).Send", `neither FUNC nor TYPE.METHOD`},
		{"mail Client.Send method=x", "method=x: want the index of an argument"},
		{"mail Client.Send method=-1", "want the index of an argument"},
		{"mail Client.Send method=0 verb=1", "two arguments decide"},
		{"mail Client.Send now=1", `unexpected "now=1"`},
		{"mail Client.Send twice", `want query or a member`},
		{"mail Client.Send used=command", "want used=query"},
		{"mail Send implementers", "want INTERFACE.METHOD"},
		{"mail Client.Send named", "want TYPE.*"},
		{"mail Client.Old", "a second line of this section"},
		{"request nothing F", `unknown effect kind "nothing"`},
		{"request mail F as=command", "want as=query"},
		{"none mail F", `unexpected "mail"`},
		{"noreturn F callback=1", `unexpected "callback=1"`},
		{"within F callback=first", "want the index of an argument"},
		{"begin F tx=nowhere", "want the index of an argument"},
		{"carries bacon T", `want carries WHAT TYPE`},
		{"carries T", `want carries WHAT TYPE`},
		{"handler Work", "want INTERFACE.METHOD"},
		{"module example.com/other", "want: module PATH VERSION"},
		{"module example.com/mail v1.0.0", "stands in f.txt too"},
		{"package example.com/other", "is not in module example.com/mail"},
		{"moved", "want, in a module: moved PATH"},
		{"package a b c", "want: package PATH"},
		{`module "quoted" v1`, "is no import path"},
	}
	for _, tt := range tests {
		text := "# A comment.\n\nmodule example.com/mail v1.0.0\nmail Client.Old\n" + tt.line + "\n"
		_, err := catalog.Parse("f.txt", text)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "f.txt:5: ") {
			t.Errorf("%q: %v, want f.txt:5 and %q", tt.line, err, tt.want)
		}
	}
	if _, err := catalog.Parse("f.txt", "mail Send"); err == nil || !strings.Contains(err.Error(), "before the first module") {
		t.Errorf("a line without a module: %v", err)
	}
}

// TestEveryBadLineIsReported: the reviewer fixes a file in one go.
func TestEveryBadLineIsReported(t *testing.T) {
	_, err := catalog.Parse("f.txt", "module example.com/m v1\nmial A\nmail B\nmail 1\n")
	if err == nil || !strings.Contains(err.Error(), "f.txt:2:") || !strings.Contains(err.Error(), "f.txt:4:") || strings.Contains(err.Error(), "f.txt:3:") {
		t.Errorf("got %v, want lines 2 and 4", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("module example.com/m v1\nmail query Client.Send method=0 # x\npackage example.com/m/...\nnone *.*\n")
	f.Add("module example.com/m v1\npackage * imports example.com/x\nwithin DB.Do callback=1 field=Fn\ncarries lock M\nhandler W.Work\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := catalog.Parse("f.txt", text)
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "f.txt:") {
					t.Fatalf("an error without file and line: %q", line)
				}
			}
			return
		}
		for _, l := range c.Lines() {
			if l.Module.Path == "" || l.Package == "" || l.Member == "" || !strings.HasPrefix(l.Source, "f.txt:") {
				t.Fatalf("an incomplete line: %+v", l)
			}
		}
	})
}
