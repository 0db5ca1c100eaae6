package effects

import (
	"slices"
	"strings"
)

// Steps returns the way to p: full names, with the positions of the calls.
func (r *Result) Steps(p Performed) []Step {
	steps := p.Way.steps()
	if p.Via != "" {
		steps[len(steps)-1].Func = BoundName(p.Via, p.To)
	}
	return append(steps, p.Beyond.whole().steps()...)
}

// Dist returns how many calls lead to p.
func (p Performed) Dist() int { return p.Way.dist() + p.Beyond.distance() }

// Chain returns the way to p in the short names that messages use: notify, (*Mailer).Send, net/smtp.SendMail. Functions of the package
// itself have no prefix, those of other own packages and third parties the last element of their path, those at the end all of it.
func (r *Result) Chain(p Performed) []string {
	steps := r.Steps(p)
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = r.display(s.Func, i == len(steps)-1)
	}
	return slices.Compact(names)
}

func (r *Result) display(full string, last bool) string {
	bound := ""
	if name, rest, ok := strings.Cut(full, " (bound: "); ok {
		full, bound = name, " (bound: "+shorten(strings.TrimSuffix(rest, ")"), "")+")"
		return shorten(full, "") + bound
	}
	own := r.code.types.Path()
	if last && !strings.HasPrefix(strings.TrimLeft(full, "(*"), own+".") {
		return full
	}
	return shorten(full, own)
}

// shorten reduces the import path in a full name to its last element, or drops it if it is own.
func shorten(full, own string) string {
	start := len(full) - len(strings.TrimLeft(full, "(*"))
	prefix, rest := full[:start], full[start:]
	if own != "" && strings.HasPrefix(rest, own+".") {
		rest = rest[len(own)+1:]
		if prefix == "(" {
			return strings.Replace(rest, ")", "", 1)
		}
		return prefix + rest
	}
	slash := strings.LastIndexByte(rest, '/')
	name := rest[slash+1:]
	if prefix == "(" {
		return strings.Replace(name, ")", "", 1)
	}
	return prefix + name
}
