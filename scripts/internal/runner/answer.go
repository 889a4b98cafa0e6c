package runner

import (
	"fmt"
	"io"
	"strings"

	"github.com/google/renameio/v2"

	"busybench/scripts/internal/snapshot"
)

// Made is what a run made: the snapshot, and a directory of files that the benchmarks wrote because the
// script's flags asked for them, which is removed after the answer.
type Run struct {
	*snapshot.Snapshot
	Scratch string
}

// Answer writes what a script says of what was made.
type Report func(out io.Writer, m Run) error

// Stored is an answer that goes into a file beside the snapshot, too, whole or not at all. Above it stands where, with
// what it is called.
func SaveReport(suffix, called string, answer Report) Report {
	return func(out io.Writer, m Run) error {
		var text strings.Builder
		if err := answer(&text, m); err != nil {
			return err
		}
		path := snapshot.Sibling(m.Path, suffix)
		if err := renameio.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s is written, %s in %s.\n\n%s", m.Path, called, path, &text)
		return err
	}
}
