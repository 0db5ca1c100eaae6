package report

import (
	"encoding/json"
	"io"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
)

// The JSON output has the shape of x/tools' multichecker, package → analyzer → diagnostics, with a few keys more.
type (
	jsonTree       map[string]map[string][]jsonDiagnostic
	jsonDiagnostic struct {
		Category       string     `json:"category,omitempty"`
		Posn           string     `json:"posn"`
		End            string     `json:"end"`
		Message        string     `json:"message"`
		Severity       string     `json:"severity,omitempty"` // of those that are no errors
		Func           string     `json:"func,omitempty"`
		Chain          []jsonStep `json:"chain,omitempty"`
		URL            string     `json:"url,omitempty"`
		SuggestedFixes []jsonFix  `json:"suggested_fixes,omitempty"`
	}
	jsonStep struct {
		Func string `json:"func"`
		Pos  string `json:"pos,omitempty"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		Filename string `json:"filename"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
		New      string `json:"new"`
	}
)

// JSON writes the findings as x/tools' multichecker does.
func JSON(w io.Writer, findings []Finding) error {
	tree := jsonTree{}
	for _, f := range findings {
		if tree[f.Package] == nil {
			tree[f.Package] = map[string][]jsonDiagnostic{}
		}
		tree[f.Package][f.Analyzer] = append(tree[f.Package][f.Analyzer], jsonOf(f))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(tree)
}

func jsonOf(f Finding) jsonDiagnostic {
	d := jsonDiagnostic{
		Category:       f.Category,
		Posn:           f.Pos.String(),
		End:            f.End.String(),
		Message:        f.Message,
		Func:           f.Func,
		URL:            f.URL,
		SuggestedFixes: jsonFixes(f.Fixes),
	}
	if f.Severity != config.Error {
		d.Severity = f.Severity.String()
	}
	for _, step := range f.Chain {
		d.Chain = append(d.Chain, jsonStep(step))
	}
	return d
}

func jsonFixes(fixes []driver.Fix) []jsonFix {
	var out []jsonFix
	for _, fix := range fixes {
		j := jsonFix{Message: fix.Message, Edits: []jsonEdit{}}
		for _, e := range fix.Edits {
			j.Edits = append(j.Edits, jsonEdit{Filename: e.File, Start: e.Start, End: e.End, New: e.New})
		}
		out = append(out, j)
	}
	return out
}
