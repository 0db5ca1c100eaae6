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

// way returns the way of calls of these names, at positions that are counted.
func way(from *effects.Way, names ...string) *effects.Way {
	w := from
	for _, name := range names {
		dist := 1
		if w != nil {
			dist = w.Dist + 1
		}
		w = &effects.Way{Hop: &effects.Hop{Callee: name, Pos: fmt.Sprintf("shop/shop.go:%d:2", dist)}, From: w, Dist: dist}
	}
	return w
}

func TestPackageSurvivesGob(t *testing.T) {
	want := &effects.Package{
		Types: []effects.Implementer{{Methods: []uint64{1, 1<<64 - 1}, Acts: []string{"(shop.Mailer).Send"}}},
		Acts: []effects.Act{
			{
				Func: "(shop.Mailer).Send",
				Performs: []effects.Bound{
					{Effect: effect.Command(effect.Mail), Used: true, Async: effects.Queued, Way: way(nil, "shop.post", "net/smtp.SendMail")},
					{Effect: effect.Query(effect.HTTP)},
				},
				Open: []effects.OpenEnd{{Method: "(shop.Bus).Publish", Async: effects.Goroutine, Way: way(nil, "shop.other", "(shop.Bus).Publish")}},
			},
			{Func: "(shop.Mailer).Stop"},
		},
		Interfaces: []effects.Interface{{Methods: []uint64{3}, Name: "shop.Bus", Open: []string{"(shop.Bus).Publish"}}},
		Places:     []string{"shop.Hook"},
		Stored:     []effects.StoredFunc{{Place: "shop.Hook", Func: "shop.post"}},
	}
	if diff := cmp.Diff(want, recode(t, want, new(effects.Package))); diff != "" {
		t.Errorf("another package comes back (-want +got):\n%s", diff)
	}
}

func TestSummarySurvivesGob(t *testing.T) {
	start := way(nil, "shop.charge")
	want := &effects.Summary{
		Performs: []effects.Performed{{Effect: effect.Command(effect.HTTP), Used: true, Async: effects.Goroutine, Way: way(start, "net/http.Post"), If: 1, Ask: &effects.Question{Param: 2, By: 3}, Generated: true}},
		Enqueues: []effects.Enqueued{{Task: "shop.mail", Pos: "shop/mail.go:7:1", Ctx: -1, Way: way(start, "")}},
		Open:     []effects.OpenEnd{{Method: "(shop.Bus).Publish", Async: effects.Queued, Way: way(nil, "(shop.Bus).Publish"), If: 1}},
		Calls:    []effects.ParamCall{{Param: 1, Path: "OnDone", Method: "(shop.Hook).Run", Async: effects.Goroutine, Known: true, Outer: true}},
		Returns:  []effects.Returned{{Result: 1, Param: 2, Path: "Do", Type: "*shop.Mailer", Func: &effects.Summary{Hands: []int{1}}}},
		Stores:   []effects.Stored{{Param: 1, Path: "Do", Place: "shop.Hook"}},
		Hands:    []int{0, 2},
		Unknown:  way(start, "shop.any"),
		IsEffect: &effects.Declared{Kind: effect.Mail, Named: true, Adapter: true, Task: true},
	}
	want.Open[0].Way.Hop.Through = "shop.each"
	if diff := cmp.Diff(want, recode(t, want, new(effects.Summary))); diff != "" {
		t.Errorf("another summary comes back (-want +got):\n%s", diff)
	}
}

// recode encodes a fact and decodes it again.
func recode[F any](t *testing.T, fact, into F) F {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(fact); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&buf).Decode(into); err != nil {
		t.Fatal(err)
	}
	return into
}

// A summary that moves to other lines says the same.
func TestSaidHasNoPositions(t *testing.T) {
	at := func(pos string) *effects.Summary {
		w := &effects.Way{Hop: &effects.Hop{Callee: "net/smtp.SendMail", Pos: pos}, Dist: 1}
		return &effects.Summary{
			Performs: []effects.Performed{{Effect: effect.Command(effect.Mail), Way: w}},
			Enqueues: []effects.Enqueued{{Task: "shop.mail", Pos: pos, Way: w}},
		}
	}
	here, there := at("a.go:1:2"), at("some/other/file.go:345:67")
	if !bytes.Equal(here.Said(), there.Said()) {
		t.Error("what it says depends on where")
	}
	there.Performs[0].Way.Hop.Callee = "net/smtp.Dial"
	if bytes.Equal(here.Said(), there.Said()) {
		t.Error("what it says does not depend on the call")
	}
}

// What a fact takes grows with the open ends and the calls on the way to them, not with their product: however long the way to all of a
// hundred ends, each takes the same.
func TestManyOpenEndsBehindLongWays(t *testing.T) {
	const ends = 100
	size := func(calls int) int {
		var names []string
		for i := range calls {
			names = append(names, fmt.Sprintf("(*example.com/shop/internal/service.Implementation).Step%d", i))
		}
		long, s := way(nil, names...), new(effects.Summary)
		for i := range ends {
			method := fmt.Sprintf("(example.com/shop/ports.Port).Method%d", i)
			s.Open = append(s.Open, effects.OpenEnd{Method: method, Way: way(long, method)})
		}
		data, err := s.GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		return len(data)
	}
	const perCall = 120 // a name and a position
	if short, long := size(1), size(41); long-short > 40*perCall {
		t.Errorf("%d open ends take %d bytes behind one call, and %d behind forty more: want %d a call at most", ends, short, long, perCall)
	}
}

// Acts that lead to the same open ends by the same way take little more each than a reference to each end.
func TestPackageIsSmall(t *testing.T) {
	const acts, ends = 1000, 100
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("(*example.com/shop/internal/service.Implementation).Step%d", i))
	}
	p := new(effects.Package)
	for i := range acts {
		a := effects.Act{Func: fmt.Sprintf("(*example.com/shop/internal/service.Implementation).Act%d", i)}
		long := way(nil, names...)
		for j := range ends {
			method := fmt.Sprintf("(example.com/shop/ports.Port).Method%d", j)
			a.Open = append(a.Open, effects.OpenEnd{Method: method, Way: way(long, method)})
		}
		p.Acts = append(p.Acts, a)
	}
	data, err := p.GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	if limit := acts * ends * 12; len(data) > limit {
		t.Errorf("%d bytes, want %d at most", len(data), limit)
	}
}

func TestBadFacts(t *testing.T) {
	data, err := (&effects.Package{Acts: []effects.Act{{Func: "shop.f", Performs: []effects.Bound{{Way: way(nil, "shop.g", "shop.h")}}}}}).GobEncode()
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for bit := range 8 {
			bad := bytes.Clone(data)
			bad[i] ^= 1 << bit
			_ = new(effects.Package).GobDecode(bad) // an error or a package, and no panic
			_ = new(effects.Summary).GobDecode(bad)
		}
	}
	if err := new(effects.Package).GobDecode(data[:len(data)/2]); err == nil {
		t.Error("half a package is taken for one")
	}
}
