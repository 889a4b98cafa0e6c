package snapshot

import (
	"golang.org/x/perf/benchfmt"

	"busybench/bench/metrics"
)

// lockRounds holds the lock errors of a benchmark's rounds in one run.
type lockRounds struct {
	line      int // of the comment, which follows the result
	benchmark string
	rounds    []metrics.RoundErrors
}

// addLockRounds takes a line of a result file, and its number.
func addLockRounds(all []lockRounds, number int, line string) []lockRounds {
	if benchmark, rounds, ok := metrics.ParseRoundErrors(line); ok {
		return append(all, lockRounds{number, benchmark, rounds})
	}
	return all
}

// RoundErrors returns the lock errors of each round of a row. It returns false if the snapshot does
// not have them, as older ones.
func (s *Snapshot) RoundErrors(row Row) (rounds []metrics.RoundErrors, ok bool) {
	for _, r := range row.Results {
		of, ok := s.roundsOf(r)
		if !ok {
			return nil, false
		}
		rounds = append(rounds, of...)
	}
	return rounds, true
}

// roundsOf returns the lock errors of each round of a result. There is no comment on them if there
// are none.
func (s *Snapshot) roundsOf(r *benchfmt.Result) (rounds []metrics.RoundErrors, ok bool) {
	count, _ := value(r, metrics.Rounds)
	errors, _ := value(r, metrics.LockErrors)
	attempts, _ := value(r, metrics.Attempts)
	if count < 1 {
		return nil, false
	}
	if errors == 0 {
		for range int(count) {
			rounds = append(rounds, metrics.RoundErrors{Attempts: int(attempts / count)})
		}
		return rounds, true
	}
	_, line := r.Pos()
	name := commentName(r)
	for _, c := range s.lockRounds {
		if c.line > line && c.benchmark == name {
			return c.rounds, len(c.rounds) == int(count) // a long comment is cut
		}
	}
	return nil, false
}

// LockErrorShares returns the share of lock errors in the attempts of each round of a row, or of
// each run if the snapshot does not have the rounds. Attempts of one round are not independent.
func (s *Snapshot) LockErrorShares(row Row) (shares []float64) {
	rounds, ok := s.RoundErrors(row)
	if !ok {
		rounds = row.RunErrors()
	}
	for _, r := range rounds {
		shares = append(shares, r.Share())
	}
	return shares
}

// RunErrors returns the lock errors of each run of a row.
func (r Row) RunErrors() (runs []metrics.RoundErrors) {
	for _, result := range r.Results {
		errors, _ := value(result, metrics.LockErrors)
		attempts, _ := value(result, metrics.Attempts)
		runs = append(runs, metrics.RoundErrors{Errors: int(errors), Attempts: int(attempts)})
	}
	return runs
}
