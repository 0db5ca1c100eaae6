package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/rule"
)

// The part of SARIF 2.1.0 that we speak. honnef.co/go/tools/sarif has neither code flows nor fingerprints.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool               sarifTool                `json:"tool"`
		OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds,omitempty"`
		Results            []sarifResult            `json:"results"`
		ColumnKind         string                   `json:"columnKind"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
		HelpURI          string       `json:"helpUri"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Level               string             `json:"level"`
		Message             sarifMessage       `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		CodeFlows           []sarifCodeFlow    `json:"codeFlows,omitempty"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifLocation struct {
		PhysicalLocation *sarifPhysical `json:"physicalLocation,omitempty"`
		Message          *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
)

// rootID names the directory that the files of a log are relative to.
const rootID = "%SRCROOT%"

// SARIF writes the findings, those that were let pass included, as a SARIF 2.1.0 log. Files below top are named relative to it; the steps of
// chains are relative to root.
func SARIF(w io.Writer, root, top, version string, findings []Finding) error {
	rules := rulesOf(findings)
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "airlockvet", Version: version, InformationURI: "https://github.com/airlock-go/airlock", Rules: rules,
		}},
		Results:    []sarifResult{},
		ColumnKind: "utf16CodeUnits",
	}
	if top != "" {
		run.OriginalURIBaseIDs = map[string]sarifArtifact{rootID: {URI: strings.TrimSuffix(fileURI(top), "/") + "/"}}
	}
	seen := map[string]int{}
	for _, f := range findings {
		index := slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == f.Rule() })
		run.Results = append(run.Results, sarifOf(root, top, f, index, seen))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

// rulesOf lists our rules, and those that findings have besides.
func rulesOf(findings []Finding) []sarifRule {
	var rules []sarifRule
	for _, r := range rule.All {
		rules = append(rules, sarifRule{ID: r.String(), ShortDescription: sarifMessage{r.String()}, HelpURI: r.URL()})
	}
	for _, f := range findings {
		if !slices.ContainsFunc(rules, func(r sarifRule) bool { return r.ID == f.Rule() }) {
			rules = append(rules, sarifRule{ID: f.Rule(), ShortDescription: sarifMessage{f.Rule()}, HelpURI: f.URL})
		}
	}
	return rules
}

func sarifOf(root, top string, f Finding, index int, seen map[string]int) sarifResult {
	r := sarifResult{
		RuleID: f.Rule(), RuleIndex: index, Level: sarifLevel(f.Severity), Message: sarifMessage{f.Message},
		Locations: []sarifLocation{{PhysicalLocation: &sarifPhysical{
			ArtifactLocation: artifact(top, f.Pos.File),
			Region:           sarifRegion{StartLine: max(1, f.Pos.Line), StartColumn: f.Pos.Col, EndLine: f.End.Line, EndColumn: f.End.Col},
		}}},
		PartialFingerprints: map[string]string{"airlockvet/v1": fingerprint(f, seen)},
	}
	if flow := flowOf(root, top, f); flow != nil {
		r.CodeFlows = []sarifCodeFlow{{ThreadFlows: []sarifThreadFlow{{Locations: flow}}}}
	}
	if s := f.Suppressed; s != nil {
		kind := "external"
		if s.InSource {
			kind = "inSource"
		}
		r.Suppressions = []sarifSuppression{{Kind: kind, Justification: s.Reason}}
	}
	return r
}

func sarifLevel(s config.Severity) string {
	switch s {
	case config.Error:
		return "error"
	case config.Warning:
		return "warning"
	}
	return "note"
}

// flowOf turns a chain into steps from the finding down to the sink. Steps relative to another module have no place that a viewer
// could open.
func flowOf(root, top string, f Finding) []sarifFlowLocation {
	var flow []sarifFlowLocation
	for _, step := range f.Chain {
		l := sarifLocation{Message: &sarifMessage{"calls " + step.Func}}
		if file, line, col, ok := splitPos(step.Pos); ok {
			l.PhysicalLocation = &sarifPhysical{
				ArtifactLocation: artifact(top, filepath.Join(root, filepath.FromSlash(file))),
				Region:           sarifRegion{StartLine: line, StartColumn: col},
			}
		}
		flow = append(flow, sarifFlowLocation{l})
	}
	return flow
}

func splitPos(pos string) (file string, line, col int, ok bool) {
	parts := strings.Split(pos, ":")
	if len(parts) < 3 {
		return "", 0, 0, false
	}
	n := len(parts)
	line, err1 := strconv.Atoi(parts[n-2])
	col, err2 := strconv.Atoi(parts[n-1])
	return strings.Join(parts[:n-2], ":"), line, col, err1 == nil && err2 == nil && line > 0
}

func artifact(root, file string) sarifArtifact {
	if rel := Relative(root, file); rel != file {
		return sarifArtifact{URI: (&url.URL{Path: rel}).EscapedPath(), URIBaseID: rootID}
	}
	return sarifArtifact{URI: fileURI(file)}
}

func fileURI(file string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// fingerprint stays the same when lines move: it is made of what a baseline goes by, and of how many like it came before.
func fingerprint(f Finding, seen map[string]int) string {
	key := keyOf(f).String()
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}
