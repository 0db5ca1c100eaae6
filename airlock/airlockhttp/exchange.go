package airlockhttp

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"sync"

	"github.com/felixge/httpsnoop"

	"github.com/airlock-go/airlock/airlock"
)

// An exchange is one request and its response: it sees the status pass, and closes the scope when the configuration says so.
type exchange struct {
	config  Config
	scope   *airlock.Scope
	request *http.Request
	out     http.ResponseWriter
	before  http.Header // the headers that were set outside, restored when an error answers instead of the handler

	once     sync.Once // with BeforeHeaders: the scope is closed once, and every writer waits for it
	replaced error     // why the handler's response was replaced

	mu     sync.Mutex
	status int // 0 until the final header is written
}

func newExchange(c Config, scope *airlock.Scope, w http.ResponseWriter, r *http.Request) *exchange {
	e := &exchange{config: c, scope: scope, request: r, out: w}
	if c.BeforeHeaders {
		e.before = w.Header().Clone()
	}
	return e
}

// wrap wraps the response so that each way to send headers passes through answering. httpsnoop keeps the optional interfaces of the
// writer underneath (Flusher, Hijacker, ReaderFrom …). A writer that has none of its own lets http.ResponseController find those of the
// writer inside it: they are wrapped on the way.
func (e *exchange) wrap(w http.ResponseWriter) http.ResponseWriter {
	wrapped := httpsnoop.Wrap(w, e.hooks())
	switch w := w.(type) {
	case http.Flusher, http.Hijacker, io.ReaderFrom, http.Pusher, interface{ FlushError() error }:
		return wrapped
	case unwrapper:
		return layer{wrapped, e, w}
	}
	return wrapped
}

type unwrapper interface{ Unwrap() http.ResponseWriter }

// A layer is a wrapped writer without optional interfaces, around another writer.
type layer struct {
	http.ResponseWriter
	exchange *exchange
	around   unwrapper
}

// Unwrap is what http.ResponseController looks for.
func (l layer) Unwrap() http.ResponseWriter { return l.exchange.wrap(l.around.Unwrap()) }

func (e *exchange) hooks() httpsnoop.Hooks {
	return httpsnoop.Hooks{
		WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(code int) {
				if informational(code) || e.answering(code) == nil {
					next(code)
				}
			}
		},
		Write: func(next httpsnoop.WriteFunc) httpsnoop.WriteFunc {
			return func(b []byte) (int, error) {
				if err := e.answering(http.StatusOK); err != nil {
					return 0, err
				}
				return next(b)
			}
		},
		WriteString: func(next httpsnoop.WriteStringFunc) httpsnoop.WriteStringFunc {
			return func(s string) (int, error) {
				if err := e.answering(http.StatusOK); err != nil {
					return 0, err
				}
				return next(s)
			}
		},
		ReadFrom: func(next httpsnoop.ReadFromFunc) httpsnoop.ReadFromFunc {
			return func(src io.Reader) (int64, error) {
				if err := e.answering(http.StatusOK); err != nil {
					return 0, err
				}
				return next(src)
			}
		},
		Flush: func(next httpsnoop.FlushFunc) httpsnoop.FlushFunc {
			return func() {
				if e.answering(http.StatusOK) == nil {
					next()
				}
			}
		},
		FlushError: func(next httpsnoop.FlushErrorFunc) httpsnoop.FlushErrorFunc {
			return func() error {
				if err := e.answering(http.StatusOK); err != nil {
					return err
				}
				return next()
			}
		},
		Hijack: func(next httpsnoop.HijackFunc) httpsnoop.HijackFunc {
			return func() (net.Conn, *bufio.ReadWriter, error) {
				if err := e.answering(http.StatusSwitchingProtocols); err != nil {
					return nil, nil, err
				}
				return next()
			}
		},
	}
}

// informational reports whether more headers follow those of this status.
func informational(code int) bool {
	return code >= 100 && code < 200 && code != http.StatusSwitchingProtocols
}

// answering is called before anything of the final response goes out, with the status that goes out if none has yet. An
// error means that the response has been replaced.
func (e *exchange) answering(status int) error {
	e.mu.Lock()
	if e.status == 0 {
		e.status = status
	}
	status = e.status
	e.mu.Unlock()
	if !e.config.BeforeHeaders {
		return nil
	}
	e.once.Do(func() { e.closeBeforeHeaders(status) })
	return e.replaced
}

func (e *exchange) closeBeforeHeaders(status int) {
	err := e.close(status)
	if err == nil {
		return
	}
	e.replaced = fmt.Errorf("airlockhttp: the response was replaced: %w", err)
	header := e.out.Header()
	clear(header)
	maps.Copy(header, e.before)
	e.config.onError(e.out, e.request, err, false)
}

// finish closes the scope of a handler that has returned.
func (e *exchange) finish() {
	if e.config.BeforeHeaders {
		e.answering(http.StatusOK) // a handler that wrote nothing answers 200
		return
	}
	e.mu.Lock()
	status := e.status
	e.mu.Unlock()
	answered := status != 0
	if !answered {
		status = http.StatusOK
	}
	if err := e.close(status); err != nil {
		e.config.onError(e.out, e.request, err, answered)
	}
}

// close flushes or discards, unless the handler has closed the scope itself.
func (e *exchange) close(status int) error {
	if e.scope.State() != airlock.Open {
		return nil
	}
	if !e.config.shouldFlush(status) {
		e.scope.Discard()
		return nil
	}
	return e.scope.Flush(e.request.Context())
}
