// Package report says what was found: as text for a person, as JSON, SARIF or annotations for a machine.
package report
