// Package events declares the port; who implements it imports this package.
package events

type Subscriber interface{ Consume(name string) }

type Bus struct{ subscribers []Subscriber }

func (b *Bus) Add(s Subscriber) { b.subscribers = append(b.subscribers, s) }

func (b *Bus) Publish(name string) { // want `^open \(example.com/fixtures/effects/bound/events.Subscriber\).Consume goroutine if unknown #0.subscribers; calls #0.subscribers.Consume goroutine$`
	for _, s := range b.subscribers {
		go s.Consume(name)
	}
}
