package directive

import (
	"go/ast"
	"go/token"
)

// extents knows for each line of a file what begins and ends there. Lines are those of the file itself, whatever a //line comment says.
type extents struct {
	file   *token.File
	syntax *ast.File
	last   map[int]int       // the last line of what begins on a line
	first  map[int]int       // the first line of the simple statement or element that ends on a line
	code   map[int]token.Pos // where something first begins or ends on a line
}

func newExtents(fset *token.FileSet, file *ast.File) *extents {
	x := &extents{file: fset.File(file.FileStart), syntax: file, last: map[int]int{}, first: map[int]int{}, code: map[int]token.Pos{}}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		case *ast.File:
			return true
		}
		x.add(n)
		return true
	})
	return x
}

func (x *extents) add(n ast.Node) {
	from, to := x.line(n.Pos()), x.line(n.End())
	x.last[from] = max(x.last[from], to)
	note(x.code, from, n.Pos())
	note(x.code, to, n.End())
	switch n.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.ReturnStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt, *ast.ValueSpec, *ast.KeyValueExpr, *ast.Field:
		note(x.first, to, from)
	}
}

// note keeps the least value of a line.
func note[T int | token.Pos](m map[int]T, line int, v T) {
	if known, ok := m[line]; !ok || v < known {
		m[line] = v
	}
}

func (x *extents) line(pos token.Pos) int { return x.file.PositionFor(pos, false).Line }

// of returns the lines that an allow covers.
func (x *extents) of(comment *ast.Comment) (from, to int) {
	line := x.line(comment.Pos())
	if line <= x.line(x.syntax.Package) {
		return 1, x.file.LineCount()
	}
	if x.trails(comment, line) {
		from = line
		if first, ok := x.first[line]; ok {
			from = min(from, first)
		}
		return from, max(line, x.last[line])
	}
	for next := line + 1; next <= x.file.LineCount(); next++ {
		if to, ok := x.last[next]; ok {
			return line, to
		}
		if !x.commented(next) {
			break
		}
	}
	return line, line
}

// trails reports whether code stands before the comment on its line.
func (x *extents) trails(comment *ast.Comment, line int) bool {
	pos, ok := x.code[line]
	return ok && pos < comment.Pos()
}

// commented reports whether a line holds nothing but a comment.
func (x *extents) commented(line int) bool {
	for _, group := range x.syntax.Comments {
		if x.line(group.Pos()) <= line && line <= x.line(group.End()) {
			return true
		}
	}
	return false
}
