package main

import (
	"busybench/bench/anatomy"
	"busybench/bench/metrics"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// figures is what was measured under one combination of settings.
type figures struct {
	settings
	burst, sustained series
	kinds            []anatomy.Report
}

// series is what was measured in rounds of one kind. It is empty if there were none.
type series struct {
	refused  refused
	rounds   int       // number of rounds
	hit      int       // number of these with a lock error
	shares   []float64 // of lock errors, one for each round
	rates    []float64 // rows per second, one for each step of the schedule
	p50, p99 []float64 // of acknowledged attempts, in seconds
	isMax    bool      // p99 is the longest wait of a step
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
		if name == "Burst" {
			f.burst = newSeries(s, row)
		} else {
			f.sustained = newSeries(s, row)
		}
	}
	for _, key := range m.all() {
		if f := found[key]; f != nil {
			all = append(all, *f)
		}
	}
	return all
}

func newSeries(s *snapshot.Snapshot, row snapshot.Row) series {
	return series{
		refused: refused{row.Sum(metrics.LockErrors), row.Sum(metrics.Attempts)},
		rounds:  int(row.Sum(metrics.Rounds)), hit: int(row.Sum(metrics.LockErrorRounds)),
		shares: s.LockErrorShares(row),
		rates:  row.Samples(metrics.InsertsPerSecond),
		p50:    row.Samples(metrics.AckedP50), p99: row.Samples(metrics.AckedP99),
		isMax: row.IsMax(metrics.AckedP99),
	}
}

// main returns the rounds whose rates and waits are shown: sustained ones, if there are any.
func (f figures) main() series {
	if f.sustained.rounds > 0 {
		return f.sustained
	}
	return f.burst
}

// refused returns the lock errors of all rounds.
func (f figures) refused() refused {
	a, b := f.burst.refused, f.sustained.refused
	return refused{a.errors + b.errors, a.attempts + b.attempts}
}

// worstShare returns the larger share of lock errors, that of bursts or of sustained rounds.
func (f figures) worstShare() float64 {
	return max(f.burst.refused.share(), f.sustained.refused.share())
}

// refuses reports whether a share of lock errors exceeds [snapshot.MaxRefused].
func (f figures) refuses() bool { return f.worstShare() > snapshot.MaxRefused }

// fewer reports whether one combination has fewer lock errors than another beyond chance, in bursts
// or in sustained rounds: with a p value of at most alpha.
func fewer(to, from *figures, alpha float64) bool {
	return chance(to.burst, from.burst) <= alpha || chance(to.sustained, from.sustained) <= alpha
}

// chance returns the probability that one series has this much smaller shares of lock errors than
// another by chance (U test). The round is the unit, since attempts of one round are not
// independent. It is 1 if one of them was not measured.
func chance(to, from series) float64 { return ranktest.Greater(from.shares, to.shares) }
