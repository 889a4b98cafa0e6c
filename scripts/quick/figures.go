package main

import (
	"busybench/bench/anatomy"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// figures is what was measured under one combination of settings.
type figures struct {
	settings
	bursts    int     // number of bursts
	burst     refused // of all bursts
	sustained refused // of all sustained rounds
	rates     []float64
	p50, p99  []float64 // of acknowledged attempts in sustained rounds, in seconds
	kinds     []anatomy.Report
}

// refused counts lock errors.
type refused struct{ errors, attempts float64 }

func (r refused) share() float64 {
	if r.attempts == 0 {
		return 0
	}
	return r.errors / r.attempts
}

// collect returns the figures of all combinations that were measured, in the order of the matrix.
func (m matrix) collect(s *snapshot.Snapshot) (all []figures) {
	found := map[settings]*figures{}
	for _, row := range s.Rows() {
		name := row.Benchmark()
		if name != "Burst" && name != "Sustained" {
			continue
		}
		key := m.settingsOf(row)
		f := found[key]
		if f == nil {
			f = &figures{settings: key}
			found[key] = f
		}
		f.kinds = append(f.kinds, s.LockErrors(row))
		counts := refused{row.Sum(metrics.LockErrors), row.Sum(metrics.Attempts)}
		if name == "Burst" {
			f.bursts, f.burst = len(row.Results), counts
			continue
		}
		f.sustained = counts
		f.rates = row.Samples(metrics.InsertsPerSecond)
		f.p50, f.p99 = row.Samples(metrics.AckedP50), row.Samples(metrics.AckedP99)
	}
	for _, key := range m.all() {
		if f := found[key]; f != nil {
			all = append(all, *f)
		}
	}
	return all
}

// refused returns the lock errors of all rounds.
func (f figures) refused() refused {
	return refused{f.burst.errors + f.sustained.errors, f.burst.attempts + f.sustained.attempts}
}

// worstShare returns the larger share of lock errors, that of bursts or of sustained rounds.
func (f figures) worstShare() float64 { return max(f.burst.share(), f.sustained.share()) }

// refuses reports whether a share of lock errors exceeds [snapshot.MaxRefused].
func (f figures) refuses() bool { return f.worstShare() > snapshot.MaxRefused }
