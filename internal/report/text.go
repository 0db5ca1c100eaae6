package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/airlock-go/airlock/internal/driver"
)

// Text writes one line a finding: file:line:col: message (analyzer/rule). Files are relative to root where they lie below it.
func Text(w io.Writer, root string, findings []driver.Finding) error {
	for _, f := range findings {
		pos := f.Pos
		pos.File = Relative(root, pos.File)
		if _, err := fmt.Fprintf(w, "%s: %s (%s)\n", pos, f.Message, f.Rule()); err != nil {
			return err
		}
	}
	return nil
}

// Relative returns file relative to root, with slashes, if it lies below it, else as it is.
func Relative(root, file string) string {
	if root == "" || file == "" {
		return file
	}
	rel, err := filepath.Rel(root, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return file
	}
	return filepath.ToSlash(rel)
}
