// Package wrapped: response writers and bodies of requests inside what the standard library makes of them.
package wrapped

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

func writers(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	enc := json.NewEncoder(w)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return enc.Encode(1) }) // want `enc \(a response writer\)`
	out := bufio.NewWriter(w)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return out.Flush() }) // want `out \(a response writer\)`
	zip := gzip.NewWriter(w)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return zip.Close() }) // want `zip \(a response writer\)`
	table := csv.NewWriter(gzip.NewWriter(w))
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return table.Write(nil) }) // want `table \(a response writer\)`
	both := io.MultiWriter(os.Stdout, w)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(both) }) // want `both \(a response writer\)`
	airlock.Enqueue(ctx, write, io.Writer(out))                                     // want `its argument \(a response writer\)`

	var buf bytes.Buffer
	text := json.NewEncoder(&buf)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return text.Encode(1) }) // a buffer
	n, _ := w.Write(nil)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(n) }) // a number
	kind := w.Header().Get("Content-Type")
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(kind) }) // a copy
	stdout := json.NewEncoder(os.Stdout)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return stdout.Encode(1) }) // the process's own
}

func write(context.Context, io.Writer) error { return nil }

func readers(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	parts, err := r.MultipartReader()
	if err != nil {
		return
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(parts.NextPart()) }) // want `parts \(a request's body\)`
	part, err := parts.NextPart()
	if err != nil {
		return
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(io.ReadAll(part)) }) // want `part \(a request's body\)`
	limited := http.MaxBytesReader(w, r.Body, 1<<20)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return limited.Close() }) // want `limited \(a request's body\)`
	table := csv.NewReader(http.MaxBytesReader(w, r.Body, 1<<20))
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(table.ReadAll()) }) // want `table \(a request's body\)`
	dec := json.NewDecoder(bufio.NewReader(io.LimitReader(r.Body, 10)))
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return dec.Decode(new(int)) }) // want `dec \(a request's body\)`
	unzipped, err := gzip.NewReader(r.Body)
	if err != nil {
		return
	}
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(bufio.NewScanner(unzipped).Scan()) }) // want `unzipped \(a request's body\)`

	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10))
	if err != nil {
		return
	}
	again := json.NewDecoder(bytes.NewReader(text))
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return again.Decode(new(int)) }) // read to its end
	name := part.FileName()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(name) }) // a copy
	other := csv.NewReader(strings.NewReader(r.FormValue("rows")))
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(other.ReadAll()) }) // a copy
}

// The application's own constructors may take what they need and leave the rest.
func own(w http.ResponseWriter, r *http.Request) {
	s := newSummary(r.Body)
	airlock.EnqueueFunc(r.Context(), "a", func(context.Context) error { return use(s.Read(nil)) })
}

type summary struct{ lines int }

func newSummary(in io.Reader) *summary {
	s := new(summary)
	for sc := bufio.NewScanner(in); sc.Scan(); {
		s.lines++
	}
	return s
}

func (s *summary) Read([]byte) (int, error) { return s.lines, nil }

// A response that came in has a body of its own, that nobody else reads.
func response(ctx context.Context, c *http.Client) error {
	resp, err := c.Get("http://other")
	if err != nil {
		return err
	}
	in := csv.NewReader(bufio.NewReader(resp.Body))
	return airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(in.ReadAll()) })
}
