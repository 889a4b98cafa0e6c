// Package curves draws the pictures of make plot: the figures of a snapshot against the number of
// writers, with a line for each journal mode and kind of writer, or for each value of another axis.
package curves

import (
	"slices"

	"busybench/scripts/internal/snapshot"
)

// Source is a snapshot with its selected rows, and the rows of its ceilings.
type Source struct {
	*snapshot.Snapshot
	rows, ceilings []snapshot.Row
	baseline       bool // the older of two snapshots
}

// Load reads the selected benchmarks of a snapshot, by label or path.
func Load(label, bench string) (*Source, error) {
	path, err := snapshot.Resolve(label)
	if err != nil {
		return nil, err
	}
	s, err := snapshot.Read(path)
	if err != nil {
		return nil, err
	}
	ceilings := slices.DeleteFunc(s.Rows(), func(row snapshot.Row) bool {
		return row.Benchmark() != "Ceiling"
	})
	if err := s.Select(bench); err != nil {
		return nil, err
	}
	if err := s.CheckHeaders(); err != nil {
		return nil, err
	}
	return &Source{Snapshot: s, rows: s.Rows(), ceilings: ceilings}, nil
}

// LoadBaseline is Load for the older of two snapshots.
func LoadBaseline(label, bench string) (*Source, error) {
	s, err := Load(label, bench)
	if err == nil {
		s.baseline = true
	}
	return s, err
}
