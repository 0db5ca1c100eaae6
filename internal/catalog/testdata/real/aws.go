// Package aws calls operations that no line names: their verb says whether they read.
package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func calls(ctx context.Context, f *firehose.Client, k *kms.Client, s *s3.Client, p *s3.PresignClient) {
	f.PutRecord(ctx, nil)              // want: queue
	f.DescribeDeliveryStream(ctx, nil) // want: queue query
	k.CreateKey(ctx, nil)              // want: infra
	k.ListKeys(ctx, nil)               // want: infra query
	s.PutObject(ctx, nil)              // want: storage
	s.GetObject(ctx, nil)              // want: storage query
	p.PresignGetObject(ctx, nil)       // want: none
	s.Options()                        // want: none
}
