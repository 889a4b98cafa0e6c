package bench

import (
	"fmt"
	"io"
	"time"

	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// probeLength is how long the disk is probed before and after a run.
const probeLength = 500 * time.Millisecond

// movedTooFar is the factor between the two probes from which on the run deserves a warning.
const movedTooFar = 1.5

// disk is what the disk did before the run.
type disk struct {
	dir    string
	before float64 // syncs per second
}

// printHeader prints the lines that say where the results come from, and probes the disk. Lines
// of the form "key: value" are the same on every run on one machine; remarks begin with "# ".
func printHeader(out io.Writer, dir, work string) (disk, error) {
	fs, err := host.FilesystemOf(dir)
	if err != nil {
		return disk{}, err
	}
	lines := append([]host.Line{
		{Key: "sqlite", Value: sqlitedb.Version},
		{Key: "driver", Value: sqlitedb.Driver},
	}, append(host.Header(fs), host.Line{Key: "round", Value: given.round.String()})...)
	for _, line := range lines {
		fmt.Fprintf(out, "%s: %s\n", line.Key, line.Value)
	}
	for _, unit := range metrics.Units {
		fmt.Fprintf(out, "Unit %s better=%s\n", unit.Name, unit.Better)
	}
	fmt.Fprintf(out, "# seed %d\n", given.seed)
	if warning := fs.Warning(); warning != "" {
		fmt.Fprintf(out, "# warning: %s\n", warning)
	}
	before, err := host.SyncRate(work, host.Append, probeLength)
	if err != nil {
		return disk{}, err
	}
	fmt.Fprintf(out, "# disk before: %.0f appends of a frame with fsync per second\n", before)
	return disk{work, before}, printMemory(out, "before")
}

// printAfter probes the disk again and warns where it is not what it was.
func (d disk) printAfter(out io.Writer) error {
	after, err := host.SyncRate(d.dir, host.Append, probeLength)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "# disk after: %.0f appends of a frame with fsync per second\n", after)
	if err := printMemory(out, "after"); err != nil {
		return err
	}
	if moved := max(after/d.before, d.before/after); moved > movedTooFar {
		fmt.Fprintf(out, "# warning: the disk's ceiling moved by a factor of %.2f during this run; compare nothing across it\n", moved)
	}
	return nil
}

// printMemory prints what memory is free, so that it shows whether a run gave back what it took.
func printMemory(out io.Writer, when string) error {
	room, err := host.FreeMemory()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "# memory %s: %d MiB free\n", when, room.Free>>20)
	return err
}

// printSettings prints the axes that do not stand in a benchmark's names.
func printSettings(out io.Writer, a scenario.Axes) {
	for _, s := range a.Settings() {
		fmt.Fprintf(out, "%s: %s\n", s.Key, s.Value)
	}
}
