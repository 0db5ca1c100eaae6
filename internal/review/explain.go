package review

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Find returns the functions that a person means by name: the one of that full name, else those whose names end so: Place, Service.Place,
// (*Service).Place, orders.Place.
func (p *Program) Find(name string) []Function {
	var exact, loose []Function
	want := plain(name)
	for _, f := range p.Functions {
		switch {
		case f.Name == name:
			exact = append(exact, f)
		case suffix(plain(f.Name), want):
			loose = append(loose, f)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return loose
}

var marks = regexp.MustCompile(`[(*)]`)

func plain(name string) string { return marks.ReplaceAllString(name, "") }

func suffix(full, want string) bool {
	rest, ok := strings.CutSuffix(full, want)
	return ok && (rest == "" || strings.HasSuffix(rest, ".") || strings.HasSuffix(rest, "/"))
}

// Explain writes why f has its effects: each chain with its positions and source lines, other ways, and what is unknown on the way.
// Positions are relative to root.
func (p *Program) Explain(w io.Writer, root string, f Function) error {
	var b strings.Builder
	src := &source{root: root, files: map[string][]string{}}
	fmt.Fprintf(&b, "%s  %s\n", f.Name, f.Pos)
	if f.Silent() {
		fmt.Fprint(&b, "  performs nothing and enqueues nothing, as far as can be told\n")
	}
	for _, e := range f.Performs {
		fmt.Fprintf(&b, "\n  %s\n", kind(e))
		src.chain(&b, e.Chain)
		for _, other := range e.Others {
			fmt.Fprint(&b, "  or\n")
			src.chain(&b, other)
		}
	}
	for _, q := range f.Enqueues {
		fmt.Fprintf(&b, "\n  enqueues %s\n", q.Task)
		src.step(&b, Step{Func: q.Task, Pos: q.Pos})
	}
	for _, u := range unknownFrom(p.index(), f) {
		fmt.Fprintf(&b, "\n  unknown: %s calls something that can't be told\n", Short(u.Via))
		src.step(&b, Step{Pos: u.Pos})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// index is the program's functions by name.
func (p *Program) index() map[string]*Function {
	all := map[string]*Function{}
	for i := range p.Functions {
		all[p.Functions[i].Name] = &p.Functions[i]
	}
	return all
}

// unknownFrom returns the unknown calls of f and of what it calls by name, the nearest first.
func unknownFrom(all map[string]*Function, f Function) []Unknown {
	var found []Unknown
	seen := map[string]bool{f.Name: true}
	for queue := []string{f.Name}; len(queue) > 0; queue = queue[1:] {
		g := all[queue[0]]
		if g == nil {
			continue
		}
		found = append(found, g.Unknown...)
		for _, callee := range g.Calls {
			if !seen[callee] {
				seen[callee] = true
				queue = append(queue, callee)
			}
		}
	}
	return found
}

// source reads the lines that positions point at.
type source struct {
	root  string
	files map[string][]string
}

func (s *source) chain(w io.Writer, chain []Step) {
	for _, step := range chain {
		s.step(w, step)
	}
}

func (s *source) step(w io.Writer, step Step) {
	if step.Func != "" {
		fmt.Fprintf(w, "    → %s\n", step.Func)
	}
	if line := s.line(step.Pos); line != "" {
		fmt.Fprintf(w, "      %s: %s\n", step.Pos, line)
	} else if step.Pos != "" {
		fmt.Fprintf(w, "      %s\n", step.Pos)
	}
}

// line returns the source line of a position, without indentation; "" if it can't be read.
func (s *source) line(pos string) string {
	file, rest, ok := strings.Cut(pos, ":")
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(text)
	if err != nil {
		return ""
	}
	lines := s.read(file)
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

func (s *source) read(name string) []string {
	if lines, ok := s.files[name]; ok {
		return lines
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.root, filepath.FromSlash(name))
	}
	var lines []string
	if f, err := os.Open(path); err == nil {
		defer f.Close()
		for sc := bufio.NewScanner(f); sc.Scan(); {
			lines = append(lines, sc.Text())
		}
	}
	s.files[name] = lines
	return lines
}
