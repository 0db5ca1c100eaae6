// Package limits shows what the summaries do not see, each for a reason.
package limits

import (
	"net/smtp"
	"reflect"
)

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Reflected() { // limit: calls through reflect are not followed
	reflect.ValueOf(send).Call(nil)
}

func fill(m map[string]func()) { m["mail"] = send } // limit: a callee that fills a caller's map is not seen

func Filled() {
	m := map[string]func(){}
	fill(m)
	m["mail"]()
}

func Local() { // limit: a channel that is in no field or package variable is not a queue
	ch := make(chan string)
	go func() {
		for range ch {
		}
	}()
	ch <- "a"
}
