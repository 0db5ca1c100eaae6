package golangci_test

import (
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/airlock-go/airlock/analyzers"
	"github.com/airlock-go/airlock/golangci"
)

func TestPluginHasTheSuite(t *testing.T) {
	plugin, err := golangci.New(map[string]any{"rules": map[string]any{"noescape/direct": "off"}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := plugin.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(analyzers.Suite) || list[0] != analyzers.Suite[0] {
		t.Errorf("the plugin has %v, want the suite", list)
	}
	if mode := plugin.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode is %s: facts need types", mode)
	}
}

func TestPluginRefusesUnknownSettings(t *testing.T) {
	for _, test := range []struct {
		settings map[string]any
		want     string
	}{
		{map[string]any{"kind": map[string]any{"mail": "on"}}, "kinds"},
		{map[string]any{"rules": map[string]any{"noescape/direkt": "off"}}, "noescape/direct"},
	} {
		_, err := golangci.New(test.settings)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("New(%v) fails with %v, want the nearest valid name, %s", test.settings, err, test.want)
		}
	}
}
