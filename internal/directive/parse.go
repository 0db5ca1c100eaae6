package directive

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/rule"
)

const prefix = "//airlock:"

const (
	verbEffect  = "effect"
	verbEffects = "effects"
	verbPure    = "pure"
	verbScoped  = "scoped"
	verbAllow   = "allow"
)

var verbs = []string{verbEffect, verbEffects, verbPure, verbScoped, verbAllow}

// parsed is the text of one directive.
type parsed struct {
	verb   string
	mark   Mark        // effect, effects
	strict bool        // pure
	rules  []rule.Rule // allow
	reason string
	until  time.Time // the zero time: for good
}

// parse reads the text of a comment. ok is false for a comment that is no directive. An allow of several rules of which one is wrong
// is an error and still names the others.
func parse(comment string) (d parsed, ok bool, err error) {
	text, ok := strings.CutPrefix(strip(comment), prefix)
	if !ok {
		return parsed{}, meant(comment), errors.New("a directive has no blank after //: write " + prefix)
	}
	verb, rest := text, ""
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		verb, rest = text[:i], text[i:]
	}
	d.verb = verb
	words := strings.Fields(rest)
	switch verb {
	case verbEffect, verbEffects:
		d.mark, err = parseMark(words)
	case verbPure:
		d.strict, err = parseStrict(words)
	case verbScoped:
		if len(words) > 0 {
			err = fmt.Errorf("%s takes no arguments, not %q", prefix+verb, strings.Join(words, " "))
		}
	case verbAllow:
		err = d.parseAllow(words)
	default:
		err = fmt.Errorf("unknown directive %s%s", prefix+verb, rule.DidYouMean(verb, verbs))
	}
	return d, true, err
}

// strip removes a further comment from the end of a line comment, and the blanks before it.
func strip(comment string) string {
	for _, sep := range []string{" //", "\t//"} {
		if i := strings.Index(comment, sep); i > 0 {
			comment = comment[:i]
		}
	}
	return strings.TrimRight(comment, " \t\r")
}

// meant reports whether a comment would be a directive but for the blank after its slashes.
func meant(comment string) bool {
	text, ok := strings.CutPrefix(comment, "//")
	if !ok {
		return false
	}
	text, ok = strings.CutPrefix(strings.TrimLeft(text, " \t"), "airlock:")
	if !ok {
		return false
	}
	for _, verb := range verbs {
		if rest, ok := strings.CutPrefix(text, verb); ok && strings.TrimLeft(rest, " \t\r") != rest || text == verb {
			return true
		}
	}
	return false
}

func parseMark(words []string) (Mark, error) {
	switch len(words) {
	case 0:
		return Mark{Kind: effect.Other}, nil
	case 1:
		kind, err := effect.ParseKind(words[0])
		return Mark{Kind: kind, Named: true}, err
	}
	return Mark{}, fmt.Errorf("an effect has one kind, not %q", strings.Join(words, " "))
}

func parseStrict(words []string) (bool, error) {
	switch {
	case len(words) == 0:
		return false, nil
	case len(words) == 1 && words[0] == "strict":
		return true, nil
	}
	return false, fmt.Errorf(`%spure takes "strict" or nothing, not %q`, prefix, strings.Join(words, " "))
}

func (d *parsed) parseAllow(words []string) error {
	names, words := ruleNames(words)
	if len(names) == 0 {
		return errors.New("an allow names a rule and gives a reason: " + prefix + "allow RULE REASON")
	}
	words, err := d.parseUntil(words)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return errors.New("an allow without a reason suppresses nothing: say why after the rule")
	}
	d.reason = strings.Join(words, " ")
	var errs []error
	for _, name := range names {
		switch r, err := rule.Parse(name); {
		case name == rule.AllowRule || err == nil && r.Name == rule.AllowRule:
			errs = append(errs, errors.New("an allow can't be allowed: correct or remove the directive that is reported"))
		case err != nil:
			errs = append(errs, err)
		default:
			d.rules = append(d.rules, r)
		}
	}
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}

// ruleNames splits the rules from the words that follow them: a rule that ends in a comma is followed by another.
func ruleNames(words []string) (names, rest []string) {
	for i, word := range words {
		for name := range strings.SplitSeq(word, ",") {
			if name != "" {
				names = append(names, name)
			}
		}
		if !strings.HasSuffix(word, ",") {
			return names, words[i+1:]
		}
	}
	return names, nil
}

// parseUntil reads the date at the end of an allow, and returns the words before it.
func (d *parsed) parseUntil(words []string) ([]string, error) {
	for i, word := range words {
		date, ok := strings.CutPrefix(word, "until=")
		if !ok {
			continue
		}
		until, err := time.Parse(time.DateOnly, date)
		if err != nil || i != len(words)-1 {
			return nil, fmt.Errorf("an allow ends with until=YYYY-MM-DD, not %q", strings.Join(words[i:], " "))
		}
		d.until = until
		return words[:i], nil
	}
	return words, nil
}
