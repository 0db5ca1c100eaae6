// Airlockvet finds side effects that escape: mail sent inside a transaction, a webhook posted from a model method, an enqueue without
// a scope.
//
//	airlockvet ./...
//	go vet -vettool=$(which airlockvet) ./...
//
// See airlockvet help.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/airlock-go/airlock/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second interrupt ends it at once
	code := command.Main(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
