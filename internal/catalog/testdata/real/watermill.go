// Package watermill calls a method of what implements an interface that the catalog lists.
package watermill

import (
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"
)

type mine struct{}

func (mine) Publish(topic string, messages ...*message.Message) error { return nil }
func (mine) Close() error                                             { return nil }

type other struct{}

func (other) Publish(topic string) error { return nil }

func calls(p message.Publisher, g *gochannel.GoChannel, m *message.Message) {
	p.Publish("t", m)      // want: queue
	g.Publish("t", m)      // want: queue
	mine{}.Publish("t", m) // want: queue
	other{}.Publish("t")   // want:
}
