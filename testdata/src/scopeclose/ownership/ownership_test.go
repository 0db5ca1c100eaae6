package ownership

import (
	"context"
	"errors"
	"io"
	"testing"
)

func TestFails(t *testing.T) {
	if _, _, err := try(context.Background()); !errors.Is(err, io.EOF) { // a call that is to fail opens nothing
		t.Error(err)
	}
}

func TestSucceeds(t *testing.T) {
	_, scope, err := try(context.Background()) // want `still open`
	if err != nil {
		t.Fatal(err)
	}
	_ = scope.State()
}

func TestGoesOn(t *testing.T) {
	ctx, _, err := try(context.Background()) // want `still open`
	if err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
}
