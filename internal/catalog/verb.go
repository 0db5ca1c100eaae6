package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// verbQueries are the redis commands that only read.
var verbQueries = wordSet(`
	bitcount bitpos dbsize dump echo exists expiretime geodist geohash geopos geosearch get getbit getrange hello hexists hget hgetall
	hkeys hlen hmget hrandfield hscan hstrlen hvals info keys lastsave lcs lindex llen lolwut lpos lrange mget object pexpiretime
	pfcount ping pttl pubsub randomkey scan scard sdiff select sinter sintercard sismember slowlog smembers smismember
	srandmember sscan strlen substr sunion time touch ttl type wait xinfo xlen xpending xrange xread xrevrange zcard zcount
	zdiff zinter zintercard zlexcount zmscore zrandmember zrange zrangebylex zrangebyscore zrank zrevrange zrevrangebylex
	zrevrangebyscore zrevrank zscan zscore zunion auth`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// verbCommands reports whether a redis command changes something.
func verbCommands(verb string) bool { return !verbQueries[strings.ToLower(verb)] }

// reading are the verbs with which the name of a procedure that only reads begins.
var reading = wordSet(`
	check count describe download estimate exists explain fetch find get has head inspect is list lookup peek ping poll preview query
	read resolve retrieve scan search show stat stats status stream subscribe tail track validate version view watch`)

// local are the verbs with which the name of a client's method begins that asks nobody.
var local = wordSet("close marshal new unmarshal with")

// ProcedureCommands reports whether a remote procedure changes something: by the first word of its name, by a last word that asks
// whether something is there, or by the service that stands before it (sa.UsersReadOnly/Blocked, Query/Balance).
func ProcedureCommands(name string) bool {
	end := strings.LastIndexAny(name, "/._") + 1
	service, name := name[:end], name[end:]
	switch {
	case reading[firstWord(name)], readsOnly(service):
		return false
	case strings.HasPrefix(name, "BatchGet"), strings.HasPrefix(name, "batchGet"):
		return false
	case strings.HasSuffix(name, "Exists"):
		return strings.HasSuffix(name, "IfExists") || strings.HasSuffix(name, "NotExists")
	}
	return true
}

// readsOnly reports whether a service, or the type of its client, is one of procedures that only read. A service called Query has a
// sister for what changes something.
func readsOnly(service string) bool {
	service = strings.TrimSuffix(strings.TrimRight(service, "/._"), "Client")
	service = service[strings.LastIndexAny(service, "/.")+1:]
	return service == "Query" || strings.Contains(service, "ReadOnly")
}

// firstWord returns the first word of a name in camel case, in lower case: get of GetUser.
func firstWord(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	rest := name[size:]
	if end := strings.IndexFunc(rest, unicode.IsUpper); end >= 0 {
		rest = rest[:end]
	}
	return string(unicode.ToLower(first)) + rest
}
