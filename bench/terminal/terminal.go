// Package terminal writes a status line that the next one replaces.
package terminal

import (
	"fmt"
	"os"

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
// the end, and writes the new text. The text is cut to less than the width, because a line that
// wraps cannot be replaced.
func Line(text string, width int) string {
	return fmt.Sprintf("\r\x1b[K%.*s", max(width-1, 0), text)
}
