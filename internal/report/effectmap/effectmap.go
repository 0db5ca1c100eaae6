// Package effectmap writes a program's effects as one self-contained page: a graph from entry points to effects, to filter and to read.
package effectmap

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

// A Map is what the page shows. The zero Map is an empty page.
type Map struct {
	Title     string     `json:"title"`
	Base      string     `json:"base,omitempty"` // the revision that Change is told against, if any
	Functions []Function `json:"functions"`
	Calls     []Call     `json:"calls"`
}

// A Function is one function with something to say: it performs or enqueues, or has changed.
type Function struct {
	Name    string   `json:"name"`    // full name, unique
	Package string   `json:"package"` // import path
	Short   string   `json:"short"`   // the name without its import path: (*Service).Place
	Pos     string   `json:"pos"`     // file:line, relative to the module
	Entry   string   `json:"entry,omitempty"`
	Effects []Effect `json:"effects,omitempty"`
	Pure    bool     `json:"pure,omitempty"`
	Change  Change   `json:"change,omitempty"`
}

// An Effect is one thing that a function does, with the shortest way to it.
type Effect struct {
	Kind     string   `json:"kind"`
	Command  bool     `json:"command,omitempty"`
	Boundary Boundary `json:"boundary,omitempty"`
	Async    string   `json:"async,omitempty"` // "goroutine" or "queued"
	Chain    []Step   `json:"chain"`           // from the function's own call to the sink
	Change   Change   `json:"change,omitempty"`
}

// A Step is one call on the way to an effect.
type Step struct {
	Callee string `json:"callee"`
	Pos    string `json:"pos,omitempty"`    // of the call
	Source string `json:"source,omitempty"` // its line
}

// A Call is an edge between two functions of the map, given by their indices.
type Call struct {
	From        int  `json:"from"`
	To          int  `json:"to"`
	Transaction bool `json:"transaction,omitempty"` // made while a database transaction is open
}

// A Boundary says how an effect leaves.
type Boundary string

const (
	Direct      Boundary = ""            // at once, through nothing
	Scope       Boundary = "scope"       // through Enqueue: a scope decides
	Transaction Boundary = "transaction" // at once, while a database transaction is open
)

// A Change says how something differs from the base revision.
type Change string

const (
	Same   Change = ""
	Gained Change = "gained"
	Lost   Change = "lost"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string

	page = template.Must(template.New("page").Parse(pageHTML))
)

// Write writes the page. It needs no network, and holds the map's data itself.
func Write(w io.Writer, m *Map) error {
	err := page.Execute(w, struct {
		Map *Map
		CSS template.CSS
		JS  template.JS
	}{m, template.CSS(pageCSS), template.JS(pageJS)})
	if err != nil {
		return fmt.Errorf("write the effect map: %w", err)
	}
	return nil
}
