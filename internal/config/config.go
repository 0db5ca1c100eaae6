// Package config holds what a team has settled: which kinds and rules count, what its own functions do that the analysis can't see, and
// what its packages are for. One struct, read from .airlock.yml or from a linter's settings, validated with file and line.
package config

import (
	"fmt"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/rule"
	"github.com/airlock-go/airlock/internal/whose"
)

// A Config is the settings in force for a module. The zero Config changes nothing. It must not be changed once it is in use.
type Config struct {
	Kinds        map[effect.Kind]Switch `yaml:"kinds" doc:"Which kinds of effect are reported: on or off."`
	Rules        map[rule.Rule]Severity `yaml:"rules" doc:"How severe the findings of a rule are: off, note, warning or error (the default). Only errors fail a run."`
	Effects      []Effect               `yaml:"effects" doc:"Functions that perform an effect which the analysis can't see."`
	Transactions []Transaction          `yaml:"transactions" doc:"Functions that open or run a database transaction."`
	Packages     []Package              `yaml:"packages" doc:"What packages are for."`
	Scoped       []Func                 `yaml:"scoped" doc:"Functions whose framework hands them a context with a scope."`
	Bindings     []Binding              `yaml:"bindings" doc:"Which implementation an interface method stands for; written by airlockvet bind -w."`

	// Err says why there are no settings for a package: what is in force can't be read, or an entry names nothing. Only a result of
	// Analyzer has it. Nothing is reported in such a package, and noescape fails with it: drivers print the errors of the analyzers
	// that they were asked to run, not of those that these require.
	Err error `yaml:"-"`
}

// An Effect is a function that performs.
type Effect struct {
	Func  Func        `yaml:"func" need:"true" doc:"The function or method."`
	Kind  effect.Kind `yaml:"kind" need:"true" doc:"The kind of its effect."`
	Query bool        `yaml:"query" doc:"Whether it only asks, and changes nothing."`
	Pos   Position    `yaml:"-"`
}

// Effect returns the effect that the function performs.
func (e Effect) Effect() effect.Effect { return effect.Of(e.Kind, !e.Query) }

// A Transaction is a function that runs its callback inside a database transaction, or one that begins a transaction and those that end it.
type Transaction struct {
	Func     Func     `yaml:"func" doc:"A function that runs its callback inside a transaction."`
	Callback int      `yaml:"callback" doc:"Which parameter of func is the callback, counted from 0, the receiver left aside."`
	Begin    Func     `yaml:"begin" doc:"A function that opens a transaction."`
	End      []Func   `yaml:"end" doc:"The methods that end what begin opened."`
	Pos      Position `yaml:"-"`
}

// A Package says what the packages that a path covers are for.
type Package struct {
	Path string   `yaml:"path" need:"true" doc:"An import path; one that ends in /... covers all below it."`
	Role Role     `yaml:"role" need:"true" doc:"domain: no effects; adapter: its commands are effects to the rest of the program."`
	Pos  Position `yaml:"-"`
}

// A Binding says which implementation an interface method stands for, and what it performs, for drivers that don't see it.
type Binding struct {
	Method   Func     `yaml:"method" need:"true" doc:"The interface method."`
	To       Func     `yaml:"to" need:"true" doc:"The method that implements it."`
	Performs []string `yaml:"performs" doc:"What the implementation performs, for packages that don't import it; written by airlockvet bind -w."`
	Pos      Position `yaml:"-"`
	// Requires says for which of its parameters it needs a scope.
	Requires []int `yaml:"requires" doc:"Which of its parameters are contexts that must carry a scope, counted from 0, the receiver left aside; written by airlockvet bind -w."`
	// Transaction says which of its parameters it runs inside a database transaction; nil says nothing, no element that it runs none.
	Transaction []int `yaml:"transaction" doc:"Which of its parameters it runs inside a database transaction, counted from 0, the receiver left aside; written by airlockvet bind -w."`
}

// A Func is the name of a function, method or interface method as the file spells it, (*example.com/sms.Client).Send, and as the catalog
// compares it.
type Func struct {
	catalog.Name
	Text string
	Pos  Position
}

// A Position is a line of a configuration file.
type Position struct {
	File string
	Line int
}

func (p Position) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// A Switch is on or off.
type Switch bool

// A Severity says what a finding means to a run. The zero Severity is Error.
type Severity uint8

// The severities.
const (
	Error Severity = iota
	Warning
	Note
	Off
)

var severities = []string{"error", "warning", "note", "off"}

func (s Severity) String() string { return severities[s] }

// A Role says what a package is for. The zero Role is none in particular.
type Role uint8

// The roles.
const (
	NoRole  Role = iota
	Domain       // no effects
	Adapter      // its commands are effects to the rest of the program
)

var roles = []string{"", "domain", "adapter"}

func (r Role) String() string { return roles[r] }

// Enabled returns the effects that are reported: the commands of the kinds that are on.
func (c *Config) Enabled() effect.Set {
	set := effect.Enabled()
	for kind, on := range c.Kinds {
		if on {
			set = set.Join(effect.SetOf(effect.Command(kind)))
		} else {
			set = set.Minus(effect.SetOf(effect.Command(kind)))
		}
	}
	return set
}

// Severity returns how severe the findings of a rule are.
func (c *Config) Severity(r rule.Rule) Severity {
	if s, ok := c.Rules[r]; ok {
		return s
	}
	if r.Off {
		return Off
	}
	return Error
}

// RuleOn reports whether the rule of that full name, noescape/direct, is on.
func (c *Config) RuleOn(name string) bool {
	r, err := rule.Parse(name)
	if err != nil {
		panic("config: RuleOn: " + err.Error())
	}
	return c.Severity(r) != Off
}

// Role returns what the package of that import path is for. Of several entries that cover it the last counts.
func (c *Config) Role(path string) Role {
	for i := len(c.Packages) - 1; i >= 0; i-- {
		if whose.Match(c.Packages[i].Path, path) {
			return c.Packages[i].Role
		}
	}
	return NoRole
}

// overlay returns c with the settings of top laid over it: top's kinds and rules win, its lists are added.
func (c *Config) overlay(top *Config) *Config {
	return &Config{
		Kinds:        merge(c.Kinds, top.Kinds),
		Rules:        merge(c.Rules, top.Rules),
		Effects:      concat(c.Effects, top.Effects),
		Transactions: concat(c.Transactions, top.Transactions),
		Packages:     concat(c.Packages, top.Packages),
		Scoped:       concat(c.Scoped, top.Scoped),
		Bindings:     concat(c.Bindings, top.Bindings),
	}
}

func merge[K comparable, V any](under, over map[K]V) map[K]V {
	m := make(map[K]V, len(under)+len(over))
	for k, v := range under {
		m[k] = v
	}
	for k, v := range over {
		m[k] = v
	}
	return m
}

func concat[T any](a, b []T) []T { return append(a[:len(a):len(a)], b...) }
