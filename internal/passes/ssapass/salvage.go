package ssapass

import (
	"go/ast"
	"go/token"
	"go/types"
)

// value returns what stands for e where a value of the type want belongs. What makes sense of e, but does not fit there, is done
// before.
func (r *repair) value(e ast.Expr, want types.Type) ast.Expr {
	switch x := r.rebuild(e); {
	case x == nil:
		r.salvage(e)
	case fits(r.typeOf(x), want):
		return x
	default:
		r.do(x)
	}
	return r.unknown(want, e.Pos())
}

// fits reports whether a value of type t can be assigned where one of type want belongs.
func fits(t, want types.Type) bool {
	if _, ok := t.(*types.Tuple); ok || t == nil || invalid(t) || invalid(want) {
		return false
	}
	return types.AssignableTo(t, want)
}

// unknown is a value of which nothing but its type is known.
func (r *repair) unknown(t types.Type, pos token.Pos) ast.Expr {
	id := &ast.Ident{NamePos: pos, Name: "nil"}
	r.info.Uses[id] = types.Universe.Lookup("nil")
	r.info.Types[id] = types.TypeAndValue{Type: types.NewPointer(t)}
	load := &ast.StarExpr{Star: pos, X: id}
	r.info.Types[load] = types.TypeAndValue{Type: t}
	return load
}

func (r *repair) unknowns(t *types.Tuple, pos token.Pos) []ast.Expr {
	var all []ast.Expr
	for v := range t.Variables() {
		all = append(all, r.unknown(v.Type(), pos))
	}
	return all
}

// keep does, before the statement that is being repaired, what makes sense of e.
func (r *repair) keep(e ast.Expr) {
	if x := r.rebuild(e); x != nil {
		r.do(x)
	} else {
		r.salvage(e)
	}
}

// do computes x before the statement that is being repaired.
func (r *repair) do(x ast.Expr) {
	switch ast.Unparen(x).(type) {
	case *ast.CallExpr, *ast.FuncLit, *ast.UnaryExpr, *ast.CompositeLit, *ast.BinaryExpr:
		r.before = append(r.before, &ast.ExprStmt{X: x})
	}
}

// salvage does the calls in a broken expression, or statement, that make sense by themselves, and keeps its function literals.
func (r *repair) salvage(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if x := r.literal(n); x != nil {
				r.do(x)
			}
			return false
		case *ast.CallExpr:
			x := r.rebuild(n)
			if x != nil {
				r.do(x)
			}
			return x == nil
		}
		return true
	})
}

// rebuild returns e with what is broken inside it replaced, nil if no value can be made of it.
func (r *repair) rebuild(e ast.Expr) ast.Expr {
	if !r.typed(e) || r.info.Types[e].IsType() {
		return nil
	}
	if r.info.Types[e].Value != nil || r.sound(e) {
		return e
	}
	x := r.copied(e)
	if x != nil {
		r.info.Types[x] = r.info.Types[e]
	}
	return x
}

// copied is rebuild for an expression that has a type, and in which something is broken.
func (r *repair) copied(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.ParenExpr:
		if x := r.rebuild(e.X); x != nil {
			return &ast.ParenExpr{Lparen: e.Lparen, X: x, Rparen: e.Rparen}
		}
	case *ast.FuncLit:
		return r.literal(e)
	case *ast.CallExpr:
		if x := r.call(e); x != nil {
			return x
		}
	case *ast.SelectorExpr:
		return r.selector(e)
	case *ast.CompositeLit:
		return r.composite(e)
	case *ast.StarExpr:
		if x := r.rebuild(e.X); x != nil {
			return &ast.StarExpr{Star: e.Star, X: x}
		}
	case *ast.UnaryExpr:
		if x := r.rebuild(e.X); x != nil {
			return &ast.UnaryExpr{OpPos: e.OpPos, Op: e.Op, X: x}
		}
	case *ast.BinaryExpr:
		if r.typed(e.X) && r.typed(e.Y) {
			x, y := r.value(e.X, r.typeOf(e.X)), r.value(e.Y, r.typeOf(e.Y))
			return &ast.BinaryExpr{X: x, OpPos: e.OpPos, Op: e.Op, Y: y}
		}
	case *ast.TypeAssertExpr:
		if x := r.rebuild(e.X); x != nil && e.Type != nil {
			return &ast.TypeAssertExpr{X: x, Lparen: e.Lparen, Type: e.Type, Rparen: e.Rparen}
		}
	case *ast.IndexExpr:
		return r.indexed(e)
	}
	return nil
}

func (r *repair) indexed(e *ast.IndexExpr) ast.Expr {
	if !r.typed(e.Index) || r.info.Types[e.Index].IsType() {
		return nil
	}
	if x := r.rebuild(e.X); x != nil {
		return &ast.IndexExpr{X: x, Lbrack: e.Lbrack, Index: r.value(e.Index, r.typeOf(e.Index)), Rbrack: e.Rbrack}
	}
	return nil
}

func (r *repair) selector(e *ast.SelectorExpr) ast.Expr {
	sel := r.info.Selections[e]
	if sel == nil || sel.Kind() == types.MethodExpr {
		return e
	}
	x := r.rebuild(e.X)
	if x == nil {
		return nil
	}
	c := &ast.SelectorExpr{X: x, Sel: e.Sel}
	r.info.Selections[c] = sel
	return c
}

// literal repairs a function literal, whatever is known of its parameters.
func (r *repair) literal(e *ast.FuncLit) ast.Expr {
	sig, ok := r.info.Types[e.Type].Type.(*types.Signature)
	if !ok {
		return nil
	}
	c := &ast.FuncLit{Type: e.Type, Body: r.body(e.Body, sig.Results())}
	r.info.Types[c] = types.TypeAndValue{Type: sig}
	if len(r.results) == 0 {
		r.declare(c, c.Body)
	}
	return c
}

// call repairs a call of a function whose signature is known, nil if it is not.
func (r *repair) call(e *ast.CallExpr) *ast.CallExpr {
	if !r.typed(e) || r.info.Types[e.Fun].IsType() {
		return nil
	}
	if r.sound(e) {
		return e
	}
	if r.info.Types[e.Fun].IsBuiltin() {
		return r.builtin(e)
	}
	if !r.typed(e.Fun) {
		return nil
	}
	sig, ok := r.typeOf(e.Fun).Underlying().(*types.Signature)
	if !ok || sig.TypeParams().Len() > 0 {
		return nil
	}
	fun := r.rebuild(e.Fun)
	if fun == nil {
		return nil
	}
	c := &ast.CallExpr{Fun: fun, Lparen: e.Lparen, Args: r.arguments(e, sig), Rparen: e.Rparen}
	if sig.Variadic() {
		c.Ellipsis = e.Ellipsis
	}
	r.info.Types[c] = r.info.Types[e]
	return c
}

// builtin repairs a call of panic: of the others nothing depends.
func (r *repair) builtin(e *ast.CallExpr) *ast.CallExpr {
	id, ok := ast.Unparen(e.Fun).(*ast.Ident)
	if !ok || id.Name != "panic" || len(e.Args) != 1 {
		return nil
	}
	c := &ast.CallExpr{Fun: e.Fun, Lparen: e.Lparen, Args: []ast.Expr{r.value(e.Args[0], types.Universe.Lookup("any").Type())}, Rparen: e.Rparen}
	r.info.Types[c] = r.info.Types[e]
	return c
}

// arguments repairs a call's arguments: there are as many as the signature wants.
func (r *repair) arguments(e *ast.CallExpr, sig *types.Signature) []ast.Expr {
	params := sig.Params()
	fixed := params.Len()
	if sig.Variadic() && !e.Ellipsis.IsValid() {
		fixed--
	}
	var args []ast.Expr
	for i := range fixed {
		if i < len(e.Args) {
			args = append(args, r.value(e.Args[i], params.At(i).Type()))
		} else {
			args = append(args, r.unknown(params.At(i).Type(), e.Rparen))
		}
	}
	var rest types.Type
	if fixed < params.Len() {
		rest = elementOf(params.At(fixed).Type())
	}
	for i := fixed; i < len(e.Args); i++ {
		if rest != nil {
			args = append(args, r.value(e.Args[i], rest))
		} else {
			r.keep(e.Args[i])
		}
	}
	return args
}

// composite repairs a composite literal: an element that makes no sense is left out.
func (r *repair) composite(e *ast.CompositeLit) ast.Expr {
	c := &ast.CompositeLit{Type: e.Type, Lbrace: e.Lbrace, Rbrace: e.Rbrace}
	fields := structOf(r.typeOf(e))
	for _, elt := range e.Elts {
		kv, keyed := elt.(*ast.KeyValueExpr)
		switch {
		case keyed:
			if x := r.part(kv.Value, r.keyed(e, kv.Key)); x != nil {
				c.Elts = append(c.Elts, &ast.KeyValueExpr{Key: kv.Key, Colon: kv.Colon, Value: x})
			}
		case isMap(r.typeOf(e)):
			r.salvage(elt)
		case fields == nil:
			if x := r.part(elt, elementOf(r.typeOf(e))); x != nil {
				c.Elts = append(c.Elts, x)
			}
		case len(c.Elts) < fields.NumFields():
			want := fields.Field(len(c.Elts)).Type()
			if invalid(want) {
				return nil // the place says which field it is
			}
			c.Elts = append(c.Elts, r.value(elt, want))
		}
	}
	return c
}

// part repairs an element of a composite literal, nil if it is to be left out.
func (r *repair) part(e ast.Expr, want types.Type) ast.Expr {
	lit, ok := e.(*ast.CompositeLit)
	switch {
	case want == nil || invalid(want):
		r.salvage(e)
	case ok && lit.Type == nil: // its type, or that of a pointer to it, is the element's
		return r.rebuild(e)
	default:
		return r.value(e, want)
	}
	return nil
}

// keyed returns the type of the element of the literal e that a key names, nil if that is not known.
func (r *repair) keyed(e *ast.CompositeLit, key ast.Expr) types.Type {
	s := structOf(r.typeOf(e))
	if s == nil {
		if !r.sound(key) {
			return nil
		}
		return elementOf(r.typeOf(e))
	}
	id, ok := key.(*ast.Ident)
	for i := 0; ok && i < s.NumFields(); i++ {
		if f := s.Field(i); f.Name() == id.Name {
			return f.Type()
		}
	}
	return nil
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func elementOf(t types.Type) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	case *types.Pointer:
		return elementOf(u.Elem())
	}
	return nil
}

func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

// variable returns what of e can be assigned to, nil if nothing.
func (r *repair) variable(e ast.Expr) ast.Expr {
	if id, ok := e.(*ast.Ident); ok {
		if v, ok := r.info.ObjectOf(id).(*types.Var); isBlank(e) || ok && !invalid(v.Type()) {
			return e
		}
		return nil
	}
	switch ast.Unparen(e).(type) {
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		if tv := r.info.Types[e]; tv.Assignable() {
			return r.rebuild(e)
		}
	}
	r.salvage(e)
	return nil
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

func blank(pos token.Pos) ast.Expr { return &ast.Ident{NamePos: pos, Name: "_"} }

// typeOf returns an expression's type, nil if there is none.
func (r *repair) typeOf(e ast.Expr) types.Type {
	if tv, ok := r.info.Types[e]; ok {
		return tv.Type
	}
	if id, ok := e.(*ast.Ident); ok {
		if obj := r.info.ObjectOf(id); obj != nil {
			return obj.Type()
		}
	}
	return nil
}
