package directive_test

import (
	"strings"
	"testing"

	"github.com/airlock-go/airlock/internal/directive"
)

func TestMalformed(t *testing.T) {
	for text, want := range map[string]string{
		"//airlock:allow":                                      "an allow names a rule and gives a reason: //airlock:allow RULE REASON",
		"//airlock:allow ,":                                    "an allow names a rule and gives a reason: //airlock:allow RULE REASON",
		"//airlock:allow direct":                               "an allow without a reason suppresses nothing: say why after the rule",
		"//airlock:allow direct // a later comment":            "an allow without a reason suppresses nothing: say why after the rule",
		"//airlock:allow direct until=2030-01-01":              "an allow without a reason suppresses nothing: say why after the rule",
		"//airlock:allow direct legacy until=soon":             `an allow ends with until=YYYY-MM-DD, not "until=soon"`,
		"//airlock:allow direct until=2030-01-01 legacy":       `an allow ends with until=YYYY-MM-DD, not "until=2030-01-01 legacy"`,
		"//airlock:allow dirct legacy":                         `unknown rule "dirct" (did you mean "direct"?)`,
		"//airlock:allow allow legacy":                         "an allow can't be allowed: correct or remove the directive that is reported",
		"//airlock:efect":                                      `unknown directive //airlock:efect (did you mean "effect"?)`,
		"//airlock:effect mial":                                `unknown effect kind "mial" (kinds: mail notify http rpc queue exec storage search payment infra other fs net db cache log time random env)`,
		"//airlock:effect mail http":                           `an effect has one kind, not "mail http"`,
		"//airlock:pure very":                                  `//airlock:pure takes "strict" or nothing, not "very"`,
		"//airlock:scoped ctx":                                 `//airlock:scoped takes no arguments, not "ctx"`,
		"// airlock:allow direct legacy":                       "a directive has no blank after //: write //airlock:",
		"//airlock:":                                           `unknown directive //airlock: (did you mean "pure"?)`,
		"//airlock:allow noescape/direct,scopeclose/unclosd x": `unknown rule "scopeclose/unclosd" (did you mean "scopeclose/unclosed"?)`,
	} {
		_, _, ok, err := directive.ParseText(text)
		if err == nil || err.Error() != want {
			t.Errorf("%s\n\tfails with %v (ok %t)\n\twant       %s", text, err, ok, want)
		}
	}
}

func TestAllow(t *testing.T) {
	tests := []struct {
		text   string
		rules  int
		reason string
	}{
		{"//airlock:allow direct the cron job owns it", 1, "the cron job owns it"},
		{"//airlock:allow direct,noescape/task  two   blanks", 2, "two blanks"},
		{"//airlock:allow direct, task a blank after the comma", 2, "a blank after the comma"},
		{"//airlock:allow direct see https://example.com/x // and more", 1, "see https://example.com/x"},
		{"//airlock:allow direct legacy until=2030-01-31", 1, "legacy"},
		{"//airlock:allow\tdirect\ttabs\r", 1, "tabs"},
	}
	for _, test := range tests {
		rules, reason, ok, err := directive.ParseText(test.text)
		if !ok || err != nil || rules != test.rules || reason != test.reason {
			t.Errorf("%s = %d rules, reason %q, %v, %v; want %d rules, reason %q", test.text, rules, reason, ok, err, test.rules, test.reason)
		}
	}
}

func TestNotDirectives(t *testing.T) {
	for _, text := range []string{"// airlock is a library", "// see //airlock:allow", "/*airlock:allow direct x*/", "//go:generate x", "// airlock:what", "//"} {
		if _, _, ok, err := directive.ParseText(text); ok {
			t.Errorf("%s is read as a directive (error %v)", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("//airlock:\n")
	f.Add("//airlock:allow direct,noescape/task legacy until=2030-01-31")
	f.Add("//airlock:effect mail // want `x`")
	f.Add("// airlock:pure strict")
	f.Fuzz(func(t *testing.T, text string) {
		rules, reason, ok, err := directive.ParseText(text)
		if rules > 0 && (reason == "" || !ok) {
			t.Errorf("%q suppresses without a reason", text)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q fails with several lines: %v", text, err)
		}
		if again, reason2, _, _ := directive.ParseText(text + " // remark"); ok && err == nil && (again != rules || reason2 != reason) {
			t.Errorf("a remark after %q changes what it means: %q", text, reason2)
		}
	})
}
