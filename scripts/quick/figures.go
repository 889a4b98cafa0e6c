package main

import (
	"github.com/aclements/go-moremath/stats"

	"busybench/bench/anatomy"
	"busybench/bench/metrics"
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
	rates    []float64 // rows per second, one for each step of the schedule
	p50, p99 []float64 // of acknowledged attempts, in seconds
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
			f.burst = newSeries(row)
		} else {
			f.sustained = newSeries(row)
		}
	}
	for _, key := range m.all() {
		if f := found[key]; f != nil {
			all = append(all, *f)
		}
	}
	return all
}

func newSeries(row snapshot.Row) series {
	return series{
		refused: refused{row.Sum(metrics.LockErrors), row.Sum(metrics.Attempts)},
		rounds:  int(row.Sum(metrics.Rounds)), hit: int(row.Sum(metrics.LockErrorRounds)),
		rates: row.Samples(metrics.InsertsPerSecond),
		p50:   row.Samples(metrics.AckedP50), p99: row.Samples(metrics.AckedP99),
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

// maxChance is the largest probability at which a difference does not count as chance.
const maxChance = 0.05

// fewer reports whether rounds of one combination have lock errors more seldom than those of
// another beyond chance, in bursts or in sustained rounds. The round is the unit, since attempts of
// one round are not independent.
func fewer(to, from *figures) bool {
	return chance(to.burst, from.burst) <= maxChance ||
		chance(to.sustained, from.sustained) <= maxChance
}

// chance returns the probability that as few of the rounds with lock errors, or fewer, are in the
// first series, if these fall on both alike (Fisher's exact test).
func chance(to, from series) float64 {
	d := stats.HypergeometicDist{N: to.rounds + from.rounds, K: to.hit + from.hit, Draws: to.rounds}
	if d.K == 0 || d.Draws == 0 || from.rounds == 0 {
		return 1
	}
	return d.CDF(float64(to.hit))
}
