package timeline

import (
	"slices"
	"time"

	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

// Track is a figure over the time of a round, or what happened in it from time to time.
type Track struct {
	Name   string
	Unit   Unit
	Every  int64 // ns between two samples; 0 if they are irregular
	Series []Series
	Spans  []Span // such as those of checkpoints; a track has either these or series
}

// Unit is what a track's values are. Its text form is its name.
type Unit string

// The units.
const (
	Count       Unit = "count"
	Nanoseconds Unit = "ns"
	Bytes       Unit = "B"
)

func (u Unit) String() string { return string(u) }

// Series is a line of a track.
type Series struct {
	Name    string
	Samples []Sample // in the order of time; one is missing if there is no value
}

// Sample is a value at an instant, in ns after the release.
type Sample struct {
	At    int64
	Value float64
}

// Names of tracks and series.
const (
	AckedTrack     = "acknowledgements per 100 ms"
	LockErrorTrack = "lock errors per 100 ms"
	LatencyTrack   = "latency of acknowledged attempts"
	WALTrack       = "size of the write-ahead log"

	Median  = "p50"
	Maximum = "max"
)

// A round of minFigures or longer has figures, which have a sample for each bucket.
const (
	minFigures = int64(10 * time.Second)
	bucket     = int64(100 * time.Millisecond)
)

// HasFigures reports whether the round has figures over time.
func (t Timeline) HasFigures() bool {
	return slices.ContainsFunc(t.Tracks, func(t Track) bool { return t.Series != nil })
}

// newFigures returns the figures of a round over time, none if it is a burst or short. The last
// bucket is left out if it is not whole.
func newFigures(r outcome.Round) []Track {
	if r.Mode != outcome.Sustained || r.Length() < minFigures {
		return nil
	}
	n := int(r.Length() / bucket)
	latencies, lockErrors := make([][]int64, n), make([]int, n)
	any := false
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			i := (o.End - r.Release) / bucket
			switch {
			case i < 0 || i >= int64(n):
			case o.Acknowledged():
				latencies[i] = append(latencies[i], o.End-metrics.Arrival(r, o))
			case o.LockError():
				lockErrors[i]++
				any = true
			}
		}
	}
	tracks := []Track{{Name: AckedTrack, Unit: Count, Every: bucket, Series: []Series{
		newSeries(Acknowledged, latencies, func(l []int64) (float64, bool) {
			return float64(len(l)), true
		}),
	}}}
	if any {
		tracks = append(tracks, Track{
			Name: LockErrorTrack, Unit: Count, Every: bucket, Series: []Series{
				newSeries(LockError, lockErrors, func(n int) (float64, bool) {
					return float64(n), true
				}),
			},
		})
	}
	tracks = append(tracks, newLatencyTrack(latencies))
	if len(r.WALSizes) > 0 {
		tracks = append(tracks, newWALTrack(r))
	}
	return tracks
}

// newWALTrack returns the sizes that the log had within the measured time.
func newWALTrack(r outcome.Round) Track {
	s := Series{Name: Bytes.String()}
	for _, size := range r.WALSizes {
		if at := size.At - r.Release; at <= r.Length() {
			s.Samples = append(s.Samples, Sample{at, float64(size.Bytes)})
		}
	}
	return Track{Name: WALTrack, Unit: Bytes, Series: []Series{s}}
}

func newLatencyTrack(latencies [][]int64) Track {
	quantile := func(name string, q float64) Series {
		return newSeries(name, latencies, func(l []int64) (float64, bool) {
			return float64(metrics.Quantile(l, q)), len(l) > 0
		})
	}
	return Track{Name: LatencyTrack, Unit: Nanoseconds, Every: bucket, Series: []Series{
		quantile(Median, 0.5), quantile(Maximum, 1),
	}}
}

// newSeries returns a series with a sample in the middle of each bucket that has a value.
func newSeries[T any](name string, buckets []T, value func(T) (float64, bool)) Series {
	s := Series{Name: name}
	for i, b := range buckets {
		if v, ok := value(b); ok {
			s.Samples = append(s.Samples, Sample{int64(i)*bucket + bucket/2, v})
		}
	}
	return s
}
