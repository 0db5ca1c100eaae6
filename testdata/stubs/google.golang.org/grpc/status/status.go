// Package status has the signatures of google.golang.org/grpc/status.
package status

import "google.golang.org/grpc/codes"

type Status struct{}

func (s *Status) Err() error { return nil }

func New(c codes.Code, msg string) *Status { return nil }

func Code(err error) codes.Code { return codes.OK }
