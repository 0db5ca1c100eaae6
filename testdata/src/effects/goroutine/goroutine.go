// Package goroutine starts effects that the call does not wait for.
package goroutine

import (
	"net/smtp"
	"sync"
	"time"
)

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Started() { go send() } // want `^mail goroutine$`

func Literal() { // want `^mail goroutine$`
	go func() { send() }()
}

func Caller() { Started() } // want `^mail goroutine$`

func Both() { // want `^mail$`
	go send()
	send()
}

func Group() { // want `^mail goroutine$`
	var wg sync.WaitGroup
	wg.Go(send)
	wg.Wait()
}

func Timer() { // want `^mail goroutine$`
	time.AfterFunc(time.Second, send)
}

func Async(f func()) { go f() } // want `^calls #0 goroutine$`

func ThroughAsync() { Async(send) } // want `^mail goroutine$`

func Once() { // want `^mail$`
	var once sync.Once
	once.Do(send)
}
