// Package allow has directives with and without effect.
package allow

import "net/smtp"

func mail() error { return smtp.SendMail("localhost:25", nil, "", nil, nil) } //airlock:allow direct the operator waits for it

func noReason() error {
	//airlock:allow direct // want `^an allow without a reason suppresses nothing: say why after the rule$`
	return smtp.SendMail("localhost:25", nil, "", nil, nil) // want `mail leaves here`
}

func unknown() error {
	//airlock:allow dirct the rule is misspelt // want `unknown rule "dirct" \(did you mean "direct"\?\)`
	return smtp.SendMail("localhost:25", nil, "", nil, nil) // want `mail leaves here`
}

func useless() error {
	return nil //airlock:allow direct nothing happens here // want `this allow of noescape/direct suppresses nothing: remove it`
}

// A later call is the first that is reported.
func first() error {
	_ = smtp.SendMail("a:25", nil, "", nil, nil) //airlock:allow direct tried before
	_ = smtp.SendMail("b:25", nil, "", nil, nil) // want `mail leaves here without Enqueue: first → net/smtp.SendMail \(and 1 more call here\)`
	return smtp.SendMail("c:25", nil, "", nil, nil)
}

//airlock:allow noescape/direct,task the whole function, until the queue is there until=2040-01-01 // want `this allow of noescape/task suppresses nothing`
func whole() error {
	_ = smtp.SendMail("a:25", nil, "", nil, nil)
	return smtp.SendMail("b:25", nil, "", nil, nil)
}

// misspelt is marked in vain.
//
//airlock:efect // want `unknown directive //airlock:efect \(did you mean "effect"\?\)`
func misspelt() {}

//airlock:pure // want `//airlock:pure belongs to the comment of a function`
type misplaced struct{}

func another() {} //airlock:allow unclosed judged by scopeclose, not here
