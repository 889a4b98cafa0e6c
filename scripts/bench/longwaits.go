package main

import (
	"fmt"
	"io"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// writeLongWaits says which rows have attempts that were acknowledged after a long wait, and who
// held the write lock meanwhile.
func writeLongWaits(
	out io.Writer, s *snapshot.Snapshot, rows []snapshot.Row, varied []string,
) error {
	found := false
	for _, row := range rows {
		l := s.LockErrors(row).LongWaits
		if l.Count == 0 {
			continue
		}
		found = true
		text := fmt.Sprintf("%s: %s of %s attempts were acknowledged after over 1s of waiting "+
			"(median %s, max %s)", nameRow(row, varied), format.Number(float64(l.Count)),
			format.Number(row.Sum(metrics.Attempts)),
			format.Duration(time.Duration(l.Median)), format.Duration(time.Duration(l.Max)))
		fmt.Fprintln(out, format.Wrap(text, format.Columns, "", "  ")+meanwhile(l.Blame))
	}
	if !found {
		return nil
	}
	_, err := fmt.Fprintln(out)
	return err
}

// meanwhile returns the lines that say who held the write lock during waits, each after a newline.
// There are none in older snapshots.
func meanwhile(b anatomy.Blame) string {
	if b == (anatomy.Blame{}) {
		return ""
	}
	return "\n" + format.Wrap("meanwhile: "+b.String(), format.Columns, "  ", "    ")
}
