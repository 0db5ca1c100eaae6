package review

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Text writes the functions as a table for people: by package, what each does, where, and the shortest way there.
func Text(w io.Writer, functions []Function) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	pkg := ""
	for _, f := range functions {
		if f.Package != pkg {
			if pkg != "" {
				fmt.Fprintln(t)
			}
			pkg = f.Package
			fmt.Fprintln(t, pkg)
		}
		name := strings.TrimPrefix(within(f), pkg+".")
		for _, e := range f.Performs {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", name, kind(e), position(e.Chain), arrow(e.Chain))
			name = ""
		}
		for _, q := range f.Enqueues {
			fmt.Fprintf(t, "  %s\tenqueues\t%s\t%s\n", name, q.Pos, Short(q.Task))
			name = ""
		}
		if f.Silent() {
			fmt.Fprintf(t, "  %s\t%s\t%s\t\n", name, declared(f), f.Pos)
		}
	}
	return t.Flush()
}

// declared says what a function that does nothing is declared to be.
func declared(f Function) string {
	if f.Pure {
		return "pure"
	}
	return "effect"
}

// within is a function's name inside its package: F, (*T).M.
func within(f Function) string {
	return strings.Replace(f.Name, f.Package+".", "", 1)
}

func kind(e Effect) string {
	k := e.Kind
	if !e.Command {
		k += " query"
	}
	switch e.Async {
	case "goroutine":
		k += ", on a goroutine"
	case "queued":
		k += ", through a queue"
	}
	return k
}

func arrow(chain []Step) string {
	var short []string
	for _, s := range chain {
		short = append(short, Short(s.Func))
	}
	return strings.Join(short, " → ")
}

// Unknowns writes the calls whose targets can't be told, by place.
func Unknowns(w io.Writer, functions []Function) error {
	var lines []string
	for _, f := range functions {
		for _, u := range f.Unknown {
			lines = append(lines, fmt.Sprintf("%s: %s calls something that can't be told: a function or an interface that comes from elsewhere", u.Pos, Short(u.Via)))
		}
	}
	slices.Sort(lines)
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return err
		}
	}
	return nil
}

// A group is what one changed line has done, to all functions that it has done it to.
type group struct {
	what, cause string
	delta       Delta    // of the function nearest to the effect
	changes     []Change // entry points first
}

// groups gathers what functions have gained, or lost, by what it is and the line that caused it.
func (d *Diff) groups(pick func(Change) []Delta) []*group {
	var all []*group
	by := map[[3]string]*group{}
	for _, c := range d.Changes {
		for _, delta := range pick(c) {
			end := ""
			if n := len(delta.Chain); n > 0 {
				end = delta.Chain[n-1].Func
			}
			key := [3]string{delta.What(), delta.Cause, end}
			g := by[key]
			if g == nil {
				g = &group{what: delta.What(), cause: delta.Cause, delta: delta}
				by[key] = g
				all = append(all, g)
			}
			if len(delta.Chain) < len(g.delta.Chain) {
				g.delta = delta
			}
			g.changes = append(g.changes, c)
		}
	}
	slices.SortStableFunc(all, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.changes[0].Entry.rank(), b.changes[0].Entry.rank()), strings.Compare(a.what, b.what))
	})
	return all
}

// nearest is the function of the group that is closest to the effect: the one to read first.
func (g *group) nearest(pick func(Change) []Delta) Change {
	return slices.MinFunc(g.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(length(pick(a), g), length(pick(b), g)), strings.Compare(a.Func, b.Func))
	})
}

func length(ds []Delta, g *group) int {
	for _, d := range ds {
		if d.What() == g.what && d.Cause == g.cause {
			return len(d.Chain)
		}
	}
	return 1 << 30
}

func gained(c Change) []Delta { return c.Gained }
func lost(c Change) []Delta   { return c.Lost }

// Text writes the changes for a terminal.
func (d *Diff) Text(w io.Writer) error {
	var b strings.Builder
	for _, g := range d.groups(gained) {
		b.WriteString(g.text("gained", gained))
	}
	for _, g := range d.groups(lost) {
		b.WriteString(g.text("lost", lost))
	}
	fmt.Fprintln(&b, d.Summary())
	_, err := io.WriteString(w, b.String())
	return err
}

func (g *group) text(verb string, pick func(Change) []Delta) string {
	var b strings.Builder
	near := g.nearest(pick)
	fmt.Fprintf(&b, "%s %s: %s → %s\n", verb, g.what, Short(near.Func), arrow(g.delta.Chain))
	if g.cause != "" {
		fmt.Fprintf(&b, "\tby the change of %s\n", g.cause)
	}
	for _, c := range g.changes {
		fmt.Fprintf(&b, "\t%s: %s\n", c.Pos, c.describe())
	}
	return b.String()
}

// describe names the function, and what is worth knowing of it.
func (c Change) describe() string {
	notes := []string{}
	if c.Entry != Inner {
		notes = append(notes, string(c.Entry))
	}
	switch {
	case c.MovedFrom != "":
		notes = append(notes, "was "+Short(c.MovedFrom))
	case c.New:
		notes = append(notes, "new")
	case c.Gone:
		notes = append(notes, "gone")
	}
	if len(notes) == 0 {
		return Short(c.Func)
	}
	return Short(c.Func) + " (" + strings.Join(notes, ", ") + ")"
}

// Summary is the diff in a line.
func (d *Diff) Summary() string {
	more, less := 0, 0
	for _, c := range d.Changes {
		if len(c.Gained) > 0 {
			more++
		}
		if len(c.Lost) > 0 {
			less++
		}
	}
	if more+less == 0 {
		return "no function does more or less than at " + d.Base
	}
	return fmt.Sprintf("since %s: %s gained effects, %s lost some", d.Base, plural(more, "function"), plural(less, "function"))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
