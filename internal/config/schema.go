package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/rule"
)

// Schema is the JSON schema of the configuration file, for editors. A test keeps it equal to the struct.
//
//go:embed schema.json
var Schema string

// NewSchema derives the schema from the struct.
func NewSchema() ([]byte, error) {
	root := schemaOf(reflect.TypeFor[Config]())
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "airlockvet configuration"
	out, err := json.MarshalIndent(root, "", "  ")
	return append(out, '\n'), err
}

type schema = map[string]any

func schemaOf(t reflect.Type) schema {
	switch {
	case scalar(t):
		return scalarSchema(t)
	case t.Kind() == reflect.Struct:
		return structSchema(t)
	case t.Kind() == reflect.Slice:
		return schema{"type": "array", "items": schemaOf(t.Elem())}
	case t.Kind() == reflect.Map:
		return schema{"type": "object", "propertyNames": schemaOf(t.Key()), "additionalProperties": schemaOf(t.Elem())}
	}
	panic(fmt.Sprintf("config: no schema for %v", t))
}

func structSchema(t reflect.Type) schema {
	properties, required := schema{}, []string{}
	for i := range t.NumField() {
		field := t.Field(i)
		key := field.Tag.Get("yaml")
		if key == "-" {
			continue
		}
		property := schemaOf(field.Type)
		property["description"] = field.Tag.Get("doc")
		properties[key] = property
		if field.Tag.Get("need") != "" {
			required = append(required, key)
		}
	}
	s := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func scalarSchema(t reflect.Type) schema {
	switch reflect.Zero(t).Interface().(type) {
	case effect.Kind:
		return schema{"enum": kindNames()}
	case rule.Rule:
		return schema{"enum": ruleNames()}
	case Severity:
		return schema{"enum": severities}
	case Role:
		return schema{"enum": roles[1:]}
	case Switch:
		return schema{"enum": []any{"on", "off", true, false}}
	case bool:
		return schema{"type": "boolean"}
	case int:
		return schema{"type": "integer", "minimum": 0}
	}
	return schema{"type": "string"}
}

// ruleNames lists what a rule may be called, full names first.
func ruleNames() (names []string) {
	for _, r := range rule.All {
		names = append(names, r.String())
	}
	for _, r := range rule.All {
		if r.Name != rule.AllowRule {
			names = append(names, r.Name)
		}
	}
	return names
}
