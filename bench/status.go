package bench

import (
	"fmt"
	"os"

	"busybench/bench/host"
)

// status is a line on a terminal that the next one replaces. Without a terminal it shows nothing.
type status struct {
	out   *os.File
	width int
}

func newStatus(out *os.File) status { return status{out, host.TerminalWidth(out)} }

func (s status) show(line string) {
	if s.width > 0 {
		fmt.Fprint(s.out, host.StatusLine(line, s.width))
	}
}

func (s status) clear() { s.show("") }
