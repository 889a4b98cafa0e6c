package bench

import (
	"fmt"
	"os"

	"busybench/bench/terminal"
)

// status is a line on a terminal that the next one replaces. Without a terminal it shows nothing.
type status struct {
	out   *os.File
	width int
}

func newStatus(out *os.File) status { return status{out, terminal.Width(out)} }

func (s status) show(line string) {
	if s.width > 0 {
		fmt.Fprint(s.out, terminal.Line(line, s.width))
	}
}

func (s status) clear() { s.show("") }
