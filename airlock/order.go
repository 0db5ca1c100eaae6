package airlock

import (
	"cmp"
	"slices"
)

// inOrder merges lists, each in the order in which its intents were enqueued in one tree, into a new one. A tree numbers its
// intents one by one, so that they find their places without comparing, unless few of many are left. // I2
func inOrder(lists [][]*Intent) []*Intent {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	if n == 0 {
		return nil
	}
	merged := make([]*Intent, 0, n)
	for _, l := range lists {
		merged = append(merged, l...)
	}
	if slices.IsSortedFunc(merged, bySeq) {
		return merged
	}
	least, most := merged[0].seq, merged[0].seq
	for _, l := range lists {
		if len(l) > 0 {
			least, most = min(least, l[0].seq), max(most, l[len(l)-1].seq)
		}
	}
	span := most - least + 1
	if span > 4*uint64(n) {
		slices.SortFunc(merged, bySeq)
		return merged
	}
	places := make([]*Intent, span)
	for _, i := range merged {
		places[i.seq-least] = i
	}
	merged = merged[:0]
	for _, i := range places {
		if i != nil {
			merged = append(merged, i)
		}
	}
	return merged
}

func bySeq(a, b *Intent) int { return cmp.Compare(a.seq, b.seq) }
