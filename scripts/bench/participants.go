package main

import (
	"fmt"
	"io"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
)

// writeParticipants says what participants other than writers did in each row, and why the
// write-ahead log grew.
func writeParticipants(
	out io.Writer, s *snapshot.Snapshot, rows []snapshot.Row, varied []string,
) error {
	found := false
	for _, row := range rows {
		for _, text := range s.Others(row) {
			found = true
			text = nameRow(row, varied) + ": " + text
			fmt.Fprintln(out, format.Wrap(text, format.Columns, "", "  "))
		}
	}
	if !found {
		return nil
	}
	_, err := fmt.Fprintln(out)
	return err
}
