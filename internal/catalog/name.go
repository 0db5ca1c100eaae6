package catalog

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"strings"
)

// A Name is how the catalog spells a function, method, field or type: its import path without major version, and the member,
// "SendMail" or "Client.Do". A method's receiver is the type that declares it, with neither pointer nor type arguments.
//
// Names can be compared. The zero Name names nothing.
type Name struct{ Path, Member string }

// String returns the name as a Go programmer writes it: net/smtp.Client.Mail.
func (n Name) String() string { return n.Path + "." + n.Member }

// NameIn returns the name of a member of the package of that import path.
func NameIn(pkgPath, member string) Name { return Name{unversioned(pkgPath), member} }

// NameOf returns the name of fn's origin. A method of an unnamed type, and a function of no package, has the zero Name.
func NameOf(fn *types.Func) Name {
	if fn == nil || fn.Pkg() == nil {
		return Name{}
	}
	fn = fn.Origin()
	recv := fn.Signature().Recv()
	if recv == nil {
		return Name{unversioned(fn.Pkg().Path()), fn.Name()}
	}
	owner := namedType(recv.Type())
	if owner == nil {
		return Name{}
	}
	return Name{unversioned(fn.Pkg().Path()), owner.Obj().Name() + "." + fn.Name()}
}

// TypeName returns the name of a named type, or of the one that a pointer points to; of any other type, the zero Name.
func TypeName(t types.Type) Name {
	named := namedType(t)
	if named == nil || named.Obj().Pkg() == nil {
		return Name{}
	}
	return Name{unversioned(named.Obj().Pkg().Path()), named.Obj().Name()}
}

// FieldName returns the name of a field of the named struct type that declares it.
func FieldName(owner types.Type, field *types.Var) Name {
	n := TypeName(owner)
	if n == (Name{}) || field == nil {
		return Name{}
	}
	return Name{n.Path, n.Member + "." + field.Name()}
}

// ParseName reads the full name of a function as [types.Func.FullName] writes it, type parameters and star being optional:
// net/smtp.SendMail, (*net/http.Client).Do, (example.com/events.Bus[T]).Publish, example.com/sms.Client.Send.
func ParseName(full string) (Name, error) {
	text := strings.TrimSpace(full)
	if i := strings.IndexByte(text, '['); i >= 0 {
		j := strings.LastIndexByte(text, ']')
		if j < i {
			return Name{}, fmt.Errorf("%q: unbalanced brackets", full)
		}
		text = text[:i] + text[j+1:]
	}
	if rest, ok := strings.CutPrefix(text, "("); ok {
		recv, method, ok := strings.Cut(rest, ").")
		if !ok {
			return Name{}, fmt.Errorf("%q: want (*PATH.TYPE).METHOD", full)
		}
		text = strings.TrimPrefix(recv, "*") + "." + method
	}
	slash := strings.LastIndexByte(text, '/') + 1
	pkg, member := splitMember(text[slash:])
	if pkg == "" || !validMember(member) {
		return Name{}, fmt.Errorf("%q: want PATH.FUNC or (*PATH.TYPE).METHOD", full)
	}
	return Name{unversioned(text[:slash] + pkg), member}, nil
}

// splitMember divides the last element of a full name. A package's own last element may hold dots (gopkg.in/gomail.v2), so the
// member is what follows the last dot, or the last two where the one before is a type's name: nats.go.Conn.Publish.
func splitMember(element string) (pkg, member string) {
	parts := strings.Split(element, ".")
	n := len(parts)
	if n < 2 {
		return "", ""
	}
	if n > 2 && looksLikeType(parts[n-2]) {
		return strings.Join(parts[:n-2], "."), parts[n-2] + "." + parts[n-1]
	}
	return strings.Join(parts[:n-1], "."), parts[n-1]
}

// looksLikeType tells a type from the tail of an import path: v2, go, js are tails; Client, cmdable, v1ChargeService are types.
func looksLikeType(s string) bool {
	return token.IsIdentifier(s) && !isMajor(s) && s != "go" && s != "js" && s != "io"
}

// validMember accepts F, T.M, and for patterns a star anywhere.
func validMember(member string) bool {
	recv, method, ok := strings.Cut(member, ".")
	if !ok {
		return validIdent(recv)
	}
	return validIdent(recv) && validIdent(method)
}

func validIdent(s string) bool {
	return token.IsIdentifier(strings.ReplaceAll(s, "*", "x"))
}

// unversioned removes what a major version adds to an import path: "/v2" as an element, and gopkg.in's ".v2". The standard library
// has no modules: math/rand/v2 is another package than math/rand.
func unversioned(pkgPath string) string {
	if rest, ok := strings.CutPrefix(pkgPath, "gopkg.in/"); ok {
		return "gopkg.in/" + withoutDotMajor(rest)
	}
	elements := strings.Split(pkgPath, "/")
	if !strings.Contains(pkgPath, "/v") || !strings.Contains(elements[0], ".") {
		return pkgPath
	}
	kept := elements[:1]
	for _, e := range elements[1:] {
		if !isMajor(e) || e == "v1" {
			kept = append(kept, e)
		}
	}
	return path.Join(kept...)
}

// withoutDotMajor removes the version from gopkg.in's module element: yaml.v3 or user/yaml.v3/sub.
func withoutDotMajor(rest string) string {
	elements := strings.Split(rest, "/")
	for i, e := range elements {
		if base, major, ok := cutLast(e, "."); ok && isMajor(major) {
			elements[i] = base
			break
		}
	}
	return strings.Join(elements, "/")
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// isMajor reports whether s is v followed by digits.
func isMajor(s string) bool {
	digits, ok := strings.CutPrefix(s, "v")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// namedType returns the named type that t is or points to, by its origin.
func namedType(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok {
		return nil
	}
	return named.Origin()
}
