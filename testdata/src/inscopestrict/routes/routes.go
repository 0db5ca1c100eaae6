// Package routes: with -inscope.strict each route to a handler that enqueues needs something on its way that opens a scope.
package routes

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"google.golang.org/grpc"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlockhttp"
)

func send(ctx context.Context, to string) error { return nil }

func place(w http.ResponseWriter, r *http.Request) { airlock.Enqueue(r.Context(), send, "a") }

func list(w http.ResponseWriter, r *http.Request) {}

//airlock:scoped
func hooked(w http.ResponseWriter, r *http.Request) { airlock.Enqueue(r.Context(), send, "a") }

type page struct{}

func (page) ServeHTTP(w http.ResponseWriter, r *http.Request) { place(w, r) }

func scoped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		airlock.Run(r.Context(), func(ctx context.Context) error {
			next.ServeHTTP(w, r.WithContext(ctx))
			return nil
		})
	})
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		println(r.URL.Path)
		next.ServeHTTP(w, r)
	})
}

func bare(mux *http.ServeMux) {
	mux.HandleFunc("POST /orders", place) // want `nothing on the way of POST /orders opens a scope: place → airlock.Enqueue; use a middleware that does, or mark the handler //airlock:scoped`
	mux.HandleFunc("GET /orders", list)   // enqueues nothing
	mux.HandleFunc("/hook", hooked)       // declared
	mux.Handle("/page", page{})           // want `nothing on the way of /page opens a scope: page.ServeHTTP → place → airlock.Enqueue`

	mux.Handle("/a", scoped(http.HandlerFunc(place)))                   // home-made middleware
	mux.Handle("/b", airlockhttp.Middleware()(http.HandlerFunc(place))) // ours
	mux.Handle("/c", logged(scoped(http.HandlerFunc(place))))           // inside another
	mux.Handle("/d", logged(http.HandlerFunc(place)))                   // want `nothing on the way of /d opens a scope`
	mux.HandleFunc("/e", func(w http.ResponseWriter, r *http.Request) { // want `nothing on the way of /e opens a scope`
		airlock.Enqueue(r.Context(), send, "a")
	})
}

func wrapped() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/orders", place) // the whole mux is wrapped
	return airlockhttp.Middleware()(mux)
}

func wrappedHere() {
	mux := http.NewServeMux()
	register(mux)
	http.ListenAndServe(":80", scoped(mux))
}

func register(mux *http.ServeMux) {
	mux.HandleFunc("/orders", place) // its caller wraps the mux
}

func ginScoped(c *gin.Context) {
	ctx, s := airlock.Begin(c.Request.Context())
	defer s.Discard()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
	if err := s.Flush(ctx); err != nil {
		c.AbortWithError(500, err)
	}
}

func ginPlace(c *gin.Context) { airlock.Enqueue(c.Request.Context(), send, "a") }

func ginRoutes() {
	r := gin.New()
	r.Use(ginScoped)
	r.GET("/orders", ginPlace) // the router uses a middleware
	g := r.Group("/admin")
	g.POST("/orders", ginPlace) // and so do its groups

	bare := gin.Default()
	bare.POST("/orders", ginPlace)           // want `nothing on the way of POST /orders opens a scope: ginPlace → airlock.Enqueue`
	bare.GET("/orders", ginScoped, ginPlace) // on the route
	admin := bare.Group("/admin", ginScoped) // on the group
	admin.GET("/orders", ginPlace)
}

func echoScoped(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		return airlock.Run(c.Request().Context(), func(ctx context.Context) error {
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		})
	}
}

func echoPlace(c echo.Context) error { return airlock.Enqueue(c.Request().Context(), send, "a") }

func echoRoutes() {
	e := echo.New()
	e.Use(echoScoped)
	e.GET("/orders", echoPlace) // the router uses a middleware
	bare := echo.New()
	bare.GET("/orders", echoPlace)             // want `nothing on the way of GET /orders opens a scope`
	bare.GET("/orders", echoPlace, echoScoped) // on the route
}

type orders struct{}

func (orders) Place(ctx context.Context, req any) (any, error) {
	return nil, airlock.Enqueue(ctx, send, "a")
}

func intercept(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	err = airlock.Run(ctx, func(ctx context.Context) error {
		resp, err = handler(ctx, req)
		return err
	})
	return resp, err
}

var desc grpc.ServiceDesc

func registerOrders(s grpc.ServiceRegistrar, o any) { s.RegisterService(&desc, o) }

func serve() {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(intercept))
	s.RegisterService(&desc, orders{}) // intercepted
	registerOrders(s, orders{})        // intercepted
	bare := grpc.NewServer()
	bare.RegisterService(&desc, orders{}) // want `nothing on the way of orders.Place opens a scope: orders.Place → airlock.Enqueue`
	registerOrders(bare, orders{})        // want `nothing on the way of orders.Place opens a scope`
}
