package report

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A Baseline is how many findings there may be of each key: those that were there when it was written. Lines of the file may move.
type Baseline map[Key]int

// A Key says what makes two findings the same although the code around them changed.
type Key struct{ Rule, Package, Func, Sink string }

// String returns the key as a baseline spells it.
func (k Key) String() string { return strings.Join([]string{k.Rule, k.Package, k.Func, k.Sink}, "\t") }

// Size is how many findings it lets pass.
func (b Baseline) Size() int {
	n := 0
	for _, count := range b {
		n += count
	}
	return n
}

func keyOf(f Finding) Key {
	pkg, _, _ := strings.Cut(f.Package, " ")
	return Key{f.Rule(), pkg, f.Func, f.Sink}
}

const baselineHead = `# Findings that airlockvet let pass: how many, rule, package, function, sink; separated by tabs.
# airlockvet -baseline FILE -update-baseline removes those that are gone; -accept-new adds those that are new.
`

// ReadBaseline reads the file.
func ReadBaseline(file string) (Baseline, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w%s", err, howToMake(file, err))
	}
	b := Baseline{}
	s := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; s.Scan(); n++ {
		line := s.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 5 {
			return nil, fmt.Errorf("%s:%d: bad baseline: want count, rule, package, function, sink, separated by tabs", file, n)
		}
		count, err := strconv.Atoi(fields[0])
		if err != nil || count < 1 {
			return nil, fmt.Errorf("%s:%d: bad baseline: %q is no count", file, n, fields[0])
		}
		b[Key{fields[1], fields[2], fields[3], fields[4]}] += count
	}
	return b, s.Err()
}

func howToMake(file string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return fmt.Sprintf(" (airlockvet -baseline %s -update-baseline -accept-new makes one)", file)
}

// Write writes the baseline, sorted, so that it merges well.
func (b Baseline) Write(file string) error {
	buf := bytes.NewBufferString(baselineHead)
	keys := slices.SortedFunc(maps.Keys(b), func(x, y Key) int { return cmp.Compare(x.String(), y.String()) })
	for _, k := range keys {
		fmt.Fprintf(buf, "%d\t%s\n", b[k], k)
	}
	return os.WriteFile(file, buf.Bytes(), 0o666)
}

// Apply lets pass as many findings of each key as the baseline has.
func (b Baseline) Apply(findings []Finding) {
	left := maps.Clone(b)
	for i := range findings {
		f := &findings[i]
		if f.Suppressed == nil && left[keyOf(*f)] > 0 {
			left[keyOf(*f)]--
			f.Suppressed = &Suppression{Reason: "in the baseline"}
		}
	}
}

// Update returns the baseline as it should be now that these are the findings of the packages that analysed names. Without accept it
// only shrinks. What it has of other packages stays.
func (b Baseline) Update(findings []Finding, analysed func(pkg string) bool, accept bool) Baseline {
	now := Baseline{}
	for _, f := range findings {
		if f.Suppressed == nil || !f.Suppressed.InSource {
			now[keyOf(f)]++
		}
	}
	updated := Baseline{}
	for k, n := range b {
		if !analysed(k.Package) {
			updated[k] = n
		} else if n = min(n, now[k]); n > 0 {
			updated[k] = n
		}
	}
	if accept {
		maps.Copy(updated, now)
	}
	return updated
}
