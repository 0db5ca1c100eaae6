package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/airlock-go/airlock/internal/effect"
)

// Parse reads one file of the catalog. Its error names the file and line of every bad line.
func Parse(file, text string) (*Catalog, error) {
	p := newParser()
	p.file(file, text)
	return p.c, errors.Join(p.errs...)
}

func parseFS(fsys fs.FS) (*Catalog, error) {
	names, err := fs.Glob(fsys, "*.txt")
	if err != nil {
		return nil, err
	}
	p := newParser()
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		p.file(name, string(text))
	}
	return p.c, errors.Join(p.errs...)
}

// A parser reads lines into a catalog. It keeps the block in which the next line stands.
type parser struct {
	c      *Catalog
	errs   []error
	source string // file:line
	module Module
	pkg    string // as written
	in     scope
}

func newParser() *parser {
	return &parser{c: &Catalog{whole: shapes{}, handlers: shapes{}, commands: map[string]bool{}}}
}

func (p *parser) file(name, text string) {
	p.module, p.pkg, p.in = Module{}, "", scope{}
	for i, line := range strings.Split(text, "\n") {
		p.source = fmt.Sprintf("%s:%d", name, i+1)
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := p.words(name, words); err != nil {
			p.errs = append(p.errs, fmt.Errorf("%s: %w", p.source, err))
		}
	}
}

func (p *parser) words(file string, words []string) error {
	switch words[0] {
	case "module":
		return p.startModule(file, words[1:])
	case "package":
		return p.startPackage(words[1:])
	case "moved":
		return p.movedFrom(words[1:])
	}
	if p.pkg == "" {
		return errors.New("a line before the first module")
	}
	read, ok := reader(words[0])
	if !ok {
		return fmt.Errorf("%q is neither a kind of effect nor one of: %s", words[0], verbNames)
	}
	l, err := newLine(words)
	if err != nil {
		return err
	}
	if err := read(p, l); err != nil {
		return err
	}
	if err := l.unread(); err != nil {
		return err
	}
	p.c.lines = append(p.c.lines, Line{p.module, p.pkg, p.in.imports, l.member, l.verb, l.args, l.other, p.source})
	return nil
}

// startModule reads "module PATH VERSION". The module's root is the package of the lines that follow.
func (p *parser) startModule(file string, words []string) error {
	if len(words) != 2 {
		return errors.New("want: module PATH VERSION, or: module PATH unchecked")
	}
	modPath, version := words[0], words[1]
	if err := checkPath(modPath); err != nil {
		return err
	}
	for _, m := range p.c.modules {
		if m.Path == modPath && (m.Version != version || m.File == file) {
			return fmt.Errorf("module %s stands in %s too, at %s", modPath, m.File, m.Version)
		}
	}
	p.module = Module{modPath, version, file}
	p.c.modules = append(p.c.modules, p.module)
	p.pkg, p.in = modPath, scope{path: unversioned(modPath)}
	return nil
}

// movedFrom reads "moved PATH": what the module was called before. What is said of it holds under that path too.
func (p *parser) movedFrom(words []string) error {
	if p.module.Path == "" || len(words) != 1 {
		return errors.New("want, in a module: moved PATH")
	}
	if err := checkPath(words[0]); err != nil {
		return err
	}
	p.c.moved = append(p.c.moved, move{unversioned(words[0]), unversioned(p.module.Path)})
	return nil
}

// startPackage reads "package PATH", where PATH lies in the module and may have stars or end in "...", or
// "package * imports PATH", for code that a generator writes into the user's own module.
func (p *parser) startPackage(words []string) error {
	if p.module.Path == "" {
		return errors.New("a package before the first module")
	}
	if len(words) == 3 && words[1] == "imports" && words[0] == "*" {
		p.pkg, p.in = "...", scope{path: "...", imports: unversioned(words[2])}
		return checkPath(words[2])
	}
	if len(words) != 1 {
		return errors.New("want: package PATH, or: package * imports PATH")
	}
	if err := checkPath(words[0]); err != nil {
		return err
	}
	if !p.inModule(words[0]) {
		return fmt.Errorf("package %s is not in module %s", words[0], p.module.Path)
	}
	p.pkg, p.in = words[0], scope{path: unversioned(words[0])}
	return nil
}

func (p *parser) inModule(pkg string) bool {
	return p.module.Path == "std" || pkg == p.module.Path || strings.HasPrefix(pkg, strings.TrimSuffix(p.module.Path, "...")+"/") || strings.HasSuffix(p.module.Path, "*") && matchPath(p.module.Path+"/...", pkg)
}

func checkPath(s string) error {
	bare := strings.TrimSuffix(s, "...")
	if bare = strings.TrimSuffix(bare, "/"); bare == "" || path.Clean(bare) != bare || bare[0] == '/' || strings.ContainsAny(bare, " ()[]?\\\"=") {
		return fmt.Errorf("%q is no import path", s)
	}
	return nil
}

// reader returns what reads a line that begins with verb.
func reader(verb string) (func(*parser, *line) error, bool) {
	if _, err := effect.ParseKind(verb); err == nil {
		return (*parser).effect, true
	}
	switch verb {
	case "none", "request", "channel", "registers", "defers", "wraps":
		return (*parser).class, true
	case "begin", "commit", "rollback", "close", "within", "after", "current":
		return (*parser).transaction, true
	case "tx", "noreturn", "carries":
		return (*parser).fact, true
	case "handles":
		return (*parser).worker, true
	case "handler":
		return (*parser).handler, true
	}
	return nil, false
}

const verbNames = "none request channel registers defers wraps noreturn begin commit rollback close within after current tx handles handler carries"

// effect reads a line that begins with a kind of effect:
//
//	KIND [query] MEMBER [method=I | verb=I | flags=I | rpc=I | request=I] [url=I] [answer=I] [used=query] [except=VAR,...] [only=VAR,... arg=I] [calls] [implementers] [named] [rare]
func (p *parser) effect(l *line) error {
	kind, err := effect.ParseKind(l.verb)
	if err != nil {
		return err
	}
	query, err := l.qualifier("query")
	if err != nil {
		return err
	}
	e := Entry{Class: Effect, Effect: effect.Of(kind, query == "")}
	return p.entry(l, e)
}

// class reads a line that begins with a class. Those of requests and channels name a kind next; as=query is for a function that
// builds nothing but queries.
func (p *parser) class(l *line) error {
	var e Entry
	for c, name := range classNames {
		if name == l.verb {
			e.Class = Class(c)
		}
	}
	if e.Class == Request || e.Class == Channel {
		kind, err := effect.ParseKind(l.next)
		if err != nil {
			return err
		}
		l.next = ""
		e.Effect = effect.Command(kind)
	}
	return p.entry(l, e)
}

func (p *parser) entry(l *line, e Entry) error {
	if l.next != "" {
		return fmt.Errorf("unexpected %q", l.next)
	}
	for d := ByMethod; d <= ByRequest; d++ {
		if !l.has(d.String()) {
			continue
		}
		if e.Decides != ByNothing {
			return errors.New("two arguments decide")
		}
		e.Decides = d
		var err error
		if e.Arg, err = l.index(d.String(), 0); err != nil {
			return err
		}
	}
	for name, place := range map[string]*int{"url": &e.URL, "answer": &e.Answer} {
		if !l.has(name) {
			continue
		}
		i, err := l.index(name, 0)
		if err != nil {
			return err
		}
		*place = i + 1
	}
	switch as := l.value("as"); as {
	case "":
	case "query":
		e.Effect = effect.Query(e.Effect.Kind())
	default:
		return fmt.Errorf("as=%s: want as=query", as)
	}
	switch used := l.value("used"); used {
	case "":
	case "query":
		e.Used = true
	default:
		return fmt.Errorf("used=%s: want used=query", used)
	}
	if except := l.value("except"); except != "" {
		e.Except = strings.Split(except, ",")
	}
	if only := l.value("only"); only != "" {
		var err error
		if e.Arg, err = l.index("arg", 0); err != nil {
			return err
		}
		e.Only = strings.Split(only, ",")
	}
	e.Calls = l.flag("calls")
	e.Whole, e.Named = l.flag("implementers"), l.flag("named")
	if e.Whole && (!strings.Contains(l.member, ".") || strings.Contains(l.member, "*")) {
		return errors.New("implementers: want INTERFACE.METHOD")
	}
	if e.Named && !strings.HasSuffix(l.member, "*") {
		return errors.New("named: want TYPE.* or the like")
	}
	e.Name, e.Source = p.name(l), p.source
	return unique(p.c.addEntry(p.in, e, l.flag("rare")))
}

// transaction reads "ROLE MEMBER [tx=receiver | tx=result | tx=I] [callback=I] [field=NAME]".
func (p *parser) transaction(l *line) error {
	t := Transaction{Name: p.name(l), Source: p.source, Field: l.value("field")}
	for r, name := range roleNames {
		if name == l.verb {
			t.Role = Role(r)
		}
	}
	var err error
	switch t.Role {
	case Within, AfterCommit:
		t.Callback, err = l.index("callback", 0)
	default:
		t.Tx, err = l.place("tx", t.Role == Begin || t.Role == Current)
	}
	return errors.Join(err, unique(p.c.transactions.add(p.in, l.member, t)))
}

// fact reads lines that say one thing of a name: "tx TYPE", "noreturn FUNC", "carries WHAT TYPE".
func (p *parser) fact(l *line) error {
	switch l.verb {
	case "tx":
		return unique(p.c.txTypes.add(p.in, l.member, p.source))
	case "noreturn":
		return unique(p.c.noReturn.add(p.in, l.member, p.source))
	}
	what, ok := captured[l.next]
	if !ok {
		return fmt.Errorf("carries %q: want carries WHAT TYPE", l.next)
	}
	l.next = ""
	return unique(p.c.captures.add(p.in, l.member, what))
}

// worker reads "handles FUNC [arg=I] [field=NAME] [methods]".
func (p *parser) worker(l *line) error {
	w := Worker{Name: p.name(l), Source: p.source, Methods: l.flag("methods"), Field: l.value("field")}
	var err error
	w.Handler, err = l.index("arg", 0)
	return errors.Join(err, unique(p.c.workers.add(p.in, l.member, w)))
}

// handler reads "handler INTERFACE.METHOD".
func (p *parser) handler(l *line) error {
	if !strings.Contains(l.member, ".") || strings.Contains(l.member, "*") || strings.ContainsAny(p.in.path, "*") {
		return errors.New("handler: want INTERFACE.METHOD")
	}
	n := p.name(l)
	return unique(p.c.handlers.add(n, Entry{Name: n, Source: p.source}))
}

func (p *parser) name(l *line) Name { return Name{p.in.path, l.member} }

func unique(added bool) error {
	if added {
		return nil
	}
	return errors.New("a second line of this section for the same name")
}
