package format

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Columns is the width of running text for a terminal.
const Columns = 80

// Wrap breaks text at white space, but not at U+00A0, into lines of at most width columns, if its
// words allow. The first line begins with first, the others with rest.
func Wrap(text string, width int, first, rest string) string {
	var lines []string
	line, empty := first, true
	for _, word := range strings.FieldsFunc(text, isBreak) {
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

func isBreak(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' }
