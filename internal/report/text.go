package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/airlock-go/airlock/internal/config"
)

// A Printer writes findings for a person: one line each, file:line:col: message (analyzer/rule).
type Printer struct {
	Root    string // files below it are named relative to it
	Color   bool   // with colours, and the source line that a finding is in
	Verbose bool   // with the chain, a line a call

	files map[string][][]byte
}

// The colours of a terminal.
const (
	bold, red, yellow, cyan, dim, plain = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
)

// Print writes the findings.
func (p *Printer) Print(w io.Writer, findings []Finding) error {
	var buf bytes.Buffer
	for _, f := range findings {
		p.finding(&buf, f)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

func (p *Printer) finding(buf *bytes.Buffer, f Finding) {
	pos := f.Pos
	pos.File = Relative(p.Root, pos.File)
	if p.Color {
		fmt.Fprintf(buf, "%s%s:%s %s %s(%s)%s\n", bold, pos, plain, f.Message, colorOf(f.Severity), f.Rule(), plain)
		p.excerpt(buf, f)
	} else {
		fmt.Fprintf(buf, "%s: %s (%s)\n", pos, f.Message, f.Rule())
	}
	if !p.Verbose {
		return
	}
	for i, step := range f.Chain {
		fmt.Fprintf(buf, "\t%s%s", strings.Repeat("  ", i), step.Func)
		if step.Pos != "" {
			fmt.Fprintf(buf, " at %s", step.Pos)
		}
		buf.WriteByte('\n')
	}
}

func colorOf(s config.Severity) string {
	switch s {
	case config.Error:
		return red
	case config.Warning:
		return yellow
	}
	return cyan
}

// excerpt writes the line that the finding is in, with a caret below the place.
func (p *Printer) excerpt(buf *bytes.Buffer, f Finding) {
	lines := p.lines(f.Pos.File)
	if f.Pos.Line < 1 || f.Pos.Line > len(lines) {
		return
	}
	line := string(lines[f.Pos.Line-1])
	from := max(0, min(f.Pos.Col-1, len(line)))
	width := 1
	if f.End.Line == f.Pos.Line && f.End.Col-1 <= len(line) {
		width = max(1, utf8.RuneCountInString(line[from:max(from, f.End.Col-1)]))
	}
	fmt.Fprintf(buf, "%s%5d |%s %s\n", dim, f.Pos.Line, plain, line)
	fmt.Fprintf(buf, "%s      |%s %s%s%s%s\n", dim, plain, blank(line[:from]), colorOf(f.Severity), "^"+strings.Repeat("~", width-1), plain)
}

// blank returns as much white space as s is wide: tabs stay tabs.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

func (p *Printer) lines(file string) [][]byte {
	lines, ok := p.files[file]
	if !ok {
		data, err := os.ReadFile(file)
		if err == nil {
			lines = bytes.Split(data, []byte("\n"))
		}
		if p.files == nil {
			p.files = map[string][][]byte{}
		}
		p.files[file] = lines
	}
	return lines
}

// Relative returns file relative to root, with slashes, if it lies below it, else as it is.
func Relative(root, file string) string {
	if root == "" || file == "" {
		return file
	}
	rel, err := filepath.Rel(root, file)
	if err != nil || !filepath.IsLocal(rel) {
		return file
	}
	return filepath.ToSlash(rel)
}
