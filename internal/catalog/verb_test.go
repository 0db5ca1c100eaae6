package catalog_test

import (
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

func TestProcedureCommands(t *testing.T) {
	for name, want := range map[string]bool{
		"GetUser":                                   false,
		"/example.v1.Users/ListUsers":               false,
		"Users.Create":                              true,
		"BatchGetUsers":                             false,
		"BatchDeleteUsers":                          true,
		"ReplacementOrderExists":                    false,
		"CreateBucketIfNotExists":                   true,
		"DropIfExists":                              true,
		"/sa.StorageAuthorityReadOnly/Count":        false,
		"/sa.StorageAuthorityReadOnly/KeyBlocked":   false,
		"/sa.StorageAuthority/KeyBlocked":           true, // nothing says so
		"StorageAuthorityReadOnlyClient.KeyBlocked": false,
		"/cosmos.bank.v1beta1.Query/Balance":        false,
		"/cosmos.bank.v1beta1.Msg/Send":             true,
		"QueryClient.Balance":                       false,
		"/queryservice.Query.Engine/Execute":        true,
		"":                                          true,
	} {
		if got := catalog.ProcedureCommands(name); got != want {
			t.Errorf("ProcedureCommands(%q) = %v, want %v", name, got, want)
		}
	}
}
