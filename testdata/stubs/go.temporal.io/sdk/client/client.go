// Package client has the signatures of go.temporal.io/sdk/client that the fixtures use.
package client

import "context"

type StartWorkflowOptions struct{}

type WorkflowRun interface{ GetID() string }

type Client interface {
	ExecuteWorkflow(ctx context.Context, options StartWorkflowOptions, workflow any, args ...any) (WorkflowRun, error)
	SignalWorkflow(ctx context.Context, workflowID, runID, signalName string, arg any) error
}
