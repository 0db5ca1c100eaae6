package noescape

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

const ruleDirect = "direct"

// A group is the calls of one declaration that perform effects of one kind.
type group struct {
	decl ast.Node
	kind effect.Kind
}

// direct reports, for each declaration and kind, the first call that performs an enabled effect outside effect bodies, and how many more
// there are. Calls that an allow lets pass are findings of their own, so that each is on record with its reason.
func (c *check) direct(taken map[token.Pos]bool) {
	groups := map[group][]effects.Site{}
	for _, site := range c.effects.Sites() {
		pos := at(site)
		if c.bodies.contain(pos) || c.isTask(pos) || c.decorates(site) {
			continue
		}
		allowed := c.report.Allowed(ruleDirect, pos)
		switch {
		case taken[pos] || !c.enabled.Has(site.Effect):
		case allowed:
			c.reportDirect([]effects.Site{site}, nil)
		default:
			g := group{c.declaration(pos), site.Effect.Kind()}
			groups[g] = append(groups[g], site)
		}
	}
	for _, g := range sortedGroups(groups) {
		c.reportDirect(groups[g], c.directFixes(groups[g], alone(groups, g)))
	}
}

// at is the position by which a site's call is known.
func at(site effects.Site) token.Pos { return place(site.Call) }

// decorates reports whether a site is a call of an interface method in the same method of a type that implements the interface, such as
// an http.RoundTripper that wraps another: the effect is that of the interface's callers, where it is reported.
func (c *check) decorates(site effects.Site) bool {
	call := site.Call.Common()
	fn, ok := site.Func.Object().(*types.Func)
	return ok && call.IsInvoke() && implementsAny(fn, []*types.Func{call.Method})
}

// isTask reports whether a call is one of a function that is an effect: rule task's.
func (c *check) isTask(lparen token.Pos) bool {
	call := c.call(lparen)
	return call != nil && c.whyEffect(c.callee(call)) != ""
}

func sortedGroups(groups map[group][]effects.Site) []group {
	var gs []group
	for g := range groups {
		gs = append(gs, g)
	}
	slices.SortFunc(gs, func(a, b group) int {
		return cmp.Or(cmp.Compare(at(groups[a][0]), at(groups[b][0])), cmp.Compare(a.kind, b.kind))
	})
	return gs
}

// alone reports whether a group's declaration has no other.
func alone(groups map[group][]effects.Site, g group) bool {
	for other := range groups {
		if other.decl == g.decl && other != g {
			return false
		}
	}
	return true
}

// reportDirect reports the first of the sites, and how many others there are.
func (c *check) reportDirect(sites []effects.Site, fixes []analysis.SuggestedFix) {
	site := sites[0]
	pos := at(site)
	call := c.call(pos)
	if call == nil {
		return
	}
	names, way := c.way(site)
	d := directFinding{
		kind: site.Effect.Kind(), async: site.Async, used: site.Used, others: len(sites) - 1,
		chain: append([]string{c.declarationName(pos)}, names...),
		mark:  c.markable(pos), answer: !onlyError(site.Func.Signature),
	}
	c.report.Add(finding.Finding{
		Rule:    ruleDirect,
		Range:   calleeRange(call),
		Message: d.String(),
		Sink:    sink(way),
		Chain:   steps(way),
		Fixes:   fixes,
	})
}

// way returns the way from a site to its end, which for a third-party function is further than the call. It does not lead through open
// ends: the binding table need not be asked.
func (c *check) way(site effects.Site) (names []string, way []effects.Step) {
	unbound := c.pass.ResultOf[effects.Analyzer].(*effects.Result)
	for _, p := range unbound.Call(site.Call) {
		if way := unbound.Steps(p); p.Effect == site.Effect && len(way) > 0 && way[0].Func == site.Callee {
			return unbound.Chain(p), way
		}
	}
	return []string{site.Callee}, []effects.Step{{Func: site.Callee, Pos: c.effects.Position(at(site))}}
}
