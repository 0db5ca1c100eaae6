package transactions

import "strings"

// within reports whether what a Run says holds here: for one that goes through an interface method, whether some implementation runs
// the argument in a transaction. Where none is known, the method's name decides.
func (k *knower) within(r Run) bool {
	if r.Via == "" {
		return true
	}
	runs, known := k.table.of(r.Via)
	for _, other := range runs {
		if other.Param == r.ViaArg && (other.Via == "" || other.Via != r.Via && k.within(other)) {
			return true
		}
	}
	return !known && namedForTransactions(r.Via)
}

// namedForTransactions reports whether a method that takes a function says by its name that it runs it in a transaction.
func namedForTransactions(method string) bool {
	name := strings.ToLower(method[strings.LastIndexByte(method, '.')+1:])
	for _, not := range []string{"hook", "aftertx", "aftertransaction", "oncommit", "onrollback", "postcommit", "aftercommit", "without", "notx"} {
		if strings.Contains(name, not) {
			return false
		}
	}
	return strings.Contains(name, "transaction") || strings.HasSuffix(name, "tx") || strings.HasSuffix(name, "txn") ||
		strings.HasPrefix(name, "tx") || strings.Contains(name, "intx") || strings.Contains(name, "withtx")
}
