package transactions

import "slices"

// A few maps few keys to values. Paths branch far more often than they look something up, so that what a path knows is kept in the form
// that is the cheapest to copy.
type few[K comparable, V any] []known[K, V]

type known[K comparable, V any] struct {
	key   K
	value V
}

func (f few[K, V]) get(k K) (v V, ok bool) {
	for i := range f {
		if f[i].key == k {
			return f[i].value, true
		}
	}
	return v, false
}

func (f *few[K, V]) set(k K, v V) {
	for i := range *f {
		if (*f)[i].key == k {
			(*f)[i].value = v
			return
		}
	}
	*f = append(*f, known[K, V]{k, v})
}

func (f *few[K, V]) remove(k K) {
	f.removeIf(func(key K, _ V) bool { return key == k })
}

func (f *few[K, V]) removeIf(drop func(K, V) bool) {
	*f = slices.DeleteFunc(*f, func(e known[K, V]) bool { return drop(e.key, e.value) })
}
