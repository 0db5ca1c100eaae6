package transactions

import (
	"go/types"
	"regexp"
	"strings"

	"github.com/airlock-go/airlock/internal/passes/effects"
)

// within reports whether what a Run says holds here.
func (k *knower) within(r Run) bool { return k.table.within(r, nil) }

var (
	runner = regexp.MustCompile(`^(run|with|within|in|do|exec|execute|perform|use|wrap|begin|start|retry|atomic)\w*?(tx|txn|transaction)`)
	itself = regexp.MustCompile(`^(tx|txn|transact|transaction|transactional|transactionally|atomic|atomically)$`)
	begin  = regexp.MustCompile(`^(start|open|new|make|create)?(read|write|readonly|readwrite)?(tx|txn|transaction)$`)
	hook   = regexp.MustCompile(`hook|after|oncommit|onrollback|postcommit|without|notx|outside`)
)

// namedForTransactions reports whether a method that takes a function says by its name that it runs it in a transaction.
func namedForTransactions(method string) bool {
	name := strings.ToLower(effects.MethodName(method))
	return !hook.MatchString(name) && (runner.MatchString(name) || itself.MatchString(name))
}

// namedForBeginning reports whether a method that returns a transaction says by its name that it begins one. Tx does where it may fail:
// one that can't returns what is there.
func namedForBeginning(fn *types.Func) bool {
	return strings.HasPrefix(fn.Name(), "Begin") || errorIndex(fn.Signature()) >= 0 && begin.MatchString(strings.ToLower(fn.Name()))
}

// mayFail reports whether values of type t are functions that return an error: a transaction is rolled back on one.
func mayFail(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && errorIndex(sig) >= 0
}
