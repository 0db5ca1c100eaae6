// Package main: the roots of a program have no scope.
package main

import (
	"context"
	"log"
	"time"

	"github.com/robfig/cron/v3"

	"example.com/fixtures/inscope/transitive"
	"github.com/airlock-go/airlock/airlock"
)

func init() {
	transitive.Place(context.Background(), 1) // S25 // want `\(context.Background\): transitive.Place → transitive.notify → store.Save → airlock.Enqueue`
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := transitive.Place(ctx, 1); err != nil { // S25 // want `transitive.Place → transitive.notify`
		log.Fatal(err)
	}
	go func() {
		for range time.Tick(time.Hour) {
			transitive.Place(ctx, 2) // S25 // want `transitive.Place → transitive.notify`
		}
	}()
	c := cron.New()
	c.AddFunc("@daily", func() {
		transitive.Place(context.Background(), 3) // S25 // want `transitive.Place → transitive.notify`
	})
	c.AddFunc("@hourly", func() {
		airlock.Run(context.Background(), func(ctx context.Context) error {
			return transitive.Place(ctx, 4) // scoped
		})
	})
	go transitive.Place(ctx, 5) // S25 // want `transitive.Place → transitive.notify`
}
