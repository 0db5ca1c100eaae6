// Package app gives the service its functions.
package app

import (
	"net/smtp"
	"os/exec"

	"example.com/fixtures/effects/stored/service"
)

func deliver() error { return smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Build() *service.Service {
	s := service.New(func() { exec.Command("logger").Run() })
	s.OnSend(deliver)
	service.OnStart = start
	return s
}

func start() {}

var handlers = []*service.Handler{ // too many to say which
	{Do: func() { deliver() }}, {Do: func() { deliver() }}, {Do: func() { deliver() }}, {Do: func() { deliver() }}, {Do: func() { deliver() }},
}
