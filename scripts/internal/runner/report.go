package runner

import (
	"context"
	"fmt"
	"io"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// Output is what the benchmarks wrote: the snapshot of all runs, and the directory of the files
// that the script's flags asked for, which is removed after the report.
type Output struct {
	*snapshot.Snapshot
	Scratch string
	Old     *snapshot.Snapshot // of the first binary of AB; the other is of the second. Or nil
}

// Report writes a script's report on an output. It stops early if the context is canceled.
type Report func(ctx context.Context, out io.Writer, output Output) error

// ReportFile is the end of the name of the file that a report of [SaveReport] is stored in. It
// belongs in [Config].Files.
const ReportFile = "report.txt"

// SaveReport returns a report that is also stored beside the snapshot, as LABEL.report.txt. What it
// prints ends with the names of both files.
func SaveReport(report Report) Report {
	return func(ctx context.Context, out io.Writer, output Output) error {
		var text strings.Builder
		if err := report(ctx, &text, output); err != nil {
			return err
		}
		path := snapshot.Sibling(output.Path, ReportFile)
		err := snapshot.Store(ctx, snapshot.File{Path: path, Text: text.String()})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s\nThe report is in %s,\nall figures are in %s.\n",
			&text, path, output.Path)
		return err
	}
}
