package catalog_test

import (
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

func TestParseName(t *testing.T) {
	tests := []struct{ full, want string }{
		{"net/smtp.SendMail", "net/smtp.SendMail"},
		{"(*net/http.Client).Do", "net/http.Client.Do"},
		{"(net/http.RoundTripper).RoundTrip", "net/http.RoundTripper.RoundTrip"},
		{"(example.com/events.Bus[T]).Publish", "example.com/events.Bus.Publish"},
		{"(*example.com/events.Bus[map[string]int, error]).Publish", "example.com/events.Bus.Publish"},
		{"example.com/events.Bus.Publish", "example.com/events.Bus.Publish"},
		{"(*github.com/minio/minio-go/v7.Client).PutObject", "github.com/minio/minio-go.Client.PutObject"},
		{"(*github.com/stripe/stripe-go/v86/charge.Client).New", "github.com/stripe/stripe-go/charge.Client.New"},
		{"(*gopkg.in/gomail.v2.Dialer).DialAndSend", "gopkg.in/gomail.Dialer.DialAndSend"},
		{"gopkg.in/gomail.v2.Send", "gopkg.in/gomail.Send"},
		{"(*github.com/nats-io/nats.go.Conn).Publish", "github.com/nats-io/nats.go.Conn.Publish"},
		{"github.com/nats-io/nats.go.Connect", "github.com/nats-io/nats.go.Connect"},
		{"math/rand/v2.IntN", "math/rand/v2.IntN"},
		{"k8s.io/client-go/kubernetes/typed/core/v1.PodInterface.Create", "k8s.io/client-go/kubernetes/typed/core/v1.PodInterface.Create"},
	}
	for _, tt := range tests {
		got, err := catalog.ParseName(tt.full)
		if err != nil || got.String() != tt.want {
			t.Errorf("ParseName(%q) = %v, %v, want %s", tt.full, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "SendMail", "net/smtp", "(*net/http.Client)Do", "(*net/http.Client).", "a.b]c[d", "net/smtp.1", "(x"} {
		if got, err := catalog.ParseName(bad); err == nil {
			t.Errorf("ParseName(%q) = %v, want an error", bad, got)
		}
	}
}
