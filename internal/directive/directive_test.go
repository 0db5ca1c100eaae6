package directive_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/rule"
)

// index reads the directives of one file.
func index(t *testing.T, name, src string) (*directive.Index, *types.Package, *token.File) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	result, err := directive.Analyzer.Run(&analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info})
	if err != nil {
		t.Fatal(err)
	}
	return result.(*directive.Index), pkg, fset.File(file.FileStart)
}

func problems(x *directive.Index, file *token.File) (lines []string) {
	for _, p := range x.Problems() {
		lines = append(lines, fmt.Sprintf("%d: %s", file.Line(p.Pos), p.Message))
	}
	return lines
}

func TestMarks(t *testing.T) {
	x, pkg, file := index(t, "p.go", `//airlock:effects notify
package p

// Mail sends.
//
//airlock:effect mail
func Mail() {}

//airlock:effect // the kind is what it performs
func Any[T any]() {}

type Client interface {
	Send() //airlock:effect http
	//airlock:effect
	Post()
	Get()
}

//airlock:effect exec
var Hook func()

var (
	//airlock:effect queue
	Publish = func() {}
	//airlock:effect
	count int
)

//airlock:pure strict
//airlock:scoped
func (t *T) Method() {}

//airlock:pure
type T struct{}

//airlock:effect

func Detached() {
	//airlock:scoped
}

//airlock:effects
`)
	if m, adapter := x.Effects(); !adapter || m != (directive.Mark{Kind: effect.Notify, Named: true}) {
		t.Errorf("Effects() = %v, %v; want notify", m, adapter)
	}
	client := pkg.Scope().Lookup("Client").Type().Underlying().(*types.Interface)
	method := func(name string) types.Object {
		for m := range client.Methods() {
			if m.Name() == name {
				return m
			}
		}
		return nil
	}
	for _, test := range []struct {
		obj      types.Object
		declared bool
		want     directive.Mark
	}{
		{pkg.Scope().Lookup("Mail"), true, directive.Mark{Kind: effect.Mail, Named: true}},
		{pkg.Scope().Lookup("Any"), true, directive.Mark{Kind: effect.Other}},
		{method("Send"), true, directive.Mark{Kind: effect.HTTP, Named: true}},
		{method("Post"), true, directive.Mark{Kind: effect.Other}},
		{method("Get"), false, directive.Mark{}},
		{pkg.Scope().Lookup("Hook"), true, directive.Mark{Kind: effect.Exec, Named: true}},
		{pkg.Scope().Lookup("Publish"), true, directive.Mark{Kind: effect.Queue, Named: true}},
		{pkg.Scope().Lookup("Detached"), false, directive.Mark{}},
	} {
		if m, declared := x.Effect(test.obj); declared != test.declared || m != test.want {
			t.Errorf("Effect(%v) = %v, %v; want %v, %v", test.obj, m, declared, test.want, test.declared)
		}
	}
	fn, _, _ := types.LookupFieldOrMethod(types.NewPointer(pkg.Scope().Lookup("T").Type()), false, pkg, "Method")
	if strict, pure := x.Pure(fn.(*types.Func)); !strict || !pure || !x.Scoped(fn.(*types.Func)) {
		t.Errorf("Method is pure %v, strict %v, scoped %v; want all", pure, strict, x.Scoped(fn.(*types.Func)))
	}
	want := []string{
		"25: //airlock:effect belongs to the comment of a function, an interface method or a variable of function type",
		"33: //airlock:pure belongs to the comment of a function",
		"36: //airlock:effect belongs to the comment of a function, an interface method or a variable of function type",
		"39: //airlock:scoped belongs to the comment of a function",
		"42: //airlock:effects belongs to the package clause, in a file that is no test",
	}
	if diff := cmp.Diff(want, problems(x, file)); diff != "" {
		t.Errorf("problems differ (-want +got):\n%s", diff)
	}
}

func TestAdapterInTestFile(t *testing.T) {
	x, _, file := index(t, "p_test.go", "//airlock:effects\npackage p\n")
	if _, adapter := x.Effects(); adapter {
		t.Error("a test file makes its package an adapter")
	}
	if diff := cmp.Diff([]string{"1: //airlock:effects belongs to the package clause, in a file that is no test"}, problems(x, file)); diff != "" {
		t.Errorf("problems differ (-want +got):\n%s", diff)
	}
}

// TestExtent marks the lines that each allow covers: its reason lists them.
func TestExtent(t *testing.T) {
	src := `package p

func f(g func(...int)) { //airlock:allow direct 3-37
	g()
	g() //airlock:allow direct 5
	//airlock:allow direct 6-7
	g()
	//airlock:allow direct 8-10
	// with a further remark
	g()
	//airlock:allow direct 11-14
	if true {
		g()
	}
	g(
		1,
		2) //airlock:allow direct 15-17
	if true { //airlock:allow direct 18-20
		g()
	} //airlock:allow direct 20
	for range 3 {
		g()
	}
	switch {
	//airlock:allow direct 25-27
	case true:
		g()
	default: //airlock:allow direct 28-29
		g()
	}
	//airlock:allow direct 31

	g()
	go func() {
		g()
	}() //airlock:allow direct 34-36
}

//airlock:allow direct 39-45
var table = map[string]func(){
	"a": func() { //airlock:allow direct 41-42
	},
	//airlock:allow direct 43-44
	"b": nil,
}

// h has a doc comment.
//
//airlock:allow direct 49-52
func h(g func()) {
	g()
}
`
	x, _, file := index(t, "p.go", src)
	direct, _ := rule.Of("noescape", "direct")
	for _, a := range x.Allows() {
		var covered []int
		for line := 1; line <= file.LineCount(); line++ {
			if a.Covers(direct, file.LineStart(line)) {
				covered = append(covered, line)
			}
		}
		got := fmt.Sprint(covered[0])
		if last := covered[len(covered)-1]; len(covered) > 1 {
			got += fmt.Sprintf("-%d", last)
		}
		if got != a.Reason {
			t.Errorf("line %d: the allow covers %s, want %s", file.Line(a.Pos), got, a.Reason)
		}
	}
	if want := strings.Count(src, "airlock:allow"); len(x.Allows()) != want {
		t.Errorf("%d allows, want %d (%v)", len(x.Allows()), want, problems(x, file))
	}
}

func TestFileExtent(t *testing.T) {
	for _, src := range []string{
		"//airlock:allow direct,task all of it\n\npackage p\n\nfunc f() {}\n",
		"package p //airlock:allow direct,task all of it\n\nfunc f() {}\n",
	} {
		x, _, file := index(t, "p.go", src)
		task, _ := rule.Of("noescape", "task")
		pure, _ := rule.Of("noescape", "pure")
		last := file.LineStart(file.LineCount() - 1)
		if len(x.Allows()) != 1 || !x.Allows()[0].Covers(task, last) || x.Allows()[0].Covers(pure, last) {
			t.Errorf("%q does not cover its file for exactly the rules it names: %v", src, problems(x, file))
		}
	}
}

func TestKnownRulesSurviveAnUnknownOne(t *testing.T) {
	x, _, file := index(t, "p.go", "package p\n\nfunc f() {} //airlock:allow direct,dirct legacy\n")
	if len(x.Allows()) != 1 || !slices.Equal(problems(x, file), []string{`3: unknown rule "dirct" (did you mean "direct"?)`}) {
		t.Errorf("allows %v, problems %v; want the known rule allowed and the other reported", x.Allows(), problems(x, file))
	}
}
