package rule

import "fmt"

// DidYouMean returns a hint, ` (did you mean "direct"?)`, that names the valid word nearest to a misspelt one.
// With nothing to offer it is empty. Of equally near words the first is offered.
func DidYouMean(word string, valid []string) string {
	best, least := nearest(word, valid)
	return hint(best, least >= 0)
}

// Misspelt is as [DidYouMean], but offers only a word that differs from the one that was written in a third of its letters at most.
func Misspelt(word string, valid []string) string {
	best, least := nearest(word, valid)
	return hint(best, least >= 0 && 3*least <= max(len(word), len(best)))
}

func hint(word string, offer bool) string {
	if !offer {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", word)
}

// nearest returns the valid word nearest to word, and its distance, -1 if there is none.
func nearest(word string, valid []string) (best string, least int) {
	least = -1
	for _, v := range valid {
		if d := distance(word, v); least < 0 || d < least {
			best, least = v, d
		}
	}
	return best, least
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
