// Timeline draws one round, writer by writer over time: when each waited for the write lock, held
// it, got an acknowledgement or a lock error, and when the lock was idle while writers waited. It
// draws a picture for each benchmark, of the second of two rounds, and stores all of them as
// trace events for browsers' trace viewers.
//
// "make timeline" calls it from the top of the repository. It takes its settings from the
// environment:
//
//	BENCH  a regular expression of benchmarks (default "^BenchmarkBurst$")
//	AXES   what to run, for -axes (default: 8 processes, rollback journal, busy=5s,queue)
//	ROUND  length of a sustained round (default 100ms)
//	LABEL  name of the snapshot (default "latest-timeline"); beside it are LABEL.svg, or several
//	       pictures such as LABEL.queue.svg, and LABEL.trace.json
//	DIR    directory on the disk to measure (default: the current one)
//	COUNT  runs, the last of which is drawn (default 1)
package main

import (
	"path/filepath"

	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Command: "make timeline", Bench: "^BenchmarkBurst$", Count: 1, Label: "latest-timeline",
	Axes: "exec=process journal=delete writers=8 busy=5s,queue", Round: "100ms",
	Flags: func(scratch string) []string {
		// The last round is drawn. In the first one connecting takes longer.
		return []string{"-timeline=" + tracePath(scratch), "-test.benchtime=2x"}
	},
}

func tracePath(scratch string) string { return filepath.Join(scratch, "trace.json") }

func main() { runner.Main("timeline", config, report) }
