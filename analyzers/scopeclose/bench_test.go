package scopeclose_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers/deferrable"
	"github.com/airlock-go/airlock/analyzers/inscope"
	"github.com/airlock-go/airlock/analyzers/scopeclose"
	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/scopes"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// resource is a part of an ordinary service: of its fourteen functions two open scopes, and two enqueue.
const resource = `
type order%[1]d struct {
	ID, Customer int
	Lines        []line%[1]d
	State        string
}

type line%[1]d struct {
	Product string
	Count   int
	Price   float64
}

type store%[1]d interface {
	Load(ctx context.Context, id int) (*order%[1]d, error)
	Save(ctx context.Context, o *order%[1]d) error
}

type sqlStore%[1]d struct{ db *sql.DB }

func (s *sqlStore%[1]d) Load(ctx context.Context, id int) (*order%[1]d, error) {
	o := &order%[1]d{ID: id}
	if err := s.db.QueryRowContext(ctx, "select customer, state from orders where id = ?", id).Scan(&o.Customer, &o.State); err != nil {
		return nil, fmt.Errorf("load order %%d: %%w", id, err)
	}
	rows, err := s.db.QueryContext(ctx, "select product, count, price from lines where order_id = ?", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l line%[1]d
		if err := rows.Scan(&l.Product, &l.Count, &l.Price); err != nil {
			return nil, err
		}
		o.Lines = append(o.Lines, l)
	}
	return o, rows.Err()
}

func (s *sqlStore%[1]d) Save(ctx context.Context, o *order%[1]d) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, l := range o.Lines {
		if _, err := tx.ExecContext(ctx, "update lines set count = ? where order_id = ? and product = ?", l.Count, o.ID, l.Product); err != nil {
			return fmt.Errorf("save line %%s: %%w", l.Product, err)
		}
	}
	return tx.Commit()
}

func (o *order%[1]d) total() float64 {
	sum := 0.0
	for _, l := range o.Lines {
		sum += float64(l.Count) * l.Price
	}
	return sum
}

func (o *order%[1]d) validate() error {
	if o.Customer == 0 {
		return errors.New("no customer")
	}
	seen := map[string]bool{}
	for i, l := range o.Lines {
		switch {
		case l.Product == "":
			return fmt.Errorf("line %%d: no product", i)
		case l.Count <= 0:
			return fmt.Errorf("line %%d: count %%d", i, l.Count)
		case seen[l.Product]:
			return fmt.Errorf("line %%d: %%s is there twice", i, l.Product)
		}
		seen[l.Product] = true
	}
	return nil
}

func (o *order%[1]d) names() string {
	var names []string
	for _, l := range o.Lines {
		names = append(names, strings.ToLower(strings.TrimSpace(l.Product)))
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

type service%[1]d struct {
	store store%[1]d
	log   *slog.Logger
	limit float64
}

func mail%[1]d(ctx context.Context, customer int) error { return nil }

func (s *service%[1]d) place(ctx context.Context, o *order%[1]d) (err error) {
	ctx, scope := begin(ctx)
	defer scope.Discard()
	if err := o.validate(); err != nil {
		s.log.WarnContext(ctx, "refused", "order", o.ID, "err", err)
		return err
	}
	if o.total() > s.limit {
		return fmt.Errorf("order %%d is too large: %%s", o.ID, o.names())
	}
	o.State = "placed"
	if err := s.store.Save(ctx, o); err != nil {
		return err
	}
	if err := s.notify(ctx, o); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func (s *service%[1]d) notify(ctx context.Context, o *order%[1]d) error {
	if o.State != "placed" {
		return nil
	}
	return enqueue(ctx, mail%[1]d, o.Customer)
}

func (s *service%[1]d) cancel(ctx context.Context, id int) error {
	return run(ctx, func(ctx context.Context) error {
		o, err := s.store.Load(ctx, id)
		if err != nil {
			return err
		}
		if o.State == "shipped" {
			return fmt.Errorf("order %%d is on its way", id)
		}
		o.State = "cancelled"
		if err := s.store.Save(ctx, o); err != nil {
			return err
		}
		return enqueue(ctx, mail%[1]d, o.Customer)
	})
}

func (s *service%[1]d) report(ctx context.Context, ids []int) (map[int]float64, error) {
	totals := map[int]float64{}
	var failed []error
	for _, id := range ids {
		o, err := s.store.Load(ctx, id)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		totals[o.Customer] += o.total()
	}
	return totals, errors.Join(failed...)
}

func (s *service%[1]d) get(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		http.Error(w, "no number", http.StatusBadRequest)
		return
	}
	o, err := s.store.Load(r.Context(), id)
	if errors.Is(err, sql.ErrNoRows) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(o); err != nil {
		s.log.ErrorContext(r.Context(), "encode", "err", err)
	}
}

func (s *service%[1]d) post(w http.ResponseWriter, r *http.Request) {
	var o order%[1]d
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.place(r.Context(), &o); err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *service%[1]d) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.log.ErrorContext(r.Context(), "request", "path", r.URL.Path, "err", err)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

func (s *service%[1]d) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /orders%[1]d/{id}", s.get)
	mux.HandleFunc("POST /orders%[1]d", s.post)
}
`

const imports = `"context"; "database/sql"; "encoding/json"; "errors"; "fmt"; "log/slog"; "net/http"; "sort"; "strconv"; "strings"`

// generate writes a service of n resources, with the runtime or with functions of its own in its place.
func generate(n int, with bool) string {
	var b strings.Builder
	if with {
		fmt.Fprintf(&b, "package service\n\nimport (%s; \"github.com/airlock-go/airlock/airlock\")\n", imports)
	} else {
		fmt.Fprintf(&b, "package service\n\nimport (%s)\n%s", imports, own)
	}
	for i := range n {
		fmt.Fprintf(&b, resource, i)
	}
	if !with {
		return b.String()
	}
	return strings.NewReplacer(" begin(", " airlock.Begin(", " run(", " airlock.Run(", " enqueue(", " airlock.Enqueue(").Replace(b.String())
}

const own = `
type scope struct{}

func (*scope) Discard()                        {}
func (*scope) Flush(ctx context.Context) error { return nil }

func begin(ctx context.Context) (context.Context, *scope) { return ctx, new(scope) }

func run(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

func enqueue(ctx context.Context, fn func(context.Context, int) error, arg int) error { return fn(ctx, arg) }
`

// What the three checks on scopes take, with the passes that are theirs alone, over what it takes to build SSA: for a service that uses
// the runtime, and for the same one without it.
func BenchmarkChecksOverSSA(b *testing.B) {
	checks := []*analysis.Analyzer{inscope.Analyzer, scopeclose.Analyzer, deferrable.Analyzer}
	passes := []*analysis.Analyzer{scopes.Analyzer, contexts.Analyzer, carried.Analyzer}
	took := map[*analysis.Analyzer]time.Duration{}
	for _, a := range slices.Concat(checks, passes, []*analysis.Analyzer{ssapass.Analyzer}) {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			start := time.Now()
			defer func() { took[a] += time.Since(start) }()
			return run(pass)
		}
		b.Cleanup(func() { a.Run = run })
	}
	for _, with := range []bool{true, false} {
		name := "without"
		if with {
			name = "with"
		}
		b.Run(name+" airlock", func(b *testing.B) {
			pkgs := loadGenerated(b, generate(40, with))
			clear(took)
			for b.Loop() {
				if _, err := checker.Analyze(checks, pkgs, &checker.Options{Sequential: true}); err != nil {
					b.Fatal(err)
				}
			}
			var sum time.Duration
			for _, a := range slices.Concat(checks, passes) {
				sum += took[a]
				b.ReportMetric(float64(took[a])/float64(took[ssapass.Analyzer]), a.Name+"/ssa")
			}
			b.ReportMetric(float64(sum)/float64(took[ssapass.Analyzer]), "all/ssa")
		})
	}
}

func loadGenerated(b *testing.B, src string) []*packages.Package {
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(dir, "generated", "service.go")
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir, Overlay: map[string][]byte{file: []byte(src)}}
	pkgs, err := packages.Load(cfg, "./generated")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		b.Fatalf("load the generated service: %v", err)
	}
	return pkgs
}
