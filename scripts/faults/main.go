// Faults asks whether what SQLite has acknowledged survives writers that are killed, with BenchmarkFaults, stores what it found as a
// snapshot (see package passes), and reports it for each journal mode.
//
// It is what "make faults" calls, from the top of the repository, and takes its settings from the
// environment:
//
//	AXES   what to run, for -axes (default: every journal mode, 8 processes, batch=50)
//	COUNT  passes (default 10)
//	KILLS  the least number of writers to kill in a pass, in each journal mode (default 100)
//	ROWS   and of rows that are acknowledged (default 100000)
//	SEED   seed of the first pass; each that follows has the next (default 1). An interrupted run goes on with the seed that was next
//	ROUND  length of a round (default 1s)
//	LABEL  name of the snapshot (default "latest-faults"); the report goes beside it, as LABEL.report.txt
//	DIR    directory on the disk to test (default: the current one)
package main

import (
	"io"

	"busybench/scripts/internal/runner"
)

var script = runner.Config{
	Command: "make faults", Bench: "^BenchmarkFaults$", Count: 10, Label: "latest-faults", Seeded: true,
	Flags: func(string) []string { return []string{"-faults", "-test.benchtime=1x"} },
	Options: []runner.Option{
		{Name: "KILLS", Flag: "-faults.kills"},
		{Name: "ROWS", Flag: "-faults.rows"},
	},
}

func main() {
	runner.Main("faults", script, answer)
}

// answer is stored beside the snapshot.
var answer = runner.SaveReport("report.txt", "the report", func(out io.Writer, m runner.Run) error { return writeReport(out, m.Snapshot) })
