// Package settings is judged under a configuration of its own: kinds mail off and fs on, rule policy off, an effect, an adapter.
package settings

import (
	"context"
	"net/smtp"
	"os"

	"github.com/airlock-go/airlock/airlock"

	"example.com/fixtures/noescape/settings/client"
)

func off(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: mail is off
}

func allowed(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) //airlock:allow direct a kind that is off is no useless allow
}

func on() error {
	return os.WriteFile("a", nil, 0o600) // want `fs leaves here without Enqueue: on → os.WriteFile`
}

// Ring is an effect by the configuration.
func Ring() {}

func rings() {
	Ring() // want `notify leaves here without Enqueue: rings → Ring`
}

// Hook is an effect by the configuration, whoever sets it.
var Hook func()

func hooks() {
	Hook() // want `queue leaves here without Enqueue: hooks → Hook;`
}

func adapted() error {
	return client.Save() // want `client.Save is an effect \(of an adapter package\) and is called directly`
}

type audit struct{}

func (audit) OnEnqueue(ctx context.Context, i *airlock.Intent) error { return i.Enqueue(ctx) } // silent: the rule is off

func (audit) Allows(ctx context.Context, i *airlock.Intent) bool { return true }
