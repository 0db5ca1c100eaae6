package deferrable

import (
	"fmt"
	"strings"
)

// All messages of the check stand here: what happens, where it leads, what to do.

func capturesMessage(found []burden) string {
	parts := make([]string, len(found))
	for i, b := range found {
		parts[i] = fmt.Sprintf("%s (%s)", b.name, b.what)
	}
	return fmt.Sprintf("this intent carries %s, gone or changed when it is dispatched: hand it plain values instead", strings.Join(parts, ", "))
}

func encodingMessage(arg, path, why string) string {
	at := ""
	if path != "" {
		at = " in " + path
	}
	return fmt.Sprintf("the task's argument %s can't be encoded for a queue: it has %s%s; give it exported fields of plain types, or a MarshalJSON method", arg, why, at)
}
