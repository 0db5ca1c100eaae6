package unknown

import (
	"testing"

	"github.com/airlock-go/airlock/airlock/airlocktest"
)

func TestWork(t *testing.T) {
	ctx, _ := airlocktest.Scope(t)
	work(ctx)                      // scoped
	work(airlocktest.NoEffects(t)) // scoped
	(&worker{ctx: ctx}).work()
}
