package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/format"
	"busybench/bench/host"
	"busybench/scripts/internal/snapshot"
)

// fact is a header line. Its value has all values that rows have.
type fact struct{ Key, Value string }

// facts returns the header lines, in the order of the file.
func facts(s *snapshot.Snapshot) (all []fact) {
	for _, key := range s.HeaderKeys() {
		var values []string
		for _, r := range s.Results {
			if value := r.GetConfig(key); value != "" && !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		all = append(all, fact{key, strings.Join(values, "; ")})
	}
	return all
}

// runs returns what the machine was like in each run.
func runs(s *snapshot.Snapshot) table {
	t := table{Left: 1, Head: []string{
		"run", "syncs/s before", "others", "steal", "throttled", "stopped", "disk drift",
		"disturbed",
	}}
	for _, run := range s.Runs {
		t.Rows = append(t.Rows, append([]string{
			strconv.Itoa(run.Number), format.Number(run.DiskRate),
		}, append(machineCells(run.Machine), run.Disturbed)...))
	}
	return t
}

// machineCells returns what is known of a machine during a run. A cell is empty if it is unknown.
func machineCells(m host.Machine) (cells []string) {
	for _, percent := range []float64{m.Others, m.Steal} {
		cells = append(cells, known(percent, snapshot.FormatShare(percent)))
	}
	cells = append(cells, known(float64(m.Throttled), format.Duration(m.Throttled)),
		known(float64(m.Stopped), format.Duration(m.Stopped)))
	return append(cells, known(m.DiskDrift, format.Factor(math.Max(m.DiskDrift, 0))+"x"))
}

// known returns a text, or nothing if the value that it formats is unknown.
func known(value float64, text string) string {
	if value < 0 {
		return ""
	}
	return text
}
