// Timeline draws one round, writer by writer over time: when each waited for the write lock, held
// it, got an acknowledgement or a lock error, and when the lock was idle while writers waited. It
// draws a picture for each benchmark, of the second of two rounds, and stores all of them as
// trace events for browsers' trace viewers. For a sustained round of 10 s or more it also draws
// figures over time: acknowledgements, lock errors and latency.
//
// "make timeline" calls it from the top of the repository. Its settings are those of
// [command.Timeline], from the environment; -h prints them.
package main

import (
	"path/filepath"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Target: command.Timeline,
	Flags: func(scratch string) []string {
		// The last round is drawn. In the first one connecting takes longer.
		return []string{"-timeline=" + tracePath(scratch), "-test.benchtime=2x"}
	},
}

func tracePath(scratch string) string { return filepath.Join(scratch, "trace.json") }

func main() { runner.Main(config, report) }
