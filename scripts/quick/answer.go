package main

import (
	"strings"

	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// answer is what the measurements say.
type answer struct {
	matrix
	rows  []figures
	today *figures // nil if it was not measured
	steps []step   // changes to make, in this order
	syncs float64  // of the disk, per second

	limit    *limit.Finding // nil if it was not searched for
	searched string         // the settings of that search, in words
}

// maxSteps limits the recommended changes. Each rests on the one before.
const maxSteps = 2

// step is a recommended change.
type step struct {
	from, to *figures
	why      reason
	ratio    snapshot.Ratio // of the rates, or of the waits if that is the reason
}

// reason is why a change is recommended.
type reason int

const (
	fewerRefused reason = iota
	moreRows
	shorterWaits
)

func newAnswer(m matrix, s *snapshot.Snapshot) answer {
	a := answer{matrix: m, rows: m.collect(s)}
	a.today = a.find(m.today)
	for from := a.today; from != nil && len(a.steps) < maxSteps; {
		next, ok := a.nextStep(from)
		if !ok {
			break
		}
		a.steps = append(a.steps, next)
		from = next.to
	}
	a.addOthers(s)
	return a
}

// find returns the figures of a combination, nil if it was not measured.
func (a answer) find(s settings) *figures {
	for i := range a.rows {
		if a.rows[i].settings == s {
			return &a.rows[i]
		}
	}
	return nil
}

// final returns the settings after all recommended changes.
func (a answer) final() settings {
	if len(a.steps) == 0 {
		return a.matrix.today
	}
	return a.steps[len(a.steps)-1].to.settings
}

// nextStep returns the single change that helps most. A change that at least halves a share of lock
// errors above [snapshot.MaxRefused] comes before one that only gets more rows in, and that before
// one that only shortens the longest waits. For the last two, the interval of the ratio must
// exclude 1. Of two changes that leave less than a tenth of the lock errors, the one that gets more
// rows in comes first.
func (a answer) nextStep(from *figures) (best step, ok bool) {
	for i := range a.rows {
		to := &a.rows[i]
		if to.changes(from.settings) != 1 {
			continue
		}
		candidate, helps := compare(from, to)
		if helps && (!ok || candidate.before(best)) {
			best, ok = candidate, true
		}
	}
	return best, ok
}

// compare returns the change from one combination to another, and whether it helps.
func compare(from, to *figures) (s step, helps bool) {
	s = step{from: from, to: to}
	before, after := from.worstShare(), to.worstShare()
	switch {
	case before > snapshot.MaxRefused && after <= before/2:
		s.why = fewerRefused
		s.ratio, _ = snapshot.PairedRatio(to.rates, from.rates)
		return s, true
	case after > max(before, snapshot.MaxRefused):
		return s, false
	}
	if r, ok := snapshot.PairedRatio(to.rates, from.rates); ok && r.Low > 1 {
		s.why, s.ratio = moreRows, r
		return s, true
	}
	r, ok := snapshot.PairedRatio(to.p99, from.p99)
	s.why, s.ratio = shorterWaits, r
	return s, ok && r.High < 1
}

// before reports whether a change comes before another one.
func (s step) before(other step) bool {
	switch {
	case s.why != other.why:
		return s.why < other.why
	case s.why == fewerRefused && s.left() != other.left():
		return s.left() < other.left()
	case s.why == shorterWaits:
		return s.ratio.Center < other.ratio.Center
	}
	return snapshot.Median(s.to.rates) > snapshot.Median(other.to.rates)
}

// left returns the share of lock errors that a change leaves, 0 if it is less than a tenth of what
// it was.
func (s step) left() float64 {
	if share := s.to.worstShare(); share >= s.from.worstShare()/10 {
		return share
	}
	return 0
}

// addOthers adds what the other benchmarks measured.
func (a *answer) addOthers(s *snapshot.Snapshot) {
	for _, row := range s.Rows() {
		switch row.Benchmark() {
		case "Limit":
			value := func(unit string) int { return int(row.Median(unit)) } // of one search
			a.limit = &limit.Finding{
				Searches: 1, CutShort: value(metrics.WritersCut),
				Passed: value(metrics.Writers), Failed: value(metrics.WritersFail),
				Low: value(metrics.WritersLow), High: value(metrics.WritersHigh),
				Above: value(metrics.WritersAbove),
			}
			s := a.settingsOf(row)
			a.searched = strings.Join([]string{s.journal, beginnings[s.txn], s.busy}, " ")
		case "Ceiling":
			if value, _ := snapshot.Axis(row.Results[0], "disk"); value == "append" {
				a.syncs = row.Median(metrics.SyncsPerSecond)
			}
		}
	}
}
