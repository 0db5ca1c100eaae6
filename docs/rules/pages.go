// Package rules holds the page that explains each rule.
package rules

import (
	"embed"
	"fmt"

	"github.com/airlock-go/airlock/internal/rule"
)

//go:embed *.md
var pages embed.FS

// Page returns the page of a rule, as Markdown.
func Page(r rule.Rule) (string, error) {
	page, err := pages.ReadFile(r.Analyzer + "-" + r.Name + ".md")
	if err != nil {
		return "", fmt.Errorf("rule %s has no page: see %s", r, r.URL())
	}
	return string(page), nil
}
