package middle

import "example.com/fixtures/noescape/transaction/deep/back"

type teller struct{}

func Tell() error { return new(teller).tell() }

func (*teller) tell() error { return back.Send() }

type Sender struct{}

func (Sender) Send() error { return Tell() }
