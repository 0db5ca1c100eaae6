// Package catalog says what calls do that the analyzers need not, or cannot, look into: which effect a call performs, who calls a
// function argument and when, how transactions begin and end, which functions handle jobs, what an intent must not carry.
//
// The knowledge is data: the text files of this directory, a line a function, grouped by module. docs/catalog.md explains the lines.
package catalog

import (
	"embed"
	"go/types"
	"strings"
	"sync"

	"github.com/airlock-go/airlock/internal/effect"
)

//go:embed *.txt
var files embed.FS

// A Catalog is an immutable collection of lines. The zero Catalog knows nothing. It may be used concurrently.
type Catalog struct {
	entries      table[Entry]
	whole        shapes // entries that hold for whatever implements an interface
	noReturn     table[string]
	transactions table[Transaction]
	txTypes      table[string]
	workers      table[Worker]
	handlers     shapes
	captures     table[string]
	commands     map[string]bool // packages with a command that is on by default; see Package
	globs        []string        // patterns of such
	moved        []move
	modules      []Module
	lines        []Line
}

// Default returns the embedded catalog.
var Default = sync.OnceValue(func() *Catalog {
	c, err := parseFS(files)
	if err != nil {
		panic(err) // TestDefault keeps this from happening
	}
	return c
})

// Func returns what a call of fn performs. Methods are found under the type that declares them, or as the method of an interface
// that their type implements ([Entry.Whole]). Of the methods that one line names together ([Entry.Named]), those that neither take
// a context nor return an error perform nothing, and those whose first word is a verb of reading are queries.
func (c *Catalog) Func(fn *types.Func) (Entry, bool) {
	if fn == nil || fn.Pkg() == nil {
		return Entry{}, false
	}
	if e, ok := c.entries.lookup(c.name(fn), fn.Pkg()); ok {
		return e.forMethod(fn), true
	}
	return c.implements(fn, c.whole)
}

// Field returns what a call of the function in a struct's field performs: by the field's name in the struct type that declares it,
// or by its named function type (go-elasticsearch's esapi.Index).
func (c *Catalog) Field(owner types.Type, field *types.Var) (Entry, bool) {
	if n := c.canonical(FieldName(owner, field)); n != (Name{}) {
		if e, ok := c.entries.lookup(n, namedType(owner).Obj().Pkg()); ok {
			return e, true
		}
	}
	if field == nil {
		return Entry{}, false
	}
	return c.Value(field.Type())
}

// Value returns what a call of a function value of type t performs, where t is a named function type that the catalog lists.
func (c *Catalog) Value(t types.Type) (Entry, bool) {
	named := namedType(t)
	if named == nil {
		return Entry{}, false
	}
	if _, ok := named.Underlying().(*types.Signature); !ok {
		return Entry{}, false
	}
	return c.entries.lookup(c.canonical(TypeName(named)), named.Obj().Pkg())
}

// Send returns what a send on a channel performs that a call of fn returned: sarama's AsyncProducer.Input. For a channel in a field
// ask [Catalog.Field], and whether its entry's class is [Channel].
func (c *Catalog) Send(fn *types.Func) (Entry, bool) {
	e, ok := c.Func(fn)
	return e, ok && e.Class == Channel
}

// NoReturn reports whether fn never returns.
func (c *Catalog) NoReturn(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	_, ok := c.noReturn.lookup(c.name(fn), fn.Pkg())
	return ok
}

// Package reports whether a line gives the package of that path a command of a kind that is on by default, rare ones aside.
// Packages that can't reach one have no effect worth summarising.
func (c *Catalog) Package(path string) bool {
	path = c.canonicalPath(unversioned(path))
	if c.commands[path] {
		return true
	}
	for _, g := range c.globs {
		if matchPath(g, path) {
			return true
		}
	}
	return false
}

// A move is a module that had another path before; both without major version.
type move struct{ from, to string }

// name returns the name by which the catalog knows fn.
func (c *Catalog) name(fn *types.Func) Name { return c.canonical(NameOf(fn)) }

func (c *Catalog) canonical(n Name) Name {
	n.Path = c.canonicalPath(n.Path)
	return n
}

// canonicalPath returns the path that the catalog uses for a package whose module has moved.
func (c *Catalog) canonicalPath(pkgPath string) string {
	for _, m := range c.moved {
		if rest, ok := strings.CutPrefix(pkgPath, m.from); ok && (rest == "" || rest[0] == '/') {
			return m.to + rest
		}
	}
	return pkgPath
}

// A Module is a module's block in the catalog.
type Module struct {
	Path    string // with its major version
	Version string // at which the block was checked; "unchecked" where no proxy has the module
	File    string
}

// Modules returns the modules in the order of files and lines.
func (c *Catalog) Modules() []Module { return c.modules }

// A Line is a line of the catalog, for tests and listings.
type Line struct {
	Module  Module
	Package string // import path as written, with its major version; may be a pattern
	Imports string // set for generated code: what such a package imports
	Member  string
	Verb    string // the line's first word
	Args    []int  // the arguments that the line speaks of
	Other   bool   // the line is about other versions than the one that the block was checked at
	Source  string
}

// Lines returns all lines in order.
func (c *Catalog) Lines() []Line { return c.lines }

// addEntry records e, and whether it makes its package worth looking into. A rare command doesn't: nearly everything imports os,
// which can start a process too.
func (c *Catalog) addEntry(in scope, e Entry, rare bool) bool {
	if !c.entries.add(in, e.Name.Member, e) {
		return false
	}
	if e.Whole {
		c.whole.add(e.Name, e)
	}
	if e.enabled() && !rare && in.imports == "" {
		if strings.ContainsAny(in.path, "*") || strings.HasSuffix(in.path, "...") {
			c.globs = append(c.globs, in.path)
		} else {
			c.commands[in.path] = true
		}
	}
	return true
}

func (e Entry) enabled() bool {
	return (e.Class == Effect || e.Class == Channel) && effect.Enabled().Has(e.Effect)
}
