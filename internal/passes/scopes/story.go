package scopes

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A life story is a site with what was seen of its scopes from the function that they live in.
type story struct {
	site   site
	root   *ssa.Function
	seen   *sightings
	ends   []ending
	within int // see Result.Within
	around int // the result that carries the scope around it, or -1
	lost   bool
}

// follow follows the scopes that calls in the unit hand out, each in the function that it lives in: where the call stands, or around
// that, if it is assigned to a variable there.
func (p *program) follow(u *unit) {
	var all []site
	for _, fn := range u.tree {
		fn.stories = nil
		all = append(all, p.sites(fn)...)
	}
	u.several = len(all) > 1
	for _, s := range all {
		story := p.home(s, s.call.Parent())
		root := p.functions[story.root]
		root.stories = append(root.stories, story)
	}
}

// home follows a scope from the innermost function that it does not leave through a captured variable.
func (p *program) home(s site, fn *ssa.Function) *story {
	for fn.Synthetic == rangeFuncYield {
		fn = fn.Parent()
	}
	if !p.functions[fn].unit.several && p.idiomatic(s, fn) {
		return &story{site: s, root: fn, seen: &sightings{born: true}, within: -1, around: -1}
	}
	for {
		story := p.tell(s, fn, s.beside())
		if !story.seen.captured || fn.Parent() == nil {
			return p.nested(story)
		}
		fn = fn.Parent()
	}
}

// tell follows a scope through root, and the one that it may be nested in, if any.
func (p *program) tell(s site, root *ssa.Function, o *outer) *story {
	k := p.walker(root, origin{instr: s.call, results: s.results, context: s.context})
	k.outer = o
	t := &story{site: s, root: root, ends: k.run(root, k.f.empty()), seen: k.seen, within: -1, lost: k.lost}
	t.around = t.besides()
	return t
}

// handed lists the results in which the function hands the scope out, as a group that is named by the first of them.
func (s *story) handed() []Result {
	var results []Result
	for r := range s.seen.owned {
		r.Quiet, r.Guard, r.Within, r.Around = s.site.quiet, s.guard(), s.within, s.around
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Fate, b.Fate))
	})
	for i := range results {
		results[i].Group = results[0].Index
	}
	return merge(nil, results)
}

// merge joins results with others that may take their places: from another call, on another path. What shares a result is one group.
func merge(results, others []Result) []Result {
	for _, r := range others {
		i := slices.IndexFunc(results, func(old Result) bool { return old.Index == r.Index })
		if i < 0 {
			results = append(results, r)
			continue
		}
		old := &results[i]
		old.Kind = max(old.Kind, r.Kind)
		old.Fate |= r.Fate
		old.Quiet = old.Quiet && r.Quiet
		if old.Guard != r.Guard {
			old.Guard = -1
		}
		if old.Within != r.Within {
			old.Within = -1
		}
		if old.Around != r.Around {
			old.Around = -1
		}
		regroup(results, others, old.Group, r.Group)
	}
	slices.SortFunc(results, func(a, b Result) int { return cmp.Compare(a.Index, b.Index) })
	return results
}

// groupAround names the groups that carry the scopes around others: none does for itself.
func groupAround(results []Result) {
	for i := range results {
		r := &results[i]
		j := slices.IndexFunc(results, func(other Result) bool { return other.Index == r.Around && other.Group != r.Group })
		if r.Around = -1; j >= 0 {
			r.Around = results[j].Group
		}
	}
}

func regroup(results, others []Result, a, b int) {
	for _, list := range [][]Result{results, others} {
		for i := range list {
			if list[i].Group == a || list[i].Group == b {
				list[i].Group = min(a, b)
			}
		}
	}
}

// guard is the result without which there is no scope: an error that is nil, or a boolean that is true, wherever one is handed out.
func (s *story) guard() int {
	results := s.root.Signature.Results()
	for i := results.Len() - 1; i >= 0; i-- {
		t := results.At(i).Type()
		yes := isTrue
		if isError(t) {
			yes = isNil
		} else if b, ok := t.Underlying().(*types.Basic); !ok || b.Kind() != types.Bool {
			continue
		}
		if s.tells(i, yes) {
			return i
		}
	}
	return -1
}

func (s *story) tells(i int, yes val) bool {
	handed := false
	for _, e := range s.ends {
		if e.carried < 0 {
			continue
		}
		if val(e.results[i]) != yes {
			return false
		}
		handed = true
	}
	return handed
}
