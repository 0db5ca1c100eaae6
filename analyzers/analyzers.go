// Package analyzers lists the checks of airlockvet.
//
// Left out on purpose: a check that every exported function which enqueues says so in its documentation (the summaries tell,
// airlockvet effects prints them); one that forbids Enqueue in a loop (a thousand intents in one flush are what a batch executor is for);
// one that wants every effect to be a Task (names matter to queues only, and those refuse what has none when it is enqueued).
package analyzers

import (
	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/analyzers/deferrable"
	"github.com/airlock-go/airlock/analyzers/inscope"
	"github.com/airlock-go/airlock/analyzers/noescape"
	"github.com/airlock-go/airlock/analyzers/scopeclose"
)

// Suite holds the checks, in the order in which they are documented.
var Suite = []*analysis.Analyzer{
	noescape.Analyzer,
	inscope.Analyzer,
	scopeclose.Analyzer,
	deferrable.Analyzer,
}
