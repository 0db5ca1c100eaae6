package catalog_test

import (
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

func TestPathCommands(t *testing.T) {
	const u = catalog.Unknown
	for _, tc := range []struct {
		method, url string
		command, ok bool
	}{
		{"POST", "https://example.org/oauth2/token", false, true},
		{"POST", u + "/oauth/v2/token", false, true},
		{"POST", u + "/api/access-tokens", false, true},
		{"POST", u + u + "/api/access-tokens", false, true},
		{"POST", "http://" + u + ":8080/login", false, true},
		{"POST", "/_matrix/client/v3/login", false, true},
		{"POST", "https://hcaptcha.com/siteverify", false, true},
		{"POST", u + "/getSession.action", false, true},
		{"POST", u + "/user_file/filter_file", false, true},
		{"POST", u + "/filters", false, false},
		{"POST", u + "/indexes/" + u + "/search", false, true},
		{"POST", "https://linktaco.example/query", false, false}, // GraphQL
		{"POST", u + "/v1/chat/completions", false, true},
		{"POST", "https://slack.example/api/users.list", false, true},
		{"POST", u + "/auth/sign-in", false, true},
		{"POST", "https://slack.example/api/chat.postMessage", false, false},
		{"POST", u + "/device-tokens", false, false}, // registers a device
		{"POST", u + "/tokens/" + u, false, false},
		{"POST", u + "/orders", false, false},
		{"POST", u + "/subscribe", false, false},
		{"POST", u, false, false},
		{"POST", "https://token", false, false}, // a host
		{"PUT", u + "/login", false, false},
		{"DELETE", u + "/search", false, false},
		{"GET", "https://web.archive.org/save/" + u + "?" + u, true, true},
		{"GET", "https://www.instapaper.com/api/add?" + u, true, true},
		{"GET", "https://api.pinboard.in/v1/posts/add", true, true},
		{"GET", "https://api.telegram.org/bot" + u + "/sendMessage?chat_id=" + u, true, true},
		{"", u + "/newsletter/unsubscribe.php?id=" + u, true, true},
		{"GET", "https://example.org/orders/" + u + "/items/" + u, false, false},
		{"GET", "https://example.org/update", false, false}, // often: is there one?
		{"GET", u + "/addresses", false, false},
		{"GET", "https://example.org/create/" + u + "/status", false, false},
		{"GET", "https://send.example.org/", false, false},
		{"HEAD", u + "/delete", false, false},
	} {
		if command, ok := catalog.PathCommands(tc.method, tc.url); ok != tc.ok || ok && command != tc.command {
			t.Errorf("PathCommands(%q, %q) = %v, %v, want %v, %v", tc.method, tc.url, command, ok, tc.command, tc.ok)
		}
	}
}
