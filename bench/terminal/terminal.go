// Package terminal writes a status line that the next one replaces.
package terminal

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// Width returns the number of columns of a terminal, or 0 if the file is not a terminal.
func Width(file *os.File) int {
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// Line returns text that replaces the line that the cursor is in: it moves to the start, clears to
// the end, and writes the new text. The text is shortened to less than the width, because a line
// that wraps cannot be replaced.
func Line(text string, width int) string {
	return "\r\x1b[K" + Fit(text, max(width-1, 0))
}

// Fit shortens a text to a number of columns. It drops the first words of the form axis=value, with
// a … in their place, because the last ones differ from line to line. Then it cuts the end.
func Fit(text string, columns int) string {
	words := strings.Split(text, " ")
	first := slices.IndexFunc(words, isSetting)
	for next := first + 1; utf8.RuneCountInString(text) > columns; next++ {
		if first < 0 || next == len(words) || !isSetting(words[next]) {
			return fmt.Sprintf("%.*s", columns, text)
		}
		text = strings.Join(append(append(words[:first:first], "…"), words[next:]...), " ")
	}
	return text
}

func isSetting(word string) bool { return strings.Contains(word, "=") }
