// Package sarama sends on a channel that a method returns.
package sarama

import "github.com/IBM/sarama"

func calls(p sarama.AsyncProducer, s sarama.SyncProducer, m *sarama.ProducerMessage) {
	p.Input() <- m   // want: channel queue
	s.SendMessage(m) // want: queue
}
