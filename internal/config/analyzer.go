package config

import (
	"flag"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer finds the settings in force for a package. Its result is a [Config]; for a package that is not the user's own it is the
// zero Config.
//
// Its flag "file" names the one file in force; its flag "settings" holds the settings themselves, as JSON, in place of any file.
var Analyzer = &analysis.Analyzer{
	Name:             "airlockconfig",
	Doc:              "find the settings in force",
	Requires:         []*analysis.Analyzer{whose.Analyzer},
	Run:              run,
	ResultType:       reflect.TypeFor[*Config](),
	RunDespiteErrors: true,
}

var flagFile, flagSettings string

func init() {
	Analyzer.Flags.Init(Analyzer.Name, flag.ContinueOnError)
	Analyzer.Flags.StringVar(&flagFile, "file", "", "the configuration `file`, in place of "+FileName)
	Analyzer.Flags.StringVar(&flagSettings, "settings", "", "the settings as `JSON`, in place of any file")
}

// AddFlags adds to a check's flags those that it shares with all checks: "own" and "settings". Drivers that know of an analyzer's own flags
// alone, as Bazel's nogo does, set them there: once, for all.
func AddFlags(fs *flag.FlagSet) {
	for _, f := range shared() {
		fs.Var(f.Value, f.Name, f.Usage)
	}
}

// Shared reports whether a flag of that name is one of all checks.
func Shared(name string) bool {
	return slices.ContainsFunc(shared(), func(f *flag.Flag) bool { return f.Name == name })
}

func shared() []*flag.Flag {
	return []*flag.Flag{whose.Analyzer.Flags.Lookup("own"), Analyzer.Flags.Lookup("settings")}
}

func run(pass *analysis.Pass) (any, error) {
	if whose.Of(pass) != whose.Own {
		return new(Config), nil
	}
	c, err := load(pass)
	if err == nil {
		err = c.check(pass)
	}
	if err != nil {
		return &Config{Err: err}, nil
	}
	return c, nil
}

// check holds the entries against the package and those that it imports from others. Own ones hold them against themselves.
func (c *Config) check(pass *analysis.Pass) error {
	pkgs := []*types.Package{pass.Pkg}
	for _, p := range pass.Pkg.Imports() {
		if p.Complete() && whose.Package(pass, p) != whose.Own {
			pkgs = append(pkgs, p)
		}
	}
	return c.Check(pkgs, func(p *types.Package) bool { return p != pass.Pkg })
}

func load(pass *analysis.Pass) (*Config, error) {
	if flagSettings != "" {
		return once(flagSettings, func() (*Config, error) { return Parse("settings", []byte(flagSettings)) })
	}
	files, err := InForce(flagFile, folder(pass))
	if err != nil {
		return nil, err
	}
	return Load(files...)
}

// folder returns a folder inside the package's module. Files that cgo or another tool wrote elsewhere don't count, unless a //line
// comment leads back.
func folder(pass *analysis.Pass) string {
	for _, file := range pass.Files {
		for _, adjusted := range []bool{false, true} {
			dir := dirOf(pass.Fset, file.FileStart, adjusted)
			if moduleRoot(dir) != "" {
				return dir
			}
		}
	}
	wd, err := os.Getwd()
	if err != nil {
		return ""
	}
	return wd
}

func dirOf(fset *token.FileSet, pos token.Pos, adjusted bool) string {
	name := fset.PositionFor(pos, adjusted).Filename
	if name == "" {
		return ""
	}
	abs, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return ""
	}
	return abs
}
