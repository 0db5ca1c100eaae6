package review

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/airlock-go/airlock/internal/report/effectmap"
)

// Map turns functions into what the effect map draws. inTx holds the places, file:line, of calls that are made while a transaction is
// open; root is where source lines are read.
func Map(title, root string, functions []Function, inTx map[string]bool) *effectmap.Map {
	m := &effectmap.Map{Title: title, Functions: []effectmap.Function{}, Calls: []effectmap.Call{}}
	d := &drawing{src: &source{root: root, files: map[string][]string{}}, inTx: inTx, at: map[string]int{}, tasks: map[string]*Function{}}
	for i := range functions {
		d.at[functions[i].Name] = i
		d.tasks[plain(functions[i].Name)] = &functions[i]
	}
	for _, f := range functions {
		m.Functions = append(m.Functions, d.function(f))
		m.Calls = append(m.Calls, d.calls(f)...)
	}
	return m
}

// A drawing is a map in the making.
type drawing struct {
	src   *source
	inTx  map[string]bool
	at    map[string]int       // functions of the map
	tasks map[string]*Function // by the name that an intent of it has
}

func (d *drawing) function(f Function) effectmap.Function {
	drawn := effectmap.Function{Name: f.Name, Package: f.Package, Short: within(f), Pos: line(f.Pos), Entry: string(f.Entry), Pure: f.Pure}
	for _, e := range f.Performs {
		drawn.Effects = append(drawn.Effects, effectmap.Effect{Kind: e.Kind, Command: e.Command, Async: e.Async, Boundary: d.boundary(e.Chain), Chain: d.steps(e.Chain)})
	}
	for _, q := range f.Enqueues {
		drawn.Effects = append(drawn.Effects, d.enqueue(q)...)
	}
	return drawn
}

func (d *drawing) boundary(chain []Step) effectmap.Boundary {
	for _, s := range chain {
		if d.inTx[line(s.Pos)] {
			return effectmap.Transaction
		}
	}
	return effectmap.Direct
}

func (d *drawing) steps(chain []Step) []effectmap.Step {
	var steps []effectmap.Step
	for _, s := range chain {
		steps = append(steps, effectmap.Step{Callee: s.Func, Pos: s.Pos, Source: d.src.line(s.Pos)})
	}
	return steps
}

// enqueue draws a task as the effects that it will have, behind the scope's boundary.
func (d *drawing) enqueue(q Enqueue) []effectmap.Effect {
	chain := d.steps([]Step{{Func: q.Task, Pos: q.Pos}})
	task := d.tasks[q.Task]
	if task == nil || len(task.Performs) == 0 {
		return []effectmap.Effect{{Kind: "task", Command: true, Boundary: effectmap.Scope, Chain: chain}}
	}
	var all []effectmap.Effect
	for _, e := range task.Performs {
		all = append(all, effectmap.Effect{Kind: e.Kind, Command: e.Command, Boundary: effectmap.Scope, Chain: append(slices.Clone(chain), d.steps(e.Chain)...)})
	}
	return all
}

// calls draws the calls of f to functions of the map: those by name, and those by which its effects are reached.
func (d *drawing) calls(f Function) []effectmap.Call {
	to := map[int]bool{}
	for _, callee := range f.Calls {
		if i, ok := d.at[callee]; ok {
			to[i] = to[i] || false
		}
	}
	for _, e := range f.Performs {
		for _, chain := range append([][]Step{e.Chain}, e.Others...) {
			if len(chain) == 0 {
				continue
			}
			if i, ok := d.at[Concrete(chain[0].Func)]; ok {
				to[i] = to[i] || d.inTx[line(chain[0].Pos)]
			}
		}
	}
	var calls []effectmap.Call
	for _, i := range slices.Sorted(maps.Keys(to)) {
		if i != d.at[f.Name] {
			calls = append(calls, effectmap.Call{From: d.at[f.Name], To: i, Transaction: to[i]})
		}
	}
	return calls
}

// line is a position without its column.
func line(pos string) string {
	if i := strings.LastIndexByte(pos, ':'); i >= 0 && strings.Contains(pos[:i], ":") {
		return pos[:i]
	}
	return pos
}

// Paint marks on a map what has changed; functions that are gone are added to it.
func (d *Diff) Paint(m *effectmap.Map) {
	m.Base = d.Base
	at := map[string]int{}
	for i, f := range m.Functions {
		at[f.Name] = i
	}
	for _, c := range d.Changes {
		i, ok := at[c.Func]
		if !ok {
			i = len(m.Functions)
			m.Functions = append(m.Functions, effectmap.Function{Name: c.Func, Package: PackageOf(c.Func), Short: within(Function{Name: c.Func, Package: PackageOf(c.Func)}), Pos: line(c.Pos), Entry: string(c.Entry)})
		}
		paint(&m.Functions[i], c)
	}
}

func paint(f *effectmap.Function, c Change) {
	f.Change = effectmap.Lost
	if len(c.Gained) > 0 {
		f.Change = effectmap.Gained
	}
	for _, g := range c.Gained {
		for i := range f.Effects {
			e := &f.Effects[i]
			if g.Task == "" && e.Kind == g.Kind && e.Command == g.Command && e.Boundary != effectmap.Scope ||
				g.Task != "" && e.Boundary == effectmap.Scope && e.Chain[0].Callee == g.Task {
				e.Change = effectmap.Gained
			}
		}
	}
	for _, l := range c.Lost {
		e := effectmap.Effect{Kind: l.Kind, Command: l.Command, Async: l.Async, Change: effectmap.Lost}
		if l.Task != "" {
			e.Kind, e.Command, e.Boundary = "task", true, effectmap.Scope
		}
		for _, s := range l.Chain {
			e.Chain = append(e.Chain, effectmap.Step{Callee: s.Func, Pos: s.Pos})
		}
		f.Effects = append(f.Effects, e)
	}
}

// Dot writes a map as a graph for Graphviz: a cluster a package, a sink a kind.
func Dot(w io.Writer, m *effectmap.Map) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph effects {\n\trankdir=LR;\n\tnode [shape=box, fontname=\"sans-serif\"];\n")
	byPackage := map[string][]int{}
	for i, f := range m.Functions {
		byPackage[f.Package] = append(byPackage[f.Package], i)
	}
	for n, pkg := range slices.Sorted(maps.Keys(byPackage)) {
		fmt.Fprintf(&b, "\tsubgraph cluster_%d {\n\t\tlabel=%q;\n", n, pkg)
		for _, i := range byPackage[pkg] {
			fmt.Fprintf(&b, "\t\tf%d [label=%q];\n", i, m.Functions[i].Short)
		}
		fmt.Fprint(&b, "\t}\n")
	}
	for _, k := range sinks(m) {
		fmt.Fprintf(&b, "\t%s [shape=ellipse];\n", k)
	}
	for _, e := range edges(m) {
		fmt.Fprintf(&b, "\t%s -> %s%s;\n", e.from, e.to, dotStyle[e.how])
	}
	fmt.Fprint(&b, "}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

var dotStyle = map[string]string{
	"transaction": ` [color=red, penwidth=2, label="in a transaction"]`,
	"scope":       ` [style=dashed, color=darkgreen, label=Enqueue]`,
}

// Mermaid writes a map as a flowchart for Markdown.
func Mermaid(w io.Writer, m *effectmap.Map) error {
	var b strings.Builder
	fmt.Fprint(&b, "flowchart LR\n")
	byPackage := map[string][]int{}
	for i, f := range m.Functions {
		byPackage[f.Package] = append(byPackage[f.Package], i)
	}
	for n, pkg := range slices.Sorted(maps.Keys(byPackage)) {
		fmt.Fprintf(&b, "  subgraph p%d[\"%s\"]\n", n, pkg)
		for _, i := range byPackage[pkg] {
			fmt.Fprintf(&b, "    f%d[\"%s\"]\n", i, m.Functions[i].Short)
		}
		fmt.Fprint(&b, "  end\n")
	}
	for _, k := range sinks(m) {
		fmt.Fprintf(&b, "  %s([%s])\n", k, strings.TrimPrefix(k, "kind_"))
	}
	for _, e := range edges(m) {
		arrow := map[string]string{"transaction": "==>|in a transaction|", "scope": "-.->|Enqueue|", "": "-->"}[e.how]
		fmt.Fprintf(&b, "  %s %s %s\n", e.from, arrow, e.to)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type edge struct{ from, to, how string }

// edges returns the calls, and for each effect an edge from the function that makes its last call.
func edges(m *effectmap.Map) []edge {
	var all []edge
	for _, c := range m.Calls {
		how := ""
		if c.Transaction {
			how = "transaction"
		}
		all = append(all, edge{fmt.Sprintf("f%d", c.From), fmt.Sprintf("f%d", c.To), how})
	}
	for i, f := range m.Functions {
		for _, e := range f.Effects {
			if len(e.Chain) <= 1 || e.Boundary == effectmap.Scope {
				all = append(all, edge{fmt.Sprintf("f%d", i), "kind_" + e.Kind, string(e.Boundary)})
			}
		}
	}
	return all
}

func sinks(m *effectmap.Map) []string {
	kinds := map[string]bool{}
	for _, f := range m.Functions {
		for _, e := range f.Effects {
			kinds["kind_"+e.Kind] = true
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}
