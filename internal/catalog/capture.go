package catalog

import "go/types"

// Captured returns, for a type whose values do not survive until an intent is dispatched, what they are, as a message says it:
// "a transaction", "a response writer". Pointers to such a type, and the types that an alias stands for, are such.
func (c *Catalog) Captured(t types.Type) (what string, ok bool) {
	named := namedType(t)
	if named == nil {
		return "", false
	}
	return c.captures.lookup(c.canonical(TypeName(named)), named.Obj().Pkg())
}

// captured has the words a captures line may use, and what a message makes of them.
var captured = map[string]string{
	"transaction": "a transaction",
	"rows":        "open rows",
	"connection":  "a pooled connection",
	"request":     "a request",
	"response":    "a response writer",
	"pooled":      "a pooled context",
	"lock":        "a lock",
}
