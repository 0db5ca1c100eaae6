package report

import (
	"slices"
	"time"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
)

// A Finding is a finding with what the team thinks of it.
type Finding struct {
	driver.Finding
	Severity   config.Severity
	Suppressed *Suppression // nil for one that is to be printed
	Expired    bool         // a directive let it pass until its last day was over
}

// A Suppression says why a finding is not printed.
type Suppression struct {
	InSource bool // a directive, rather than a file beside the source
	Reason   string
}

// Judge gives each finding the severity that the settings in force for its file say, and lets pass what a directive that has not
// expired allows.
func Judge(findings []driver.Finding, severity func(driver.Finding) (config.Severity, error), now time.Time) ([]Finding, error) {
	var judged []Finding
	for _, f := range findings {
		s, err := severity(f)
		if err != nil {
			return nil, err
		}
		j := Finding{Finding: f, Severity: s, Expired: f.Allowed.Expired(now)}
		if f.Allowed != nil && !j.Expired {
			j.Suppressed = &Suppression{InSource: true, Reason: f.Allowed.Reason}
		}
		judged = append(judged, j)
	}
	return judged, nil
}

// Open returns the findings that are to be printed.
func Open(findings []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Suppressed != nil })
}

// Failing reports whether one of the findings is an error.
func Failing(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == config.Error })
}

// Place returns a position as it is printed: file:line:col, the file relative to root where it lies below it.
func Place(root string, pos driver.Position) string {
	pos.File = Relative(root, pos.File)
	return pos.String()
}
