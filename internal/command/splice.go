package command

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/airlock-go/airlock/internal/config"
)

// spliceBindings replaces the section bindings of a configuration, or adds one, and leaves every other byte as it is.
func spliceBindings(file []byte, bindings []config.Binding) ([]byte, error) {
	from, to, err := section(file, "bindings")
	if err != nil {
		return nil, err
	}
	lines := bytes.SplitAfter(file, []byte("\n"))
	var out bytes.Buffer
	out.Write(bytes.Join(lines[:from], nil))
	if n := out.Len(); n > 0 && out.Bytes()[n-1] != '\n' {
		out.WriteByte('\n')
	}
	writeSection(&out, bindings)
	out.Write(bytes.Join(lines[to:], nil))
	return out.Bytes(), nil
}

// blankBindings returns a configuration without its section bindings, each line where it was.
func blankBindings(file []byte) []byte {
	from, to, err := section(file, "bindings")
	if err != nil {
		return file // whoever reads it will say what is wrong
	}
	lines := bytes.SplitAfter(file, []byte("\n"))
	for i := range lines[from:to] {
		lines[from+i] = []byte("\n")
	}
	return bytes.Join(lines, nil)
}

func writeSection(out *bytes.Buffer, bindings []config.Binding) {
	if len(bindings) == 0 {
		out.WriteString("bindings: []\n")
		return
	}
	out.WriteString("bindings:\n")
	for _, b := range bindings {
		fmt.Fprintf(out, "  - method: %s\n    to: %s\n", strconv.Quote(b.Method.Text), strconv.Quote(b.To.Text))
		if len(b.Performs) > 0 {
			out.WriteString("    performs:\n")
		}
		for _, p := range b.Performs {
			fmt.Fprintf(out, "      - %s\n", strconv.Quote(p))
		}
		if b.Transaction != nil {
			fmt.Fprintf(out, "    transaction: %s\n", list(b.Transaction))
		}
		if len(b.Requires) > 0 {
			fmt.Fprintf(out, "    requires: %s\n", list(b.Requires))
		}
	}
}

func list(params []int) string { return strings.ReplaceAll(fmt.Sprint(params), " ", ", ") }

// section returns the lines, from and up to, that the top-level key and its value take; the end of the file if there is no such key.
func section(file []byte, key string) (from, to int, err error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(file, &doc); err != nil {
		return 0, 0, err
	}
	end := bytes.Count(file, []byte("\n"))
	if len(file) > 0 && file[len(file)-1] != '\n' {
		end++
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return end, end, nil
	}
	top := doc.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		if top.Content[i].Value == key {
			return top.Content[i].Line - 1, lastLine(top.Content[i+1]), nil
		}
	}
	return end, end, nil
}

// lastLine returns the last line that something of the node stands on.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}
