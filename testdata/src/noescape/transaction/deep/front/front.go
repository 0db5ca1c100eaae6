package front

import "example.com/fixtures/noescape/transaction/deep/middle"

func Notify() error { return notify() }

func notify() error { return middle.Tell() }

func Sender() (s middle.Sender) { return s }

func Run(step func() error) error { return step() }
