package passes

import (
	"fmt"
	"io"
	"strings"

	"busybench/scripts/snapshot"
)

// Made is what a run made: the snapshot, and a directory of files that the benchmarks wrote because the
// script's flags asked for them, which is removed after the answer.
type Made struct {
	*snapshot.Snapshot
	Scratch string
}

// Answer writes what a script says of what was made.
type Answer func(out io.Writer, m Made) error

// Stored is an answer that goes into a file beside the snapshot, too, whole or not at all. Above it stands where, with
// what it is called.
func Stored(suffix, called string, answer Answer) Answer {
	return func(out io.Writer, m Made) error {
		var text strings.Builder
		if err := answer(&text, m); err != nil {
			return err
		}
		path := snapshot.Beside(m.Path, suffix)
		if err := snapshot.WriteWhole(path, text.String()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s is written, %s in %s.\n\n%s", m.Path, called, path, &text)
		return err
	}
}
