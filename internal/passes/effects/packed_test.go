package effects_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

func TestPackageSurvivesGob(t *testing.T) {
	want := &effects.Package{
		Types: []effects.Implementer{{Methods: []uint64{1, 2}, Acts: []string{"(shop.Mailer).Send"}}},
		Acts: []effects.Act{
			{
				Func: "(shop.Mailer).Send",
				Performs: []effects.Bound{
					{Effect: effect.Command(effect.Mail), Used: true, Async: effects.Queued, Chain: []string{"shop.post", "net/smtp.SendMail"}, Pos: []string{"a.go:1:2", "b.go:3:4"}},
					{Effect: effect.Query(effect.HTTP)},
				},
				Open: []effects.BoundOpen{{Method: "(shop.Bus).Publish", Async: effects.Goroutine, Chain: []string{"shop.other", "net/smtp.SendMail"}, Pos: []string{"a.go:5:6", "b.go:3:4"}}},
			},
			{Func: "(shop.Mailer).Stop"},
		},
		Interfaces: []effects.Interface{{Methods: []uint64{3}, Name: "shop.Bus", Open: []string{"(shop.Bus).Publish"}}},
		Places:     []string{"shop.Hook"},
		Stored:     []effects.StoredFunc{{Place: "shop.Hook", Func: "shop.post"}},
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(want); err != nil {
		t.Fatal(err)
	}
	got := new(effects.Package)
	if err := gob.NewDecoder(&buf).Decode(got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("another package comes back (-want +got):\n%s", diff)
	}
}

// A thousand acts that lead to the same hundred open ends by the same long way take little more than the way.
func TestPackageIsSmall(t *testing.T) {
	var way, at []string
	for i := range 30 {
		way = append(way, fmt.Sprintf("(*example.com/shop/internal/service.Implementation).Step%d", i))
		at = append(at, fmt.Sprintf("internal/service/implementation.go:%d:10", i))
	}
	p := new(effects.Package)
	for i := range 1000 {
		a := effects.Act{Func: fmt.Sprintf("(*example.com/shop/internal/service.Implementation).Act%d", i)}
		for j := range 100 {
			a.Open = append(a.Open, effects.BoundOpen{Method: fmt.Sprintf("(example.com/shop/ports.Port).Method%d", j), Chain: way, Pos: at})
		}
		p.Acts = append(p.Acts, a)
	}
	data, err := p.GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	if limit := 1000 * 100 * 12; len(data) > limit {
		t.Errorf("%d bytes, want %d at most", len(data), limit)
	}
}

func TestBadPackage(t *testing.T) {
	data, err := (&effects.Package{Acts: []effects.Act{{Func: "shop.f", Performs: []effects.Bound{{Chain: []string{"shop.g"}}}}}}).GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		bad := bytes.Clone(data)
		bad[i] ^= 0x3f
		_ = new(effects.Package).GobDecode(bad) // an error or a package, and no panic
	}
	if err := new(effects.Package).GobDecode(data[:len(data)/2]); err == nil {
		t.Error("half a package is taken for one")
	}
}
