package report

import (
	"encoding/json"
	"io"

	"github.com/airlock-go/airlock/internal/driver"
)

// The JSON output has the shape of x/tools' multichecker: package → analyzer → diagnostics.
type (
	jsonTree       map[string]map[string][]jsonDiagnostic
	jsonDiagnostic struct {
		Category       string    `json:"category,omitempty"`
		Posn           string    `json:"posn"`
		End            string    `json:"end"`
		Message        string    `json:"message"`
		SuggestedFixes []jsonFix `json:"suggested_fixes,omitempty"`
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
func JSON(w io.Writer, findings []driver.Finding) error {
	tree := jsonTree{}
	for _, f := range findings {
		if tree[f.Package] == nil {
			tree[f.Package] = map[string][]jsonDiagnostic{}
		}
		tree[f.Package][f.Analyzer] = append(tree[f.Package][f.Analyzer], jsonDiagnostic{
			Category:       f.Category,
			Posn:           f.Pos.String(),
			End:            f.End.String(),
			Message:        f.Message,
			SuggestedFixes: jsonFixes(f.Fixes),
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(tree)
}

func jsonFixes(fixes []driver.Fix) []jsonFix {
	var out []jsonFix
	for _, fix := range fixes {
		j := jsonFix{Message: fix.Message}
		for _, e := range fix.Edits {
			j.Edits = append(j.Edits, jsonEdit{Filename: e.File, Start: e.Start, End: e.End, New: e.New})
		}
		out = append(out, j)
	}
	return out
}
