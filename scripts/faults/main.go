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
	"fmt"
	"io"
	"strings"

	"busybench/scripts/passes"
	"busybench/scripts/snapshot"
)

var script = passes.Script{
	Command: "make faults", Bench: "^BenchmarkFaults$", Count: 10, Label: "latest-faults", Seeded: true,
	Flags: func(string) []string { return []string{"-faults", "-test.benchtime=1x"} },
	Options: []passes.Option{
		{Name: "KILLS", Flag: "-faults.kills"},
		{Name: "ROWS", Flag: "-faults.rows"},
	},
}

func main() {
	passes.Main("faults", script, answer)
}

// answer writes the report to a terminal, and into a file beside the snapshot.
func answer(out io.Writer, m passes.Made) error {
	var text strings.Builder
	if err := writeReport(&text, m.Snapshot); err != nil {
		return err
	}
	path := snapshot.Beside(m.Path, "report.txt")
	if err := snapshot.WriteWhole(path, text.String()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s is written, the report in %s.\n\n%s", m.Path, path, &text)
	return err
}
