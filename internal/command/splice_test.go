package command_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/command"
	"github.com/airlock-go/airlock/internal/config"
)

var bindings = []config.Binding{
	{Method: config.Func{Text: "(a.I).M"}, To: config.Func{Text: "(*b.T).M"}, Performs: []string{"mail: net/smtp.SendMail"}, Requires: []int{0}},
	{Method: config.Func{Text: "(a.I).Tx"}, To: config.Func{Text: "(*b.T).Tx"}, Transaction: []int{0, 2}},
	{Method: config.Func{Text: "(a.I).WithTx"}, To: config.Func{Text: "(*b.T).WithTx"}, Transaction: []int{}},
}

const written = `bindings:
  - method: "(a.I).M"
    to: "(*b.T).M"
    performs:
      - "mail: net/smtp.SendMail"
    requires: [0]
  - method: "(a.I).Tx"
    to: "(*b.T).Tx"
    transaction: [0, 2]
  - method: "(a.I).WithTx"
    to: "(*b.T).WithTx"
    transaction: []
`

func TestSpliceBindings(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"no file":             {"", written},
		"comments alone":      {"# ours\n", "# ours\n" + written},
		"no new line at last": {"kinds: {}", "kinds: {}\n" + written},
		"an empty list":       {"bindings: [] # here\nkinds: {}\n", written + "kinds: {}\n"},
		"no value":            {"bindings:\nkinds: {}\n", written + "kinds: {}\n"},
		"in the middle":       {"kinds: {}\nbindings:\n  - {method: x.y,\n     to: z}\n\n# rules\nrules: {}\n", "kinds: {}\n" + written + "\n# rules\nrules: {}\n"},
		"its own work":        {written, written},
		"last, with a block":  {"kinds: {}\nbindings:\n  - method: x\n    to: y\n    performs:\n      - mail\n", "kinds: {}\n" + written},
	} {
		got, err := command.SpliceBindings([]byte(test.file), bindings)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		c, err := config.Parse("test", got)
		if err == nil && len(c.Bindings) == len(bindings) && (c.Bindings[0].Transaction != nil || c.Bindings[2].Transaction == nil) {
			t.Errorf("%s: what is known of transactions is read back otherwise", name)
		}
	}
	if _, err := command.SpliceBindings([]byte("kinds: ["), bindings); err == nil {
		t.Error("a file that is no YAML is written over")
	}
}

func TestSpliceNoBindings(t *testing.T) {
	got, err := command.SpliceBindings([]byte(written+"rules: {}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("bindings: []\nrules: {}\n", string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
