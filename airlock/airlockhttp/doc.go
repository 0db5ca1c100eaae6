// Package airlockhttp opens a scope around each HTTP request and decides, by the response's status, whether its effects leave.
//
//	mux := http.NewServeMux()
//	http.ListenAndServe(":8080", airlockhttp.Middleware()(mux))
//
// A response below 400 flushes the scope; any other, a panic and runtime.Goexit discard it. Panics pass through untouched, and with
// them [http.ErrAbortHandler]. The middleware is an ordinary func(http.Handler) http.Handler: it fits net/http, chi and gorilla as
// they are, and wraps an echo or a gin engine whole, since both are handlers.
//
// # When
//
// By default the scope is flushed after the handler has returned: streaming works, and a failed flush is logged, since the status is
// out already. With [Config.BeforeHeaders] it is flushed at the moment when the handler's headers would go out: a failed flush becomes
// a 500, and an effect enqueued later finds its scope closed ([airlock.ErrScopeClosed]).
//
// A connection that is hijacked, and an event stream, live as long as their handler: by default their effects leave when it
// returns, all at once. A handler that wants them to leave message by message opens a scope of its own for each message, with
// [airlock.Run] under [airlock.Detach]. With BeforeHeaders the scope is flushed at Hijack, and at the first Flush of a stream.
//
// # Transactions
//
// Effects of an [airlock.InTx] that has committed leave at once, whatever the handler answers afterwards: the data is
// committed, and so are they. Dispatch is bounded by 30 seconds unless the scope's options say otherwise.
package airlockhttp
