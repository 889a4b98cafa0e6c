// Package nearest finds the word that a misspelt one means.
package nearest

import (
	"strings"

	"github.com/hbollon/go-edlib"
)

// minPart is the length of the shortest word that counts if it is part of another one.
const minPart = 3

// Word returns the known word that is nearest to another one, or an empty text if none is near.
// Upper and lower case are the same. Near is a word with one typing error for every three letters,
// or at least one: a letter too many, missing or wrong, or two that changed places. Failing that,
// it is the longest word that contains the other or is part of it.
func Word(word string, known []string) (near string) {
	lower := strings.ToLower(word)
	limit := max(1, len([]rune(word))/3) + 1
	for _, k := range known {
		n := edlib.OSADamerauLevenshteinDistance(lower, strings.ToLower(k))
		if n < limit && n < len(k) {
			near, limit = k, n
		}
	}
	if near != "" {
		return near
	}
	for _, k := range known {
		if len(k) > len(near) && overlap(lower, strings.ToLower(k)) {
			near = k
		}
	}
	return near
}

// overlap reports whether one word is part of the other.
func overlap(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= minPart && strings.Contains(b, a)
}

// Question returns " (did you mean X?)" with the known word that is nearest, or an empty text.
func Question(word string, known []string) string {
	near := Word(word, known)
	if near == "" {
		return ""
	}
	return " (did you mean " + near + "?)"
}
