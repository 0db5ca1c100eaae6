package ssapass

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// body repairs a function's body. Where control would fall off its end, it returns.
func (r *repair) body(b *ast.BlockStmt, results *types.Tuple) *ast.BlockStmt {
	before := r.before
	r.results = append(r.results, results)
	list := r.list(b.List)
	if results.Len() > 0 {
		list = append(list, &ast.ReturnStmt{Return: b.Rbrace, Results: r.unknowns(results, b.Rbrace)})
	}
	r.results = r.results[:len(r.results)-1]
	r.before = before
	return &ast.BlockStmt{Lbrace: b.Lbrace, List: list, Rbrace: b.Rbrace}
}

// declare makes the local variables that are used in a repaired function, but no longer declared in it, variables of its body.
func (r *repair) declare(fn ast.Node, body *ast.BlockStmt) {
	declared, used := map[types.Object]bool{}, map[*types.Var]bool{}
	var order []*types.Var
	ast.Inspect(fn, func(n ast.Node) bool {
		if obj := r.info.Implicits[n]; obj != nil {
			declared[obj] = true
		}
		if id, ok := n.(*ast.Ident); ok {
			if obj := r.info.Defs[id]; obj != nil {
				declared[obj] = true
			}
			if v, ok := r.info.Uses[id].(*types.Var); ok && r.local(v) && !used[v] {
				used[v] = true
				order = append(order, v)
			}
		}
		return true
	})
	var lost []ast.Stmt
	for _, v := range order {
		if !declared[v] {
			id := &ast.Ident{NamePos: body.Lbrace, Name: v.Name()}
			r.info.Defs[id] = v
			lost = append(lost, define(id, r.unknown(v.Type(), body.Lbrace)))
		}
	}
	body.List = append(lost, body.List...)
}

func (r *repair) local(v *types.Var) bool {
	return !v.IsField() && v.Pkg() == r.pass.Pkg && v.Parent() != r.pass.Pkg.Scope()
}

func define(id *ast.Ident, value ast.Expr) *ast.AssignStmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{id}, TokPos: id.NamePos, Tok: token.DEFINE, Rhs: []ast.Expr{value}}
}

// list repairs statements in a row.
func (r *repair) list(stmts []ast.Stmt) []ast.Stmt {
	var fixed []ast.Stmt
	for _, s := range stmts {
		if r.sound(s) {
			fixed = append(fixed, s)
			continue
		}
		outer := r.before
		r.before = nil
		if s := r.stmt(s); s != nil {
			r.before = append(r.before, s)
		}
		fixed = append(fixed, r.before...)
		r.before = outer
	}
	return fixed
}

func (r *repair) block(b *ast.BlockStmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: b.Lbrace, List: r.list(b.List), Rbrace: b.Rbrace}
}

// first does, before the statement that is being repaired, what s does.
func (r *repair) first(s ast.Stmt) {
	if s != nil {
		r.before = append(r.before, r.list([]ast.Stmt{s})...)
	}
}

// stmt returns what is left of a broken statement, nil if nothing.
func (r *repair) stmt(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.ExprStmt:
		r.keep(s.X)
	case *ast.AssignStmt:
		return r.assign(s)
	case *ast.DeclStmt:
		r.variables(s)
	case *ast.ReturnStmt:
		return r.returned(s)
	case *ast.GoStmt:
		if call := r.call(s.Call); call != nil {
			return &ast.GoStmt{Go: s.Go, Call: call}
		}
	case *ast.DeferStmt:
		if call := r.call(s.Call); call != nil {
			return &ast.DeferStmt{Defer: s.Defer, Call: call}
		}
	case *ast.SendStmt:
		return r.send(s)
	case *ast.IncDecStmt:
		if x := r.variable(s.X); x != nil {
			return &ast.IncDecStmt{X: x, TokPos: s.TokPos, Tok: s.Tok}
		}
	case *ast.LabeledStmt:
		inner := r.stmt(s.Stmt)
		if inner == nil {
			inner = &ast.EmptyStmt{Semicolon: s.Colon}
		}
		return &ast.LabeledStmt{Label: s.Label, Colon: s.Colon, Stmt: inner}
	default:
		return r.control(s)
	}
	return nil
}

// control repairs a statement that holds others.
func (r *repair) control(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return r.block(s)
	case *ast.IfStmt:
		r.first(s.Init)
		c := &ast.IfStmt{If: s.If, Cond: r.value(s.Cond, types.Typ[types.Bool]), Body: r.block(s.Body)}
		if s.Else != nil {
			c.Else = &ast.BlockStmt{Lbrace: s.Else.Pos(), List: r.list([]ast.Stmt{s.Else}), Rbrace: s.Else.End()}
		}
		return c
	case *ast.ForStmt:
		return r.loop(s)
	case *ast.RangeStmt:
		return r.ranged(s)
	case *ast.SwitchStmt:
		return r.choice(s)
	case *ast.TypeSwitchStmt:
		return r.typeChoice(s)
	case *ast.SelectStmt:
		return r.selection(s)
	}
	return nil
}

func (r *repair) loop(s *ast.ForStmt) ast.Stmt {
	c := *s
	if s.Init != nil && !r.sound(s.Init) {
		r.first(s.Init)
		c.Init = nil
	}
	if s.Cond != nil {
		c.Cond = r.value(s.Cond, types.Typ[types.Bool])
	}
	if s.Post != nil && !r.sound(s.Post) {
		c.Post = r.stmt(s.Post)
	}
	c.Body = r.block(s.Body)
	return &c
}

// ranged repairs a range; one over something unknown is a loop.
func (r *repair) ranged(s *ast.RangeStmt) ast.Stmt {
	if x := r.rebuild(s.X); x != nil && rangeable(r.typeOf(x)) {
		c := *s
		c.X, c.Key, c.Value = x, r.iterated(s.Key), r.iterated(s.Value)
		if c.Key == nil && c.Value != nil {
			c.Key = blank(s.For)
		}
		c.Body = r.block(s.Body)
		return &c
	}
	r.salvage(s.X)
	return &ast.ForStmt{For: s.For, Cond: r.unknown(types.Typ[types.Bool], s.For), Body: r.block(s.Body)}
}

func (r *repair) iterated(e ast.Expr) ast.Expr {
	if e == nil {
		return nil
	}
	return r.variable(e)
}

func rangeable(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		_, array := p.Elem().Underlying().(*types.Array)
		return array
	}
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map, *types.Chan:
		return true
	case *types.Basic:
		return u.Info()&(types.IsString|types.IsInteger) != 0
	}
	return false
}

func (r *repair) choice(s *ast.SwitchStmt) ast.Stmt {
	c := *s
	r.first(s.Init)
	c.Init = nil
	var want types.Type = types.Typ[types.Bool]
	if s.Tag != nil {
		if c.Tag = r.rebuild(s.Tag); c.Tag == nil {
			r.salvage(s.Tag)
		} else {
			want = r.typeOf(c.Tag)
		}
	}
	known := s.Tag == nil || c.Tag != nil
	c.Body = r.clauses(s.Body, func(e ast.Expr) ast.Expr {
		if known {
			return r.value(e, want)
		}
		r.salvage(e)
		return r.unknown(want, e.Pos())
	})
	return &c
}

// clauses repairs the clauses of a switch, whose values are what value makes of them.
func (r *repair) clauses(body *ast.BlockStmt, value func(ast.Expr) ast.Expr) *ast.BlockStmt {
	b := &ast.BlockStmt{Lbrace: body.Lbrace, Rbrace: body.Rbrace}
	for _, s := range body.List {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}
		c := &ast.CaseClause{Case: clause.Case, Colon: clause.Colon}
		for _, e := range clause.List {
			c.List = append(c.List, value(e))
		}
		c.Body = r.list(clause.Body)
		if obj := r.info.Implicits[clause]; obj != nil {
			r.info.Implicits[c] = obj
		}
		b.List = append(b.List, c)
	}
	return b
}

// typeChoice repairs a type switch; where the types themselves are broken, nothing is known of which case it is.
func (r *repair) typeChoice(s *ast.TypeSwitchStmt) ast.Stmt {
	r.first(s.Init)
	if r.soundHeader(s) {
		c := *s
		c.Init = nil
		c.Body = r.clauses(s.Body, func(e ast.Expr) ast.Expr { return e })
		return &c
	}
	r.salvage(s.Assign)
	body := r.clauses(s.Body, func(e ast.Expr) ast.Expr { return r.unknown(types.Typ[types.Bool], e.Pos()) })
	for _, clause := range body.List {
		delete(r.info.Implicits, clause)
	}
	return &ast.SwitchStmt{Switch: s.Switch, Body: body}
}

func (r *repair) soundHeader(s *ast.TypeSwitchStmt) bool {
	if !r.sound(s.Assign) {
		return false
	}
	for _, clause := range s.Body.List {
		c, ok := clause.(*ast.CaseClause)
		if !ok || r.info.Implicits[c] != nil && invalid(r.info.Implicits[c].Type()) {
			return false
		}
		for _, e := range c.List {
			if !r.sound(e) || !r.typed(e) {
				return false
			}
		}
	}
	return true
}

// selection repairs a select; one with a broken channel is a switch of which nothing is known.
func (r *repair) selection(s *ast.SelectStmt) ast.Stmt {
	communicates := true
	for _, clause := range s.Body.List {
		c, ok := clause.(*ast.CommClause)
		communicates = communicates && ok && (c.Comm == nil || r.sound(c.Comm))
	}
	body := &ast.BlockStmt{Lbrace: s.Body.Lbrace, Rbrace: s.Body.Rbrace}
	for _, clause := range s.Body.List {
		c, ok := clause.(*ast.CommClause)
		switch {
		case !ok:
		case communicates:
			body.List = append(body.List, &ast.CommClause{Case: c.Case, Comm: c.Comm, Colon: c.Colon, Body: r.list(c.Body)})
		case c.Comm == nil:
			body.List = append(body.List, &ast.CaseClause{Case: c.Case, Colon: c.Colon, Body: r.list(c.Body)})
		default:
			body.List = append(body.List, &ast.CaseClause{
				Case: c.Case, List: []ast.Expr{r.unknown(types.Typ[types.Bool], c.Case)}, Colon: c.Colon,
				Body: append(r.list([]ast.Stmt{c.Comm}), r.list(c.Body)...),
			})
		}
	}
	if communicates {
		return &ast.SelectStmt{Select: s.Select, Body: body}
	}
	return &ast.SwitchStmt{Switch: s.Select, Body: body}
}

func (r *repair) send(s *ast.SendStmt) ast.Stmt {
	if ch := r.rebuild(s.Chan); ch != nil {
		if t, ok := r.typeOf(ch).Underlying().(*types.Chan); ok {
			return &ast.SendStmt{Chan: ch, Arrow: s.Arrow, Value: r.value(s.Value, t.Elem())}
		}
	}
	r.salvage(s.Chan)
	r.salvage(s.Value)
	return nil
}

func (r *repair) returned(s *ast.ReturnStmt) ast.Stmt {
	results := r.results[len(r.results)-1]
	c := &ast.ReturnStmt{Return: s.Return}
	switch {
	case len(s.Results) == results.Len():
		for i, e := range s.Results {
			c.Results = append(c.Results, r.value(e, results.At(i).Type()))
		}
	case len(s.Results) == 1 && results.Len() > 1:
		if c.Results = r.tuple(s.Results[0], results); c.Results == nil {
			c.Results = r.unknowns(results, s.Return)
		}
	default:
		for _, e := range s.Results {
			r.keep(e)
		}
		c.Results = r.unknowns(results, s.Return)
	}
	return c
}

// tuple returns the call that e is, if it has the wanted results.
func (r *repair) tuple(e ast.Expr, want *types.Tuple) []ast.Expr {
	x := r.rebuild(e)
	if x == nil {
		r.salvage(e)
		return nil
	}
	got, ok := r.typeOf(x).(*types.Tuple)
	if !ok || got.Len() != want.Len() {
		r.do(x)
		return nil
	}
	for i := range got.Len() {
		if !fits(got.At(i).Type(), want.At(i).Type()) {
			r.do(x)
			return nil
		}
	}
	return []ast.Expr{x}
}

// variables repairs a declaration of variables: those whose type is not known are gone.
func (r *repair) variables(s *ast.DeclStmt) {
	decl, ok := s.Decl.(*ast.GenDecl)
	if !ok || decl.Tok != token.VAR {
		return
	}
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok || len(spec.Values) == 0 {
			continue
		}
		a := &ast.AssignStmt{TokPos: spec.Pos(), Tok: token.DEFINE, Rhs: spec.Values}
		for _, name := range spec.Names {
			a.Lhs = append(a.Lhs, name)
		}
		if s := r.assign(a); s != nil {
			r.before = append(r.before, s)
		}
	}
}

func (r *repair) assign(s *ast.AssignStmt) ast.Stmt {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		return r.operate(s)
	}
	lhs, want := make([]ast.Expr, len(s.Lhs)), make([]types.Type, len(s.Lhs))
	for i, e := range s.Lhs {
		if _, named := e.(*ast.Ident); !named && s.Tok == token.DEFINE {
			r.salvage(e)
		} else if lhs[i] = r.variable(e); lhs[i] != nil && !isBlank(e) {
			want[i] = r.typeOf(lhs[i])
		}
	}
	c := &ast.AssignStmt{TokPos: s.TokPos, Tok: s.Tok}
	if len(s.Rhs) == 1 && len(lhs) > 1 {
		if r.unpack(c, lhs, want, s.Rhs[0]) {
			return c
		}
		s = &ast.AssignStmt{}
	}
	for i, e := range lhs {
		var x ast.Expr
		switch {
		case len(s.Rhs) == len(lhs) && want[i] != nil:
			x = r.value(s.Rhs[i], want[i])
		case want[i] != nil:
			x = r.unknown(want[i], c.TokPos)
		}
		if x != nil {
			c.Lhs, c.Rhs = append(c.Lhs, e), append(c.Rhs, x)
		}
	}
	for i, e := range s.Rhs {
		if len(s.Rhs) != len(lhs) || want[i] == nil {
			r.keep(e)
		}
	}
	if len(c.Lhs) == 0 {
		return nil
	}
	return c
}

// unpack makes c assign the results of the call that e is to the variables that can take them.
func (r *repair) unpack(c *ast.AssignStmt, lhs []ast.Expr, want []types.Type, e ast.Expr) bool {
	x := r.rebuild(e)
	if x == nil {
		r.salvage(e)
		return false
	}
	got, ok := r.typeOf(x).(*types.Tuple)
	if !ok || got.Len() != len(lhs) {
		r.do(x)
		return false
	}
	for i := range lhs {
		if want[i] == nil || !fits(got.At(i).Type(), want[i]) {
			lhs[i] = blank(e.Pos())
		}
	}
	c.Lhs, c.Rhs = lhs, []ast.Expr{x}
	return true
}

// operate repairs x += y and the like.
func (r *repair) operate(s *ast.AssignStmt) ast.Stmt {
	x := r.variable(s.Lhs[0])
	if x == nil || len(s.Rhs) != 1 {
		r.keep(s.Rhs[0])
		return nil
	}
	return &ast.AssignStmt{Lhs: []ast.Expr{x}, TokPos: s.TokPos, Tok: s.Tok, Rhs: []ast.Expr{r.value(s.Rhs[0], r.typeOf(x))}}
}

// soundInitializer reports whether a package variable's initialiser can be built as it stands.
// distinct is an initialiser where variables whose names are taken have none: they are declared nowhere.
func (r *repair) distinct(init *types.Initializer) *types.Initializer {
	taken := func(v *types.Var) bool { return v.Name() != "_" && r.pass.Pkg.Scope().Lookup(v.Name()) != v }
	if !slices.ContainsFunc(init.Lhs, taken) {
		return init
	}
	c := &types.Initializer{Lhs: slices.Clone(init.Lhs), Rhs: init.Rhs}
	for i, v := range c.Lhs {
		if taken(v) {
			c.Lhs[i] = types.NewVar(v.Pos(), v.Pkg(), "_", v.Type())
		}
	}
	return c
}

func (r *repair) soundInitializer(init *types.Initializer) bool {
	for _, v := range init.Lhs {
		if invalid(v.Type()) {
			return false
		}
	}
	return r.sound(init.Rhs)
}

// initializer repairs an initialiser of package variables.
func (r *repair) initializer(init *types.Initializer) {
	r.before = nil
	c := &types.Initializer{Lhs: init.Lhs}
	if len(init.Lhs) == 1 && !invalid(init.Lhs[0].Type()) {
		c.Rhs = r.value(init.Rhs, init.Lhs[0].Type())
	} else {
		r.keep(init.Rhs)
	}
	for _, s := range r.before {
		x := s.(*ast.ExprStmt).X
		v := types.NewVar(x.Pos(), r.pass.Pkg, "_", r.typeOf(x))
		r.info.InitOrder = append(r.info.InitOrder, &types.Initializer{Lhs: []*types.Var{v}, Rhs: x})
	}
	if c.Rhs != nil {
		r.info.InitOrder = append(r.info.InitOrder, c)
	}
}
