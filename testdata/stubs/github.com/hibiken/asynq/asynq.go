// Package asynq has the signatures of github.com/hibiken/asynq that the fixtures use.
package asynq

import "context"

type Task struct{}

type Handler interface {
	ProcessTask(context.Context, *Task) error
}

type HandlerFunc func(context.Context, *Task) error

func (fn HandlerFunc) ProcessTask(ctx context.Context, task *Task) error { return nil }

type ServeMux struct{}

func NewServeMux() *ServeMux { return nil }

func (mux *ServeMux) Handle(pattern string, handler Handler) {}

func (mux *ServeMux) HandleFunc(pattern string, handler func(context.Context, *Task) error) {}

type Option interface{}

type TaskInfo struct{}

func NewTask(typename string, payload []byte, opts ...Option) *Task { return nil }

type Client struct{}

func (c *Client) Enqueue(task *Task, opts ...Option) (*TaskInfo, error) { return nil, nil }

func (c *Client) EnqueueContext(ctx context.Context, task *Task, opts ...Option) (*TaskInfo, error) {
	return nil, nil
}
