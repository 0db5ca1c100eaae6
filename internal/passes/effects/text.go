package effects

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// text returns what is known of a string, a URL, at compile time; each part that is not has [catalog.Unknown] in its place. It looks
// where any does, and through what puts strings together.
func (t *tracer) text(v ssa.Value, f *frame, depth int) string {
	if v == nil || depth > maxTrace {
		return catalog.Unknown
	}
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		return constantString(v)
	case *ssa.BinOp:
		return t.text(v.X, f, depth) + t.text(v.Y, f, depth)
	case *ssa.ChangeType:
		return t.text(v.X, f, depth)
	case *ssa.Convert:
		return t.text(v.X, f, depth)
	case *ssa.MakeInterface:
		return t.text(v.X, f, depth)
	case *ssa.Phi:
		return t.same(len(v.Edges), func(i int) string { return t.text(v.Edges[i], f, depth) })
	case *ssa.Parameter:
		return t.argumentText(v, f, depth)
	case *ssa.UnOp:
		return t.variableText(v, f, depth)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.callText(call, v.Index, f, depth)
		}
	case *ssa.Call:
		return t.callText(v, 0, f, depth)
	}
	return catalog.Unknown
}

// same returns the text that all of n values have.
func (t *tracer) same(n int, text func(i int) string) string {
	if n == 0 {
		return catalog.Unknown
	}
	first := text(0)
	for i := 1; i < n; i++ {
		if text(i) != first {
			return catalog.Unknown
		}
	}
	return first
}

func (t *tracer) argumentText(p *ssa.Parameter, f *frame, depth int) string {
	u, i := t.engine.unitOf(p.Parent()), parameterIndex(p)
	if f != nil && f.edge.callee == u {
		return t.text(f.edge.arg(i), f.outer, depth)
	}
	if t.engine.calledFromOutside(u) {
		return catalog.Unknown
	}
	return t.same(len(u.in), func(k int) string { return t.text(u.in[k].arg(i), nil, depth) })
}

// variableText returns the text of a variable that is assigned once, also of a field or package variable that only this package sees.
func (t *tracer) variableText(load *ssa.UnOp, f *frame, depth int) string {
	if a := t.variable(load); a != nil {
		if only := t.engine.graph.only(a); only != nil {
			return t.text(only, f, depth)
		}
		return catalog.Unknown
	}
	if stored := t.engine.graph.texts[textPlace(load.X)]; len(stored) > 0 {
		return t.same(len(stored), func(i int) string { return t.text(stored[i], nil, depth) })
	}
	return catalog.Unknown
}

// textPlace returns the unexported field, or package variable, that addr is the address of; nil if it is none.
func textPlace(addr ssa.Value) any {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		if f := ssapass.Field(a.X.Type(), a.Field); !f.Exported() {
			return f
		}
	case *ssa.Global:
		if obj := a.Object(); obj != nil && !obj.Exported() {
			return a
		}
	}
	return nil
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func (t *tracer) callText(call *ssa.Call, i int, f *frame, depth int) string {
	fn := call.Call.StaticCallee()
	if fn == nil {
		return catalog.Unknown
	}
	args := call.Call.Args
	if obj, ok := fn.Object().(*types.Func); ok {
		switch name := FullName(obj); {
		case strings.HasPrefix(name, "strings."): // of what it trims or replaces, the path matters
			return t.text(args[0], f, depth)
		case name == "fmt.Sprintf":
			return t.format(t.text(args[0], f, depth), ssapass.Elements(args[1]), f, depth)
		case name == "net/url.JoinPath", name == "(*net/url.URL).JoinPath", name == "path.Join":
			return t.join(args, f, depth)
		case name == "net/url.Parse", name == "net/url.ParseRequestURI":
			return t.text(args[0], f, depth)
		case name == "(*net/url.URL).String":
			return t.location(args[0], f, depth)
		}
	}
	if s := t.engine.graph.sites[call]; s != nil && len(s.edges) == 1 && s.edges[0].callee.fn != nil && s.edges[0].through == nil {
		returns := t.engine.graph.returns[s.edges[0].callee.fn]
		inner := &frame{s.edges[0], f}
		text := t.same(len(returns), func(k int) string {
			if i >= len(returns[k].Results) {
				return catalog.Unknown
			}
			return t.text(returns[k].Results[i], inner, depth)
		})
		if text != catalog.Unknown {
			return text
		}
	}
	return t.joined(args, f, depth)
}

// joined takes a call of which nothing is known for one that joins the paths among its arguments.
func (t *tracer) joined(args []ssa.Value, f *frame, depth int) string {
	text := catalog.Unknown
	for _, arg := range args {
		if !isString(arg.Type()) {
			continue
		}
		if s := t.text(arg, f, depth); strings.HasPrefix(s, "/") {
			text += s
		}
	}
	return text
}

func (t *tracer) join(args []ssa.Value, f *frame, depth int) string {
	var parts []string
	for _, arg := range args {
		if _, ok := arg.Type().Underlying().(*types.Slice); !ok {
			parts = append(parts, strings.TrimSuffix(t.text(arg, f, depth), "/"))
			continue
		}
		for _, e := range ssapass.Elements(arg) {
			parts = append(parts, strings.Trim(t.text(e, f, depth), "/"))
		}
	}
	return strings.Join(parts, "/")
}

// location returns the text of a URL: of its path, where that is assigned.
func (t *tracer) location(u ssa.Value, f *frame, depth int) string {
	if depth > maxTrace {
		return catalog.Unknown
	}
	if load, ok := u.(*ssa.UnOp); ok && isAlloc(load.X) {
		if only := t.engine.graph.only(load.X.(*ssa.Alloc)); only == nil { // a URL, not a pointer to one
			return t.location(load.X, f, depth+1)
		}
	}
	if u.Referrers() == nil {
		return t.text(u, f, depth)
	}
	for _, ref := range *u.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			if path := storedIn(ref); path != nil && ssapass.Field(ref.X.Type(), ref.Field).Name() == "Path" {
				return catalog.Unknown + t.text(path, f, depth)
			}
		case *ssa.Store:
			if ref.Addr == u && isAlloc(u) {
				return t.location(ref.Val, f, depth+1)
			}
		}
	}
	return t.text(u, f, depth)
}

func isAlloc(v ssa.Value) bool {
	_, ok := v.(*ssa.Alloc)
	return ok
}

// storedIn returns the first value that is stored at an address, nil if none is.
func storedIn(addr ssa.Value) ssa.Value {
	for _, use := range *addr.Referrers() {
		if s, ok := use.(*ssa.Store); ok && s.Addr == addr {
			return s.Val
		}
	}
	return nil
}

// format replaces the verbs of a format by the texts of the arguments.
func (t *tracer) format(format string, args []ssa.Value, f *frame, depth int) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(format, "%")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r == '%' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
		switch {
		case end < 0:
			return b.String() + catalog.Unknown
		case rest[end] == '%':
			b.WriteByte('%')
		case len(args) > 0 && (rest[:end+1] == "s" || rest[:end+1] == "v"):
			b.WriteString(t.text(args[0], f, depth))
			args = args[1:]
		default:
			b.WriteString(catalog.Unknown)
			args = args[min(1, len(args)):]
		}
		format = rest[end+1:]
	}
}
