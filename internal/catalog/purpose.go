package catalog

import (
	"path"
	"strings"
	"unicode"
)

// Unknown stands in a URL for a part that is not constant.
const Unknown = "\x00"

// asking are the words with which the last element of a URL's path begins where a POST is made for its answer: the body is a question
// too long, or too secret, for a URL. Words are left out that as often change something: query, where GraphQL is served; read, status,
// track, subscribe, generate.
var asking = wordSet(`
	auth authenticate calculate check completions count describe detect embed embeddings estimate exists explain fetch filter find get inspect
	introspect introspection list login logon lookup mget moderations msearch oauth preview resolve retrieve scroll search
	signin siteverify suggest tokenize transcriptions translate translations userinfo validate verify`)

// credentials are the words that may stand before "token" in the path of a POST that logs in.
var credentials = wordSet(`access api app auth bearer client csrf id jwt oauth oauth2 refresh session tenant token v1 v2`)

// changing are the words with which the last constant element of a URL's path begins where a GET changes something. Words are left out
// that as often name what is read, or a page: ping, update, hook, callback, run, start.
var changing = wordSet(`
	activate add approve cancel clear collect confirm create deactivate delete destroy disable enable insert invite logout notify
	pingback publish purge reboot register reject remove reset restart revoke save send shutdown signout subscribe trigger
	unregister unsubscribe upload vote`)

// PathCommands reports whether a request with that method is a command, as far as the constant part of its URL says so: ok is false
// where it says nothing. A GET that adds something is a command; a POST of which only the answer matters, that logs in, verifies or
// searches, is a query.
func PathCommands(method, url string) (command, ok bool) {
	elements := elements(url)
	if len(elements) == 0 {
		return false, false
	}
	last := elements[len(elements)-1]
	switch strings.ToUpper(method) {
	case "POST":
		return false, wantsAnswer(last)
	case "", "GET":
		if last == Unknown && len(elements) > 1 {
			last = elements[len(elements)-2]
		}
		words := words(last)
		return true, len(words) > 0 && changing[words[0]]
	}
	return false, false
}

func wantsAnswer(element string) bool {
	words := words(element)
	if len(words) == 0 {
		return false
	}
	n := len(words) - 1
	if words[n] != "token" && words[n] != "tokens" {
		return asking[words[0]] || len(words) == 2 && words[0]+words[1] == "signin"
	}
	for _, w := range words[:n] {
		if !credentials[w] {
			return false
		}
	}
	return true
}

// elements returns the elements of a URL's path; one that is not constant is [Unknown].
func elements(url string) []string {
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		url = url[:i]
	}
	_, rest, absolute := strings.Cut(url, "://")
	if !absolute {
		rest = url
	}
	host, rest, ok := strings.Cut(rest, "/")
	if !ok || !absolute && host != "" && !strings.Contains(host, Unknown) {
		return nil
	}
	var all []string
	for e := range strings.SplitSeq(strings.Trim(rest, "/"), "/") {
		if strings.Contains(e, Unknown) {
			e = Unknown
		}
		if e != "" {
			all = append(all, e)
		}
	}
	return all
}

// words returns the words of a path's element, in lower case: of send_message, sendMessage, chat.send-message the words send, message.
// What stands before a dot is what the verb is about, but for a file, where it is the name.
func words(element string) []string {
	if element == Unknown {
		return nil
	}
	if ext := path.Ext(element); extensions[strings.ToLower(ext)] {
		element = strings.TrimSuffix(element, ext)
	}
	element = element[strings.LastIndexAny(element, ".:")+1:]
	var all []string
	for _, part := range strings.FieldsFunc(element, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		all = append(all, camelWords(part)...)
	}
	return all
}

// extensions of a path that are no part of a name.
var extensions = wordSet(".action .ashx .asp .aspx .cgi .do .htm .html .json .jsp .php .xml")

func camelWords(s string) []string {
	var all []string
	start, lower := 0, false
	for i, r := range s {
		if unicode.IsUpper(r) && lower {
			all, start = append(all, strings.ToLower(s[start:i])), i
		}
		lower = !unicode.IsUpper(r)
	}
	return append(all, strings.ToLower(s[start:]))
}
