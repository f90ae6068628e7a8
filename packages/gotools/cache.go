package main

import "crypto/sha256"

const (
	maxCached      = 64
	maxCachedBytes = 64 << 10
)

// Parsed sources by the hash of their texts.
type cache[T any] map[[sha256.Size]byte]T

// get returns what was parsed from these texts before, or parses them. Large sources are not kept.
func (c cache[T]) get(texts []string, parse func() (T, error)) (T, error) {
	key, size := hashOf(texts)
	if known, ok := c[key]; ok {
		return known, nil
	}
	parsed, err := parse()
	if err != nil || size > maxCachedBytes {
		return parsed, err
	}
	for other := range c {
		if len(c) < maxCached {
			break
		}
		delete(c, other)
	}
	c[key] = parsed
	return parsed, nil
}

func hashOf(texts []string) (key [sha256.Size]byte, size int) {
	hash := sha256.New()
	for _, text := range texts {
		part := sha256.Sum256([]byte(text))
		hash.Write(part[:])
		size += len(text)
	}
	hash.Sum(key[:0])
	return key, size
}
