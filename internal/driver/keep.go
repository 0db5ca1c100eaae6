package driver

// Keep keeps a value that a caller of this package computed with this very executable, under the words that it depends on.
func (c *Cache) Keep(v any, words ...string) {
	if key, ok := wordsKey(words); ok && c != nil {
		c.put(key, v)
	}
}

// Recall copies the value kept under these words into ptr, and reports whether there was one.
func (c *Cache) Recall(ptr any, words ...string) bool {
	key, ok := wordsKey(words)
	return ok && c != nil && c.get(key, ptr)
}

func wordsKey(words []string) (digest, bool) {
	tool, err := toolDigest()
	if err != nil {
		return digest{}, false
	}
	h := newHasher("kept")
	h.addDigest(tool)
	h.add(words...)
	return h.sum(), true
}
