package driver

import (
	"path/filepath"
	"slices"
)

// An entry is the result of one unit, as the cache keeps it.
type entry struct {
	API, Said digest // of what importers can know of its types, of its facts
	Facts     []encodedFacts
	Findings  []Finding
	Asked     map[string]string // what was asked of the linker, and the digest of the answer
	Broken    []string          // why it was not analysed
}

// facts returns the entry's facts.
func (e *entry) facts() *factSet {
	s := new(factSet)
	for _, f := range e.Facts {
		s.kept = append(s.kept, f.kept())
	}
	return s
}

// placedFrom returns the entry with files relative to root, so that it holds wherever the program lies.
func (e *entry) placedFrom(root string) *entry {
	placed := *e
	placed.Findings = slices.Clone(e.Findings)
	eachFile(placed.Findings, func(file string) string {
		if rel, err := filepath.Rel(root, file); root != "" && err == nil && filepath.IsLocal(rel) {
			return rel
		}
		return file
	})
	return &placed
}

// placeIn undoes placedFrom.
func (e *entry) placeIn(root string) {
	eachFile(e.Findings, func(file string) string {
		if file == "" || filepath.IsAbs(file) {
			return file
		}
		return filepath.Join(root, file)
	})
}

// eachFile replaces each file that the findings name.
func eachFile(findings []Finding, to func(string) string) {
	for i := range findings {
		f := &findings[i]
		f.Pos.File, f.End.File, f.Raw.File = to(f.Pos.File), to(f.End.File), to(f.Raw.File)
		f.Fixes = slices.Clone(f.Fixes)
		for j := range f.Fixes {
			f.Fixes[j].Edits = slices.Clone(f.Fixes[j].Edits)
			for k := range f.Fixes[j].Edits {
				edit := &f.Fixes[j].Edits[k]
				edit.File = to(edit.File)
			}
		}
	}
}
