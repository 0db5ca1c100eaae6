package rule

import "fmt"

// DidYouMean returns a hint, ` (did you mean "direct"?)`, that names the valid word nearest to a misspelt one.
// With nothing to offer it is empty. Of equally near words the first is offered.
func DidYouMean(word string, valid []string) string {
	best, least := "", -1
	for _, v := range valid {
		if d := distance(word, v); least < 0 || d < least {
			best, least = v, d
		}
	}
	if least < 0 {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// distance is the number of insertions, deletions and substitutions between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
