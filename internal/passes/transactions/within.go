package transactions

import (
	"go/types"
	"regexp"
	"strings"
)

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
	return !known && r.Named
}

var (
	runner = regexp.MustCompile(`^(run|with|within|in|do|exec|execute|perform|use|wrap|begin|start|retry|atomic)\w*?(tx|txn|transaction)`)
	itself = regexp.MustCompile(`^(tx|txn|transact|transaction|transactional|transactionally|atomic|atomically)$`)
	hook   = regexp.MustCompile(`hook|after|oncommit|onrollback|postcommit|without|notx|outside`)
)

// namedForTransactions reports whether a method that takes a function says by its name that it runs it in a transaction.
func namedForTransactions(method string) bool {
	name := strings.ToLower(methodName(method))
	return !hook.MatchString(name) && (runner.MatchString(name) || itself.MatchString(name))
}

// mayFail reports whether values of type t are functions that return an error: a transaction is rolled back on one.
func mayFail(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && errorIndex(sig) >= 0
}
