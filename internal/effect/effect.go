// Package effect is the vocabulary of the analyzers: the kinds of side effect, and finite sets of effects with their join.
//
// An effect is a kind and whether it is a command (it changes something outside the process) or a query (it only asks).
package effect

import (
	"fmt"
	"iter"
	"math/bits"
	"strings"
)

// A Kind says what sort of boundary an effect crosses.
type Kind uint8

// The kinds, in the order in which they are printed and stored.
const (
	Mail Kind = iota
	Notify
	HTTP
	RPC
	Queue
	Exec
	Storage
	Search
	Payment
	Infra
	Other
	FS
	Net
	DB
	Cache
	Log
	Time
	Random
	Env

	kindCount
)

var kindNames = [kindCount]string{
	"mail", "notify", "http", "rpc", "queue", "exec", "storage", "search", "payment", "infra", "other",
	"fs", "net", "db", "cache", "log", "time", "random", "env",
}

func (k Kind) String() string {
	if k < kindCount {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, error) {
	for k, n := range kindNames {
		if n == name {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("unknown effect kind %q (kinds: %s)", name, strings.Join(kindNames[:], " "))
}

// Kinds returns every kind, in order.
func Kinds() iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		for k := range kindCount {
			if !yield(k) {
				return
			}
		}
	}
}

// EnabledByDefault reports whether commands of the kind are reported unless the configuration says otherwise.
func (k Kind) EnabledByDefault() bool { return k <= Other }

// Ambient reports whether the kind is part of any program's surroundings: log, time, random, env. Ambient effects are not
// listed as sites, and only a strict purity contract refuses them.
func (k Kind) Ambient() bool { return k >= Log && k < kindCount }

// An Effect is a kind together with its direction, command or query.
type Effect uint8

// Command returns the command of kind k.
func Command(k Kind) Effect { return Effect(k)<<1 | 1 }

// Query returns the query of kind k.
func Query(k Kind) Effect { return Effect(k) << 1 }

// Of returns the command or the query of kind k.
func Of(k Kind, command bool) Effect {
	if command {
		return Command(k)
	}
	return Query(k)
}

// Kind returns the effect's kind.
func (e Effect) Kind() Kind { return Kind(e >> 1) }

// IsCommand reports whether the effect changes something outside the process.
func (e Effect) IsCommand() bool { return e&1 != 0 }

// String returns "mail" for a command and "mail query" for a query.
func (e Effect) String() string {
	if e.IsCommand() {
		return e.Kind().String()
	}
	return e.Kind().String() + " query"
}

// A Set is a set of effects. The zero Set is empty.
type Set uint64

// SetOf returns the set of the given effects.
func SetOf(es ...Effect) Set {
	var s Set
	for _, e := range es {
		s |= 1 << e
	}
	return s
}

// Has reports whether e is in s.
func (s Set) Has(e Effect) bool { return s&(1<<e) != 0 }

// Join returns the union of s and t.
func (s Set) Join(t Set) Set { return s | t }

// Meet returns the intersection of s and t.
func (s Set) Meet(t Set) Set { return s & t }

// Minus returns the effects of s that are not in t.
func (s Set) Minus(t Set) Set { return s &^ t }

// Len returns the number of effects in s.
func (s Set) Len() int { return bits.OnesCount64(uint64(s)) }

// All yields the effects of s in order.
func (s Set) All() iter.Seq[Effect] {
	return func(yield func(Effect) bool) {
		for rest := uint64(s); rest != 0; rest &= rest - 1 {
			if !yield(Effect(bits.TrailingZeros64(rest))) {
				return
			}
		}
	}
}

// Enabled is the set reported by default: the commands of every kind that is enabled by default.
func Enabled() Set {
	var s Set
	for k := range Kinds() {
		if k.EnabledByDefault() {
			s = s.Join(SetOf(Command(k)))
		}
	}
	return s
}

// String lists the effects, separated by ", ".
func (s Set) String() string {
	var names []string
	for e := range s.All() {
		names = append(names, e.String())
	}
	return strings.Join(names, ", ")
}
