package catalog

import "go/types"

// A Role says what part a function plays in the life of a database transaction.
type Role uint8

const (
	Begin       Role = iota // opens a transaction: the value at Tx is one from then on, unless an error came back
	Commit                  // ends the transaction at Tx for good
	Rollback                // ends it, undoing it
	Close                   // ends it either way: rolls back what was not committed
	Within                  // runs its callback inside a transaction, and ends it before it returns
	AfterCommit             // keeps its callback until the transaction has been committed
	Current                 // returns the transaction that a context carries
)

var roleNames = [...]string{"begin", "commit", "rollback", "close", "within", "after", "current"}

func (r Role) String() string { return roleNames[r] }

// A Place says where in a call a value stands.
type Place struct {
	Result bool // the value is a result, not an argument
	Index  int  // its index; [Receiver] for the receiver
}

// A Transaction is what the catalog knows of a function that has to do with transactions.
type Transaction struct {
	Name     Name
	Role     Role
	Tx       Place  // of Begin, Commit, Rollback, Close, Current: the transaction
	Callback int    // of Within, AfterCommit: the argument that is called, receiver not counted
	Field    string // the field of that argument, a struct of options, that is called; "" where the argument is
	Source   string // the catalog's line
}

// Transaction returns the part that fn plays in transactions.
func (c *Catalog) Transaction(fn *types.Func) (Transaction, bool) {
	if fn == nil {
		return Transaction{}, false
	}
	return c.transactions.lookup(c.name(fn), fn.Pkg())
}

// IsTx reports whether a value of type t is an open transaction wherever it comes from: *sql.Tx, pgx.Tx. A type that also stands
// for no transaction (*gorm.DB, *xorm.Session) is none.
func (c *Catalog) IsTx(t types.Type) bool {
	named := namedType(t)
	if named == nil {
		return false
	}
	_, ok := c.txTypes.lookup(c.canonical(TypeName(named)), named.Obj().Pkg())
	return ok
}
