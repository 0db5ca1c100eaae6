// Package httpsnoop has the signatures of github.com/felixge/httpsnoop.
package httpsnoop

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

type (
	HeaderFunc      func() http.Header
	WriteHeaderFunc func(code int)
	WriteFunc       func(b []byte) (int, error)
	WriteStringFunc func(s string) (int, error)
	FlushFunc       func()
	FlushErrorFunc  func() error
	HijackFunc      func() (net.Conn, *bufio.ReadWriter, error)
	ReadFromFunc    func(src io.Reader) (int64, error)
)

type Hooks struct {
	Header      func(HeaderFunc) HeaderFunc
	WriteHeader func(WriteHeaderFunc) WriteHeaderFunc
	Write       func(WriteFunc) WriteFunc
	WriteString func(WriteStringFunc) WriteStringFunc
	Flush       func(FlushFunc) FlushFunc
	FlushError  func(FlushErrorFunc) FlushErrorFunc
	Hijack      func(HijackFunc) HijackFunc
	ReadFrom    func(ReadFromFunc) ReadFromFunc
}

func Wrap(w http.ResponseWriter, hooks Hooks) http.ResponseWriter { return w }
