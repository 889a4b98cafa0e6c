package metrics

import (
	"testing"

	"busybench/bench/outcome"
)

// values returns the values of metrics by unit.
func values(metrics []Metric) map[string]float64 {
	all := map[string]float64{}
	for _, m := range metrics {
		all[m.Unit] = m.Value
	}
	return all
}

func requireValues(t *testing.T, metrics []Metric, want map[string]float64) {
	t.Helper()
	got := values(metrics)
	for unit, value := range want {
		if got[unit] != value {
			t.Errorf("%s is %v, want %v", unit, got[unit], value)
		}
	}
}

// A round from 0 to 100 ms. The second reader's last read but one ends after the deadline, and the
// last one begins after it. The lock errors of readers are not those of writers.
func TestMetricsOfReadsInASustainedRound(t *testing.T) {
	r := sustained(0, 100e6, 1, [][]outcome.Outcome{{at(0, 30, 0), at(30, 99, 0)}})
	r.Readers = series(0, [][]outcome.Outcome{
		{at(0, 10, 0), at(10, 30, busy), at(30, 60, 0)},
		{at(0, 5, 0), at(90, 180, 0), at(180, 181, busy)},
		nil,
	})
	r.WALSizes = []outcome.Size{{Bytes: 3}, {Bytes: 7}, {Bytes: 6}}
	c := NewCollector(outcome.Sustained)
	c.Add(r)
	r.WALSizes = []outcome.Size{{Bytes: 5}}
	c.Add(r)
	requireValues(t, c.Metrics(), map[string]float64{
		"reads/s": 30, "readerr-%": 20, // of 5 reads in each round
		"read-p50-ns": 20e6, "read-p99-ns": 90e6, "read-max-ns": 90e6, "wal-B": 7,
		"attempts": 4, "lockerrs": 0, "lockerr-%": 0, "max-ns": 69e6, "inserts/s": 20,
	})
}

// The measured time of a burst ends with its last attempt, 60 ms after the release. Reads that
// begin later do not count.
func TestMetricsOfReadsInABurst(t *testing.T) {
	r := burst(100e6, [][]outcome.Outcome{{at(100, 160, 0)}})
	r.Readers = series(0, [][]outcome.Outcome{{at(100, 130, 0), at(130, 170, 0), at(170, 171, 0)}})
	c := NewCollector(outcome.Burst)
	c.Add(r)
	requireValues(t, c.Metrics(), map[string]float64{
		"reads/s": 1 / 0.06, "readerr-%": 0, "read-p50-ns": 30e6, "read-max-ns": 40e6,
		"max-ns": 60e6, "overlap": 1,
	})
}
