package airlockhttp_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlockhttp"
)

func TestTransportAnnouncesWhatChangesSomething(t *testing.T) {
	served := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
	defer server.Close()
	client := &http.Client{Transport: &airlockhttp.Transport{}}
	for method, passes := range map[string]bool{"": true, "GET": true, "HEAD": true, "OPTIONS": true, "POST": false, "PUT": false, "PATCH": false, "DELETE": false} {
		t.Run("method "+method, func(t *testing.T) {
			served = 0
			ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(airlock.AssertNoEffects()))
			defer scope.Discard()
			req, err := http.NewRequestWithContext(ctx, method, server.URL+"/secret-token", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if passes {
				if err != nil || served != 1 {
					t.Fatalf("%v, served %d times", err, served)
				}
				resp.Body.Close()
				return
			}
			if !errors.Is(err, airlock.ErrEscaped) || served != 0 {
				t.Fatalf("%v, served %d times; want ErrEscaped and no request", err, served)
			}
			if err := scope.Flush(ctx); !errors.Is(err, airlock.ErrEscaped) || strings.Contains(err.Error(), "secret-token") {
				t.Errorf("Flush returned %v, want the refusal, without the path", err)
			}
		})
	}
}

func TestTransportPassesWithoutAScope(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	defer server.Close()
	client := &http.Client{Transport: &airlockhttp.Transport{Base: http.DefaultTransport}}
	defer client.CloseIdleConnections()
	resp, err := client.Post(server.URL, "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "hello" {
		t.Errorf("read %q", body)
	}
}

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

func TestTransportClosesTheBodyOfARefusedRequest(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(airlock.AssertNoEffects()))
	defer scope.Discard()
	body := &closer{Reader: strings.NewReader("hello")}
	req, err := http.NewRequestWithContext(ctx, "POST", "http://example.com", body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&airlockhttp.Transport{Kind: "payment"}).RoundTrip(req); !errors.Is(err, airlock.ErrEscaped) || !strings.Contains(err.Error(), "payment") {
		t.Errorf("%v, want ErrEscaped that names the kind", err)
	}
	if !body.closed {
		t.Error("the body was left open")
	}
}
