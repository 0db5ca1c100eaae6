// Package worker has the signatures of go.temporal.io/sdk/worker that the fixtures use.
package worker

type ActivityRegistry interface {
	RegisterActivity(a interface{})
}

type WorkflowRegistry interface {
	RegisterWorkflow(w interface{})
}

type Worker interface {
	ActivityRegistry
	WorkflowRegistry
}
