package effectmap_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/report/effectmap"
)

var data = regexp.MustCompile(`(?s)<script id="data" type="application/json">(.*?)</script>`)

// The page carries the map whole, whatever its source lines hold, and asks for nothing else.
func TestWriteCarriesTheMap(t *testing.T) {
	want := effectmap.Map{
		Title: `</script><b>"quoted" & 'more'`,
		Functions: []effectmap.Function{{Name: "example.com/p.F", Package: "example.com/p", Short: "F", Pos: "p.go:1",
			Effects: []effectmap.Effect{{Kind: "mail", Command: true, Boundary: effectmap.Transaction,
				Chain: []effectmap.Step{{Callee: "net/smtp.SendMail", Source: `send("</script><!-- \u2028")`}}}}}},
		Calls: []effectmap.Call{{From: 0, To: 0, Transaction: true}},
	}
	var page strings.Builder
	if err := effectmap.Write(&page, &want); err != nil {
		t.Fatal(err)
	}
	m := data.FindStringSubmatch(page.String())
	if m == nil {
		t.Fatal("the page holds no data")
	}
	var got effectmap.Map
	if err := json.Unmarshal([]byte(m[1]), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the map changed on its way into the page (-want +got):\n%s", d)
	}
	if strings.Contains(page.String(), "http://") && !strings.Contains(page.String(), "http://www.w3.org/") || strings.Contains(page.String(), "https://") {
		t.Error("the page refers to the network")
	}
}
