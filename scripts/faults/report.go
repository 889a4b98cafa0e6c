package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// writeReport sums up all runs, in a line for each row of the snapshot, which usually is a journal
// mode.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	fmt.Fprint(out, `
Writers were killed with SIGKILL while they inserted, and replaced. Then the file was compared with
all acknowledgements.

`[1:])
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, strings.Join([]string{
		"kills", "acknowledged rows", "lost", "torn rows", "damaged files", "hot files",
		"unacknowledged commits", "lock errors",
		"next insert: median", "max", "reopened: max", "  of"}, "\t"))
	unsafe := false
	for _, row := range s.Rows() {
		journal, _ := snapshot.Axis(row.Results[0], "journal")
		unsafe = unsafe || !scenario.SurvivesKill(journal)
		for _, unit := range []string{
			metrics.Kills, metrics.AckedRows, metrics.LostRows, metrics.TornRows,
			metrics.DamagedFiles, metrics.HotFiles, metrics.KeptTxns, metrics.LockErrors,
		} {
			fmt.Fprintf(w, "%.0f\t", row.Sum(unit))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t  %s\n", formatSeconds(row.Median(metrics.Recover)),
			formatSeconds(maximum(row.Samples(metrics.RecoverMax))),
			formatSeconds(maximum(row.Samples(metrics.ReopenMax))),
			strings.Join(snapshot.NameParts(row.Results[0]), " "))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprint(out, `
Lost: acknowledged, but not in the file. Torn rows: of a transaction that is in the file in part.
Damaged files: with lost or torn rows, or complaints of integrity_check. Hot files: with a journal
to roll back or a log to recover after all writers were killed. Unacknowledged commits: transactions
of killed writers that are in the file although their acknowledgement never arrived, at most one for
each kill. Next insert: from a kill to the next acknowledgement of any writer.

`)
	if unsafe {
		fmt.Fprint(out, `
With journal=off and journal=memory SQLite promises nothing to a process that is killed, whatever
was found here.
`[1:])
	}
	_, err := fmt.Fprint(out, `
Killing a process is not a power loss: the kernel still writes what the killed writer gave to it.
Whether the disk keeps what it acknowledged to the kernel is not tested here.
`[1:])
	return err
}

// maximum returns the largest value, 0 if there is none.
func maximum(values []float64) float64 { return slices.Max(append([]float64{0}, values...)) }

func formatSeconds(seconds float64) string {
	return format.Duration(time.Duration(seconds * 1e9))
}
