// Package queue hands work to a goroutine of its own through a channel.
package queue

import "net/smtp"

func send(to string) { smtp.SendMail("", nil, "", []string{to}, nil) } // want `^mail$`

var mails = make(chan string, 10)

func Push(to string) { mails <- to } // want `^mail queued$`

func Worker() { // want `^mail$`
	for to := range mails {
		send(to)
	}
}

func Caller() { Push("a") } // want `^mail queued$`

type pool struct {
	jobs chan func()
	done chan struct{}
	sem  chan struct{}
}

func (p *pool) loop() { // want `^mail; unknown$`
	for {
		select {
		case job := <-p.jobs:
			job()
		case <-p.done:
			return
		}
	}
}

func (p *pool) Submit(job func()) { p.jobs <- job } // want `^calls #1 queued$`

func Submits(p *pool) { p.Submit(func() { send("a") }) } // want `^mail queued$`

func SubmitsPure(p *pool) { p.Submit(func() {}) } // silent: others submit effects

func (p *pool) Stop() { close(p.done) } // silent

func (p *pool) limited() { // want `^mail$`
	p.sem <- struct{}{}
	defer func() { <-p.sem }()
	send("a")
}

func (p *pool) Acquire() { p.sem <- struct{}{} } // silent: a semaphore is no queue

type copied struct{ in chan string }

func start() *copied { // want `^mail goroutine$`
	ch := make(chan string)
	c := &copied{in: ch}
	go drain(ch)
	return c
}

func drain(ch <-chan string) { // want `^mail$`
	for to := range ch {
		send(to)
	}
}

func (c *copied) Put(to string) { // want `^mail queued$`
	select {
	case c.in <- to:
	default:
	}
}
