package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"busybench/scripts/internal/snapshot"
)

// limits is what the report cannot say.
const limits = `Killing a process is not losing power: what a killed writer had handed to the kernel is written all the same. Whether the disk keeps what it
has acknowledged to the kernel, this does not tell.
`

// writeReport sums up all passes, a line for each row of the snapshot, which as a rule is a journal mode.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	fmt.Fprint(out, "Writers were killed with SIGKILL while they inserted, and replaced; then the file was held against all that they had told.\n\n")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "kills\tacknowledged rows\tlost\trows in part\tdamaged files\thot files\twhole, but untold\tlock errors\tnext insert: median\tat most\treopened: at most\t  of\n")
	unsafe := false
	for _, row := range s.Rows() {
		journal, _ := snapshot.Axis(row.Results[0], "journal")
		unsafe = unsafe || journal == "off" || journal == "memory"
		for _, unit := range []string{"kills", "acked-rows", "lost-rows", "torn-rows", "damaged-files", "hot-files", "kept-txns", "lockerrs"} {
			fmt.Fprintf(w, "%.0f\t", row.Sum(unit))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t  %s\n", inTime(row.Median("recover-ns")), inTime(most(row.Samples("recover-max-ns"))),
			inTime(most(row.Samples("reopen-max-ns"))), strings.Join(snapshot.NameParts(row.Results[0]), " "))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprint(out, `
lost: acknowledged, but not in the file. Rows in part: of a transaction that is there in part. Damaged: these, and what integrity_check complains of.
Hot files: with a journal to roll back, or a log to take over, when all writers had been killed. Whole, but untold: transactions of killed writers that are in the
file though their acknowledgement never arrived, at most one for each kill. Next insert: from a kill to the next acknowledgement that any writer got.

`)
	if unsafe {
		fmt.Fprint(out, "With journal=off and journal=memory SQLite promises nothing to a process that is killed, whatever was found here.\n")
	}
	_, err := fmt.Fprint(out, limits)
	return err
}

// most is the largest value, 0 where there are none.
func most(values []float64) float64 { return slices.Max(append([]float64{0}, values...)) }

// inTime writes seconds.
func inTime(seconds float64) time.Duration {
	return time.Duration(seconds * 1e9).Round(10 * time.Microsecond)
}
