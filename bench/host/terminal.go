package host

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// TerminalWidth is the number of columns of the terminal that a file is, 0 where it is none.
func TerminalWidth(file *os.File) int {
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}

// StatusLine puts a line in the place of the one that the cursor is in: to its head, clear to its
// end. It is cut off where it would wrap, because a line that wraps stays.
func StatusLine(line string, width int) string {
	return fmt.Sprintf("\r\x1b[K%.*s", width-1, line)
}
