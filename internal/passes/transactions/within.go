package transactions

import (
	"go/types"
	"regexp"
	"strings"
)

// within reports whether what a Run says holds here.
func (k *knower) within(r Run) bool { return k.table.within(r, nil) }

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
