package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/airlock-go/airlock/internal/config"
)

// GitHub writes the findings as workflow commands, which GitHub shows beside the changed lines. Files are named relative to top, the root
// of the repository.
func GitHub(w io.Writer, top string, findings []Finding) error {
	var buf bytes.Buffer
	for _, f := range findings {
		fmt.Fprintf(&buf, "::%s file=%s,line=%d,col=%d,title=%s::%s\n",
			githubLevel(f.Severity), property(Relative(top, f.Pos.File)), f.Pos.Line, f.Pos.Col, property(f.Rule()), escaped(f.Message))
	}
	_, err := w.Write(buf.Bytes())
	return err
}

func githubLevel(s config.Severity) string {
	switch s {
	case config.Error:
		return "error"
	case config.Warning:
		return "warning"
	}
	return "notice"
}

// escaped encodes what would end a workflow command.
func escaped(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property encodes what would end a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escaped(s))
}
