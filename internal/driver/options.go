package driver

import (
	"golang.org/x/tools/go/analysis"
)

// Options say what to analyse, with what, and how.
type Options struct {
	Dir       string   // where the go command runs; "" is the current directory
	Env       []string // environment of the go command; nil is the current one
	Patterns  []string // package patterns; none means "."
	Tests     bool     // include test files, as the go command does
	Flags     []string // build flags of the go command: -tags=…, -mod=…
	Analyzers []*analysis.Analyzer
}

// A Result is what a run found.
type Result struct {
	Root     string    // paths are printed relative to it: the directory of go.work, else of the main module
	Findings []Finding // by place, no two equal
	LeftOut  []LeftOut // packages that could not be analysed, by path
	Packages int       // how many packages were asked for
}

// LeftOut is a package that could not be analysed.
type LeftOut struct {
	Package string
	Reasons []string // file:line:col: message
}
