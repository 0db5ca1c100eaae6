package report

import (
	"encoding/json"
	"io"

	"github.com/airlock-go/airlock/internal/config"
)

// A gitlabIssue is what GitLab reads of an entry of a Code Quality report.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// GitLab writes the findings as a Code Quality report, which GitLab shows in merge requests. Files are named relative to top, the root of
// the repository.
func GitLab(w io.Writer, top string, findings []Finding) error {
	issues := []gitlabIssue{}
	seen := map[string]int{}
	for _, f := range findings {
		issues = append(issues, gitlabIssue{
			Description: f.Message, CheckName: f.Rule(), Fingerprint: fingerprint(f, seen), Severity: gitlabSeverity(f.Severity),
			Location: gitlabLocation{Path: Relative(top, f.Pos.File), Lines: gitlabLines{Begin: max(1, f.Pos.Line)}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

func gitlabSeverity(s config.Severity) string {
	switch s {
	case config.Error:
		return "major"
	case config.Warning:
		return "minor"
	}
	return "info"
}
