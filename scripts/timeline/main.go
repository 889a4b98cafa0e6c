// Timeline draws one round, writer by writer over time: who waited for the write lock, who held it, who got an answer and
// who gave up, and when the lock was idle though somebody waited. A picture for each benchmark, of the second of two
// rounds, and all of them as trace events for browsers' trace viewers.
//
// It is what "make timeline" calls, from the top of the repository, and takes its settings from the
// environment:
//
//	BENCH  which benchmarks, a regular expression (default "^BenchmarkBurst$")
//	AXES   what to run, for -axes (default: 8 processes, rollback journal, busy=5s,queue)
//	ROUND  length of a sustained round (default 100ms)
//	LABEL  name of the snapshot (default "latest-timeline"); beside it are written the pictures, LABEL.svg, or
//	       LABEL.queue.svg and the like where there are several, and LABEL.trace.json
//	DIR    directory on the disk to measure (default: the current one)
//	COUNT  passes, of which the last is drawn (default 1)
package main

import (
	"path/filepath"

	"busybench/scripts/internal/runner"
)

var script = runner.Config{
	Command: "make timeline", Bench: "^BenchmarkBurst$", Count: 1, Label: "latest-timeline", Round: "100ms",
	Axes: "exec=process journal=delete writers=8 busy=5s,queue",
	Flags: func(scratch string) []string {
		return []string{"-timeline=" + traceIn(scratch), "-test.benchtime=2x"} // the last is drawn; in the first, connecting takes longer
	},
}

func traceIn(scratch string) string { return filepath.Join(scratch, "trace.json") }

func main() { runner.Main("timeline", script, answer) }
