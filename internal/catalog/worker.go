package catalog

import "go/types"

// A Worker is a function of a job library that takes handlers: what they do is done on the far side of the airlock.
type Worker struct {
	Name    Name
	Handler int    // the argument that is a handler, receiver not counted
	Methods bool   // the argument is a value, or a pointer to one, whose exported methods are the handlers
	Field   string // the field of that argument, a struct, that is the handler; "" where the argument is
	Source  string // the catalog's line
}

// Worker returns what fn takes as a handler: asynq's (*ServeMux).HandleFunc takes its second argument.
func (c *Catalog) Worker(fn *types.Func) (Worker, bool) {
	if fn == nil {
		return Worker{}, false
	}
	return c.workers.lookup(c.name(fn), fn.Pkg())
}

// HandlerType reports whether a function converted to type t is a handler: asynq.HandlerFunc.
func (c *Catalog) HandlerType(t types.Type) bool {
	named := namedType(t)
	if named == nil {
		return false
	}
	if _, ok := named.Underlying().(*types.Signature); !ok {
		return false
	}
	_, ok := c.workers.lookup(c.canonical(TypeName(named)), named.Obj().Pkg())
	return ok
}

// Handles reports whether fn is, as a method, a handler of a job library: the Work of a River worker. It must have the signature of
// an interface's method that the catalog lists, and its type all methods of that interface.
func (c *Catalog) Handles(fn *types.Func) bool {
	_, ok := c.implements(fn, c.handlers)
	return ok
}
