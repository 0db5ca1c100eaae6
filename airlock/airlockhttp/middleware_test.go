package airlockhttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlockhttp"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // failed flushes are logged; tests look at what is answered
	os.Exit(m.Run())
}

// An outbox records which effects left.
type outbox struct {
	mu   sync.Mutex
	sent []string
}

func (o *outbox) send(_ context.Context, what string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, what)
	return nil
}

func (o *outbox) all() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.sent)
}

var errDown = errors.New("the mail server is down")

func fail(context.Context, string) error { return errDown }

var modes = map[string]airlockhttp.Config{"after the handler": {}, "before the headers": {BeforeHeaders: true}}

// serve runs one request through the middleware, on a real server.
func serve(t *testing.T, c airlockhttp.Config, h http.HandlerFunc) (status int, body string) {
	t.Helper()
	server := httptest.NewServer(c.Middleware(h))
	defer server.Close()
	resp, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func TestTheStatusDecides(t *testing.T) {
	for name, config := range modes {
		for status, leaves := range map[int]bool{200: true, 204: true, 303: true, 399: true, 400: false, 404: false, 500: false, 0: true} {
			t.Run(fmt.Sprint(name, status), func(t *testing.T) {
				var out outbox
				serve(t, config, func(w http.ResponseWriter, r *http.Request) {
					if err := airlock.Enqueue(r.Context(), out.send, "mail"); err != nil {
						t.Error(err)
					}
					if status != 0 { // 0: the handler writes nothing, which is a 200
						w.WriteHeader(status)
					}
				})
				if got := len(out.all()) == 1; got != leaves {
					t.Errorf("after a %d the effect left: %t, want %t", status, got, leaves)
				}
			})
		}
	}
}

func TestShouldFlushIsAsked(t *testing.T) {
	var out outbox
	config := airlockhttp.Config{ShouldFlush: func(status int) bool { return status == http.StatusConflict }}
	serve(t, config, func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "conflict")
		http.Error(w, "taken", http.StatusConflict)
	})
	if d := cmp.Diff([]string{"conflict"}, out.all()); d != "" {
		t.Error(d)
	}
}

func TestInformationalResponsesDecideNothing(t *testing.T) {
	for name, config := range modes {
		t.Run(name, func(t *testing.T) {
			var out outbox
			status, _ := serve(t, config, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusEarlyHints)
				airlock.Enqueue(r.Context(), out.send, "mail")
				w.WriteHeader(http.StatusTeapot)
			})
			if status != http.StatusTeapot || len(out.all()) != 0 {
				t.Errorf("status %d, sent %v; the final 418 must decide", status, out.all())
			}
		})
	}
}

func TestPanicsPassThroughAndDiscard(t *testing.T) {
	for name, config := range modes {
		for _, value := range []any{"bug", http.ErrAbortHandler} {
			t.Run(fmt.Sprint(name, value), func(t *testing.T) {
				var out outbox
				h := config.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					airlock.Enqueue(r.Context(), out.send, "mail")
					panic(value)
				}))
				defer func() {
					if p := recover(); p != value || len(out.all()) > 0 {
						t.Errorf("recovered %v, sent %v; want %v and nothing sent", p, out.all(), value)
					}
				}()
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			})
		}
	}
}

func TestGoexitDiscards(t *testing.T) {
	var out outbox
	h := airlockhttp.Middleware()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
		runtime.Goexit()
	}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	<-done
	if len(out.all()) != 0 {
		t.Errorf("sent %v after Goexit", out.all())
	}
}

func TestAFailedFlushBecomesA500BeforeTheHeaders(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"nothing":     func(http.ResponseWriter) {},
		"write":       func(w http.ResponseWriter) { io.WriteString(w, "created") },
		"writeheader": func(w http.ResponseWriter) { w.WriteHeader(http.StatusCreated) },
		"flush":       func(w http.ResponseWriter) { http.NewResponseController(w).Flush() },
		"readfrom":    func(w http.ResponseWriter) { io.Copy(w, strings.NewReader("created")) },
	} {
		t.Run(name, func(t *testing.T) {
			outside := func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", "7")
					next.ServeHTTP(w, r)
				})
			}
			h := outside(airlockhttp.Config{BeforeHeaders: true}.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				airlock.Enqueue(r.Context(), fail, "mail")
				w.Header().Set("Content-Length", "7")
				w.Header().Set("Set-Cookie", "session=1")
				answer(w)
			})))
			server := httptest.NewServer(h)
			defer server.Close()
			resp, err := http.Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != 500 || strings.Contains(string(body), "created") {
				t.Errorf("status %d, body %q; want a 500 without the handler's body", resp.StatusCode, body)
			}
			if resp.Header.Get("Set-Cookie") != "" || resp.Header.Get("X-Request-Id") != "7" {
				t.Errorf("headers %v; want those from outside and none of the handler's", resp.Header)
			}
		})
	}
}

func TestAHandlerHearsThatItsResponseWasReplaced(t *testing.T) {
	var errs []error
	serve(t, airlockhttp.Config{BeforeHeaders: true}, func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), fail, "mail")
		_, err := io.WriteString(w, "created")
		errs = append(errs, err, http.NewResponseController(w).Flush())
	})
	for _, err := range errs {
		if !errors.Is(err, errDown) {
			t.Errorf("writing returned %v, want the flush's error", err)
		}
	}
}

func TestBeforeTheHeadersALateEnqueueIsAnswered(t *testing.T) {
	serve(t, airlockhttp.Config{BeforeHeaders: true}, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello")
		if err := airlock.Enqueue(r.Context(), fail, "mail"); !errors.Is(err, airlock.ErrScopeClosed) {
			t.Errorf("an enqueue after the headers returned %v, want ErrScopeClosed", err)
		}
	})
}

func TestAFailedFlushAfterTheHandlerIsReported(t *testing.T) {
	var heard error
	config := airlockhttp.Config{OnError: func(_ http.ResponseWriter, _ *http.Request, err error) { heard = err }}
	status, body := serve(t, config, func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), fail, "mail")
		io.WriteString(w, "hello")
	})
	if status != 200 || body != "hello" || !errors.Is(heard, errDown) {
		t.Errorf("status %d, body %q, OnError heard %v", status, body, heard)
	}
	if status, _ := serve(t, airlockhttp.Config{}, func(_ http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), fail, "mail")
	}); status != 500 {
		t.Errorf("a handler that wrote nothing, and whose effects failed, answers %d, want 500", status)
	}
}

func TestCommittedEffectsLeaveWhateverIsAnswered(t *testing.T) {
	var out outbox
	noop := func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
	serve(t, airlockhttp.Config{}, func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "request")
		err := airlock.InTx(r.Context(), noop, func(ctx context.Context) error { return airlock.Enqueue(ctx, out.send, "committed") })
		if err != nil {
			t.Error(err)
		}
		http.Error(w, "later trouble", http.StatusInternalServerError)
	})
	if d := cmp.Diff([]string{"committed"}, out.all()); d != "" {
		t.Error(d)
	}
}

func TestAClientThatHungUpDoesNotLoseTheEffect(t *testing.T) {
	var out outbox
	h := airlockhttp.Middleware()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
	}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	if len(out.all()) != 1 {
		t.Error("the effect of a cancelled request was lost")
	}
}

func TestDispatchIsBounded(t *testing.T) {
	var bounded bool
	h := airlockhttp.Middleware()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		airlock.EnqueueFunc(r.Context(), "mail", func(ctx context.Context) error {
			_, bounded = ctx.Deadline()
			return nil
		})
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if !bounded {
		t.Error("dispatch has no deadline")
	}
}

func TestStreamsFlowWhileTheScopeWaits(t *testing.T) {
	var out outbox
	sent := make(chan struct{})
	server := httptest.NewServer(airlockhttp.Middleware()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		<-sent // the client has read the first event
	})))
	defer server.Close()
	resp, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	if err != nil || line != "data: 1\n" || len(out.all()) != 0 {
		t.Errorf("read %q, %v, sent %v; want the event at once and the effect held", line, err, out.all())
	}
	close(sent)
	io.Copy(io.Discard, resp.Body)
	server.Close() // waits for the handler
	if len(out.all()) != 1 {
		t.Error("the effect did not leave after the stream")
	}
}

func TestHijack(t *testing.T) {
	for name, config := range modes {
		t.Run(name, func(t *testing.T) {
			var out outbox
			handler := config.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				airlock.Enqueue(r.Context(), out.send, "mail")
				c, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				if held := len(out.all()) == 0; held == config.BeforeHeaders {
					t.Errorf("at Hijack the effect is held: %t", held)
				}
				io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n\r\nraw")
			}))
			served := make(chan struct{}) // a server doesn't wait for hijacked connections
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(served)
				handler.ServeHTTP(w, r)
			}))
			defer server.Close()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			data, _ := io.ReadAll(conn)
			if !strings.HasSuffix(string(data), "raw") {
				t.Errorf("read %q", data)
			}
			<-served
			if len(out.all()) != 1 {
				t.Error("the effect of a hijacked request did not leave")
			}
		})
	}
}

// The wrapped writer must offer what the server's own does, no less and no more.
func TestOptionalInterfacesStay(t *testing.T) {
	serve(t, airlockhttp.Config{}, func(w http.ResponseWriter, r *http.Request) {
		if _, ok := w.(http.Flusher); !ok {
			t.Error("no Flusher")
		}
		if _, ok := w.(http.Hijacker); !ok {
			t.Error("no Hijacker")
		}
		if _, ok := w.(io.ReaderFrom); !ok {
			t.Error("no ReaderFrom")
		}
		rc := http.NewResponseController(w)
		if err := rc.EnableFullDuplex(); err != nil {
			t.Errorf("EnableFullDuplex: %v", err)
		}
	})
	plain := struct{ http.ResponseWriter }{httptest.NewRecorder()}
	airlockhttp.Middleware()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(http.Hijacker); ok {
			t.Error("a Hijacker appeared from nowhere")
		}
	})).ServeHTTP(plain, httptest.NewRequest("GET", "/", nil))
}

// A bare writer, as of a middleware for logs, offers nothing but Unwrap.
type bare struct{ w http.ResponseWriter }

func (b bare) Header() http.Header            { return b.w.Header() }
func (b bare) Write(data []byte) (int, error) { return b.w.Write(data) }
func (b bare) WriteHeader(status int)         { b.w.WriteHeader(status) }
func (b bare) Unwrap() http.ResponseWriter    { return b.w }

func TestAFlushInsideOtherWritersIsSeen(t *testing.T) {
	h := airlockhttp.Config{BeforeHeaders: true}.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), fail, "mail")
		http.NewResponseController(w).Flush()
		if _, err := io.WriteString(w, "sent"); !errors.Is(err, errDown) {
			t.Errorf("a write after the failed flush returned %v, want the flush's error", err)
		}
	}))
	recorder := httptest.NewRecorder()
	h.ServeHTTP(bare{bare{recorder}}, httptest.NewRequest("GET", "/", nil))
	if recorder.Code != 500 {
		t.Errorf("answers %d, want 500", recorder.Code)
	}
	var out outbox
	h = airlockhttp.Middleware()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("Flush: %v", err)
		}
	}))
	h.ServeHTTP(bare{recorder}, httptest.NewRequest("GET", "/", nil))
	if !recorder.Flushed || len(out.all()) != 1 {
		t.Errorf("flushed: %t, sent %v", recorder.Flushed, out.all())
	}
}

func TestAHandlerMayCloseItsScope(t *testing.T) {
	var out outbox
	serve(t, airlockhttp.Config{}, func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
		scope, _ := airlock.FromContext(r.Context())
		scope.Discard()
	})
	if len(out.all()) != 0 {
		t.Errorf("sent %v after the handler's own Discard", out.all())
	}
}

func TestTheScopesOptionsAreTheUsers(t *testing.T) {
	var out outbox
	app := airlock.New(airlock.WithPolicy(airlock.DropAll()))
	serve(t, airlockhttp.Config{Airlock: app}, func(_ http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
	})
	h := airlockhttp.Middleware(airlock.WithPolicy(airlock.DropAll()))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), out.send, "mail")
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if len(out.all()) != 0 {
		t.Errorf("sent %v under DropAll", out.all())
	}
}

func TestNilHandler(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Middleware()(nil) does not panic")
		}
	}()
	airlockhttp.Middleware()(nil)
}
