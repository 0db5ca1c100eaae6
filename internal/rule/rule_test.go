package rule_test

import (
	"testing"

	"github.com/airlock-go/airlock/internal/rule"
)

func TestParse(t *testing.T) {
	tests := []struct{ text, want, err string }{
		{text: "direct", want: "noescape/direct"},
		{text: "noescape/direct", want: "noescape/direct"},
		{text: "flush-error", want: "scopeclose/flush-error"},
		{text: "inscope/allow", want: "inscope/allow"},
		{text: "allow", err: `rule "allow" is ambiguous: write noescape/allow or another analyzer's`},
		{text: "dirct", err: `unknown rule "dirct" (did you mean "direct"?)`},
		{text: "noescape/unclosed", err: `unknown rule "noescape/unclosed" (did you mean "scopeclose/unclosed"?)`},
		{text: "scopeclose/unclosd", err: `unknown rule "scopeclose/unclosd" (did you mean "scopeclose/unclosed"?)`},
	}
	for _, test := range tests {
		r, err := rule.Parse(test.text)
		if err != nil {
			if err.Error() != test.err {
				t.Errorf("Parse(%q) fails with %q, want %q", test.text, err, test.err)
			}
			continue
		}
		if test.err != "" || r.String() != test.want {
			t.Errorf("Parse(%q) = %v, want %q and error %q", test.text, r, test.want, test.err)
		}
	}
}

func TestRulesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rule.All {
		if seen[r.String()] {
			t.Errorf("rule %v is listed twice", r)
		}
		seen[r.String()] = true
	}
}

func TestDidYouMean(t *testing.T) {
	if got := rule.DidYouMean("x", nil); got != "" {
		t.Errorf("DidYouMean with no words = %q, want nothing", got)
	}
	if got, want := rule.DidYouMean("mial", []string{"http", "mail", "fs"}), ` (did you mean "mail"?)`; got != want {
		t.Errorf("DidYouMean = %q, want %q", got, want)
	}
}
