// Package airlocktest tests code that enqueues, without mocks: open a scope, call the code, look at the intents.
//
//	ctx, scope := airlocktest.Scope(t)
//	order.Ship(ctx)
//	airlocktest.RequireEnqueued(t, scope, NotifyWarehouse, func(id int64) bool { return id == order.ID })
//
// [NoEffects] fails the test when anything is enqueued or announces a direct effect. [Drain] lets the effects leave. [Queue] is a queue and
// its worker in memory. [TestExecutor] and [TestPolicy] are conformance suites for those who write their own.
//
// All functions may be called from the test's goroutine only; failures point at the line that called Enqueue.
package airlocktest
