package format

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks text at spaces into lines of at most width columns, if its words allow. The first
// line begins with first, the others with rest.
func Wrap(text string, width int, first, rest string) string {
	var lines []string
	line, empty := first, true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return strings.Join(append(lines, line), "\n")
}
