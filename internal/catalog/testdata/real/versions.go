// Package versions calls modules at other major versions than those that the catalog's blocks name.
package versions

import (
	"context"

	redis8 "github.com/go-redis/redis/v8"
	"github.com/hibiken/asynq"
	"github.com/minio/minio-go/v7"
	"gopkg.in/gomail.v2"
	"gopkg.in/telebot.v3"
)

func calls(ctx context.Context, m *minio.Client, d *gomail.Dialer, s gomail.Sender, b *telebot.Bot, q *asynq.Client, r *redis8.Client) {
	m.PutObject(ctx, "b", "o", nil, 0, minio.PutObjectOptions{}) // want: storage
	m.StatObject(ctx, "b", "o", minio.StatObjectOptions{})       // want: storage query
	d.DialAndSend()                                              // want: mail
	gomail.Send(s)                                               // want: mail
	b.Send(nil, "hi")                                            // want: notify
	q.Enqueue(nil)                                               // want: queue
	r.Publish(ctx, "ch", 1)                                      // want: queue
}
