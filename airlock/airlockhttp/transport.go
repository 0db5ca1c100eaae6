package airlockhttp

import (
	"net/http"

	"github.com/airlock-go/airlock/airlock"
)

// Transport is an [http.RoundTripper] that announces each request that changes something to the scope of its context before it is
// sent, with [airlock.Escape]: under [airlock.AssertNoEffects] such a request fails with [airlock.ErrEscaped] instead of leaving.
//
// GET, HEAD, OPTIONS and TRACE only ask, and pass; so does every request without a scope or in the course of a dispatch. What is
// announced is the method and the host, never the path or the body, which may carry secrets.
//
// The zero Transport is ready to use. A Transport is safe for concurrent use and must not be changed while in use.
type Transport struct {
	// Base sends the requests. By default, http.DefaultTransport does.
	Base http.RoundTripper

	// Kind is the effect's kind, as the analyzers name it. By default, "http".
	Kind string
}

// RoundTrip announces the request and sends it.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if changes(r.Method) {
		if err := airlock.Escape(r.Context(), t.kind(), r.Method+" "+r.URL.Host); err != nil {
			if r.Body != nil {
				r.Body.Close() // a RoundTripper closes the body, on errors too
			}
			return nil, err
		}
	}
	return t.base().RoundTrip(r)
}

// CloseIdleConnections closes those of Base, if it can.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.base().(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func changes(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return false
	}
	return true
}

func (t *Transport) base() http.RoundTripper {
	if t.Base != nil {
		return t.Base
	}
	return http.DefaultTransport
}

func (t *Transport) kind() string {
	if t.Kind != "" {
		return t.Kind
	}
	return "http"
}
