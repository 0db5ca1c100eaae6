// Package unknown calls what nobody here knows.
package unknown

var Before, After func()

var registry = map[string]func(){}

func Register(name string, f func()) { registry[name] = f }

func Twice() { // want `^open .*After; open .*Before; unknown$`
	Before()
	defer func() { After() }()
}

func Looked(name string) { registry[name]() } // want `^unknown$`

func Calls() { Twice() } // want `^open .*unknown.Twice; unknown$`

func Given(f func()) { f() } // want `^calls #0$`
