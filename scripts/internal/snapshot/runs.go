package snapshot

import (
	"strings"

	"golang.org/x/perf/benchfmt"
)

// Run is one execution of the benchmarks, from its header to the comments at its end.
type Run struct {
	Number int // from 1, in the order of the file

	line int // at which it begins
}

// runPrefix begins the comment that the benchmarks print at the end of their header.
const runPrefix = "# disk before: "

// addLine takes a line of a result file, and its number.
func addLine(runs []Run, number int, line string) []Run {
	if strings.HasPrefix(line, runPrefix) {
		return append(runs, Run{Number: len(runs) + 1, line: number})
	}
	return runs
}

// RunOf returns the run that a result of this snapshot belongs to. There is none if the result
// stands above the first run's header.
func (s *Snapshot) RunOf(r *benchfmt.Result) (run Run, ok bool) {
	_, line := r.Pos()
	for _, candidate := range s.Runs {
		if candidate.line > line {
			break
		}
		run, ok = candidate, true
	}
	return run, ok
}
