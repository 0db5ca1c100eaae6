// Package golangci runs the checks inside golangci-lint, as a module plugin.
//
//	# .custom-gcl.yml
//	version: v2.15.0
//	plugins:
//	  - module: github.com/airlock-go/airlock/golangci
//	    version: latest
//
// # Limitations
//
// golangci-lint sees one package at a time, and keys what it keeps by its own configuration alone:
//
//   - The settings of the linter take the place of .airlock.yml, which is not read.
//   - An interface method that a package implements which the caller does not import is bound only by the setting bindings, which
//     airlockvet bind writes.
//   - An allow does not expire, and severities are golangci-lint's own.
//   - Of findings with the same text it shows three, unless issues.max-same-issues is 0.
//
// The standalone command is the authority.
package golangci

import (
	"encoding/json"
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/analyzers"
	"github.com/airlock-go/airlock/internal/config"
)

// Name is the name of the linter in golangci-lint's configuration.
const Name = "airlock"

func init() { register.Plugin(Name, New) }

type plugin struct{}

// New returns the plugin with the settings that golangci-lint read: those of .airlock.yml, under the same names.
func New(settings any) (register.LinterPlugin, error) {
	if settings == nil {
		settings = map[string]any{} // no settings are settings, too: a file would be read behind golangci-lint's back
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", Name, err)
	}
	if _, err := config.Parse("settings of "+Name, text); err != nil {
		return nil, err
	}
	if err := config.Analyzer.Flags.Set("settings", string(text)); err != nil {
		return nil, err
	}
	return plugin{}, nil
}

// BuildAnalyzers returns the checks.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return analyzers.Suite, nil }

// GetLoadMode says that the checks need types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
