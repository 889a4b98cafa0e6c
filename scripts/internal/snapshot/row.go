package snapshot

import (
	"slices"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// Row is the samples of one benchmark with one set of values.
type Row struct {
	Name    string // full, such as "Burst/exec=process/journal=wal/writers=8-2"
	Results []*benchfmt.Result
}

// Benchmark is the name of the row's benchmark, such as "Burst".
func (r Row) Benchmark() string { return string(r.Results[0].Name.Base()) }

// Rows groups the results by their full name, in the order of the file.
func (s *Snapshot) Rows() (rows []Row) {
	index := map[string]int{}
	for _, r := range s.Results {
		name := r.Name.String()
		i, ok := index[name]
		if !ok {
			i, index[name] = len(rows), len(rows)
			rows = append(rows, Row{Name: name})
		}
		rows[i].Results = append(rows[i].Results, r)
	}
	return rows
}

// Samples are a row's values in a unit. The unit may be given as it was written ("p99-ns"); the
// values come in benchfmt's base units (seconds).
func (r Row) Samples(unit string) (values []float64) {
	for _, result := range r.Results {
		for _, v := range result.Values {
			if v.Unit == unit || v.OrigUnit == unit {
				values = append(values, v.Value)
			}
		}
	}
	return values
}

// Sum is that of a row's samples in a unit.
func (r Row) Sum(unit string) (total float64) {
	for _, v := range r.Samples(unit) {
		total += v
	}
	return total
}

// Median is the middle one of a row's samples in a unit, the lower where there are two, so that it is one that was
// measured; 0 where there are none.
func (r Row) Median(unit string) float64 {
	samples := slices.Sorted(slices.Values(r.Samples(unit)))
	if len(samples) == 0 {
		return 0
	}
	return samples[(len(samples)-1)/2]
}

// LeastSamples is how many samples an interval at 95 % confidence takes.
const MinSamples = 6

// Summary is the median of samples with its 95 % confidence interval, as benchstat gives it: the interval is
// infinite where there are too few samples for one.
func Summary(samples []float64) benchmath.Summary {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(samples, &benchmath.DefaultThresholds), 0.95)
}
