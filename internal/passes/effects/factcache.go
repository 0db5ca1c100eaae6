package effects

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A factCache remembers the summaries of other packages that were asked for.
type factCache struct {
	pass      *analysis.Pass
	summaries map[*types.Func]*Summary
	byPath    map[string]*types.Package
	sorted    []*types.Package
}

func newFactCache(pass *analysis.Pass) *factCache {
	return &factCache{pass: pass, summaries: map[*types.Func]*Summary{}}
}

// summary returns the summary of a function of another package, nil if it has none.
func (c *factCache) summary(fn *types.Func) *Summary {
	fn = fn.Origin()
	s, ok := c.summaries[fn]
	if !ok {
		s = new(Summary)
		if !c.pass.ImportObjectFact(fn, s) {
			s = nil
		}
		c.summaries[fn] = s
	}
	return s
}

// packages returns this package and all that it imports, directly or not, by path.
func (c *factCache) packages() []*types.Package {
	if c.byPath != nil {
		return c.sorted
	}
	c.byPath = map[string]*types.Package{}
	var add func(*types.Package)
	add = func(p *types.Package) {
		if c.byPath[p.Path()] != nil {
			return
		}
		c.byPath[p.Path()] = p
		c.sorted = append(c.sorted, p)
		for _, q := range p.Imports() {
			add(q)
		}
	}
	add(c.pass.Pkg)
	slices.SortFunc(c.sorted, func(a, b *types.Package) int { return cmp.Compare(a.Path(), b.Path()) })
	return c.sorted
}

func (c *factCache) packageAt(path string) *types.Package {
	c.packages()
	return c.byPath[path]
}

// variable finds a field, (example.com/shop.Service).Send, or package variable by its full name.
func (c *factCache) variable(full string) *types.Var {
	v, _ := c.object(full).(*types.Var)
	return v
}

func (c *factCache) object(full string) types.Object {
	recv, name, isMethod := strings.Cut(full, ").")
	if !isMethod {
		i := strings.LastIndexByte(full, '.')
		if i < 0 {
			return nil
		}
		if pkg := c.packageAt(full[:i]); pkg != nil {
			return pkg.Scope().Lookup(full[i+1:])
		}
		return nil
	}
	recv = strings.TrimLeft(recv, "(*")
	i := strings.LastIndexByte(recv, '.')
	if i < 0 {
		return nil
	}
	pkg := c.packageAt(recv[:i])
	if pkg == nil {
		return nil
	}
	tn, ok := pkg.Scope().Lookup(recv[i+1:]).(*types.TypeName)
	if !ok {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, pkg, name)
	return obj
}
