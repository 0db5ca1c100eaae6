package catalog

import (
	"go/types"
	"path"
	"strings"
)

// A table maps names to what one section of the catalog says of them. An exact line wins over patterns, and among patterns the
// one that stands first.
type table[T any] struct {
	exact map[string]map[string]T  // by path, then member: most calls are of packages that have no line at all
	at    map[string][]*pattern[T] // those of one path, as they stand
	wild  []*pattern[T]            // those whose path has stars, as they stand
	lines int                      // how many patterns there are
}

// A pattern is a line whose path or member has stars, or that holds for every package that imports another.
type pattern[T any] struct {
	path, member string
	imports      string // "" or the import that generated code is known by
	value        T
	line         int // patterns that stand before
}

// scope is the block in which a line stands.
type scope struct {
	path    string // without major version; may hold stars
	imports string
}

// add records v, and returns false if the same name has a value already.
func (t *table[T]) add(in scope, member string, v T) bool {
	if in.imports != "" || strings.ContainsAny(in.path+member, "*") || strings.HasSuffix(in.path, "...") {
		return t.addPattern(&pattern[T]{path: in.path, member: member, imports: in.imports, value: v})
	}
	if t.exact == nil {
		t.exact = map[string]map[string]T{}
	}
	members := t.exact[in.path]
	if members == nil {
		members = map[string]T{}
		t.exact[in.path] = members
	}
	if _, dup := members[member]; dup {
		return false
	}
	members[member] = v
	return true
}

func (t *table[T]) addPattern(p *pattern[T]) bool {
	wild := strings.Contains(p.path, "*") || strings.HasSuffix(p.path, "...")
	list := t.at[p.path]
	if wild {
		list = t.wild
	}
	for _, q := range list {
		if q.path == p.path && q.member == p.member && q.imports == p.imports {
			return false
		}
	}
	p.line = t.lines
	t.lines++
	if list = append(list, p); wild {
		t.wild = list
		return true
	}
	if t.at == nil {
		t.at = map[string][]*pattern[T]{}
	}
	t.at[p.path] = list
	return true
}

// lookup returns the value of n, which pkg declares.
func (t *table[T]) lookup(n Name, pkg *types.Package) (v T, ok bool) {
	if n.Member == "" {
		return v, false
	}
	if v, ok := t.exact[n.Path][n.Member]; ok {
		return v, true
	}
	first := firstMatch(t.at[n.Path], n, pkg)
	if p := firstMatch(t.wild, n, pkg); p != nil && (first == nil || p.line < first.line) {
		first = p
	}
	if first == nil {
		return v, false
	}
	return first.value, true
}

func firstMatch[T any](list []*pattern[T], n Name, pkg *types.Package) *pattern[T] {
	for _, p := range list {
		if p.matches(n, pkg) {
			return p
		}
	}
	return nil
}

func (p *pattern[T]) matches(n Name, pkg *types.Package) bool {
	if !matchPath(p.path, n.Path) || !matchMember(p.member, n.Member) {
		return false
	}
	return p.imports == "" || imports(pkg, p.imports)
}

// matchMember matches a member against a pattern in which a star stands for any part of an identifier.
func matchMember(pattern, member string) bool {
	pr, pm, pok := strings.Cut(pattern, ".")
	mr, mm, mok := strings.Cut(member, ".")
	return pok == mok && matchIdent(pr, mr) && matchIdent(pm, mm)
}

func matchIdent(pattern, ident string) bool {
	if !strings.Contains(pattern, "*") {
		return pattern == ident
	}
	ok, _ := path.Match(pattern, ident)
	return ok
}

// matchPath matches an import path against a pattern in which a star stands for any part of one element and a final "..." for
// any number of further elements, none included.
func matchPath(pattern, pkgPath string) bool {
	if base, ok := strings.CutSuffix(pattern, "..."); ok {
		base = strings.TrimSuffix(base, "/")
		rest, below := strings.CutPrefix(pkgPath, base)
		return base == "" || below && (rest == "" || rest[0] == '/')
	}
	return matchIdent(pattern, pkgPath)
}

func imports(pkg *types.Package, wanted string) bool {
	if pkg == nil {
		return false
	}
	for _, imp := range pkg.Imports() {
		if unversioned(imp.Path()) == wanted {
			return true
		}
	}
	return false
}
