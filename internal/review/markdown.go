package review

import (
	"fmt"
	"io"
	"strings"
)

// shown is how many functions of a group stand in the open; the rest is folded.
const shown = 3

// Markdown writes the changes as a comment for a review: what is new in a table, all else folded.
func (d *Diff) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Effects of this change\n\n%s.\n", capital(d.Summary()))
	section(&b, "Gained", d.groups(gained), gained)
	if groups := d.groups(lost); len(groups) > 0 {
		fmt.Fprint(&b, "\n<details><summary>Lost</summary>\n")
		section(&b, "", groups, lost)
		fmt.Fprint(&b, "\n</details>\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func section(b *strings.Builder, title string, groups []*group, pick func(Change) []Delta) {
	if len(groups) == 0 {
		return
	}
	if title != "" {
		fmt.Fprintf(b, "\n#### %s\n", title)
	}
	fmt.Fprint(b, "\n| effect | where | by | reached from |\n|---|---|---|---|\n")
	for _, g := range groups {
		near := g.nearest(pick)
		fmt.Fprintf(b, "| **%s** | `%s → %s` | %s | %s |\n", g.what, Short(near.Func), arrow(g.delta.Chain), code(g.cause), reached(g.changes))
	}
}

// reached lists the functions, the first few in the open.
func reached(changes []Change) string {
	var open, folded []string
	for i, c := range changes {
		text := fmt.Sprintf("`%s`", c.describe())
		if i < shown {
			open = append(open, text)
		} else {
			folded = append(folded, text)
		}
	}
	list := strings.Join(open, "<br>")
	if len(folded) > 0 {
		list += fmt.Sprintf("<details><summary>and %d more</summary>%s</details>", len(folded), strings.Join(folded, "<br>"))
	}
	return list
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
