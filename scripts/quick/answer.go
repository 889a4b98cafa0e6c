package main

import (
	"fmt"
	"strings"

	"busybench/bench/limit"
	"busybench/bench/metrics"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// answer is what the measurements say.
type answer struct {
	matrix
	rows  []figures
	today *figures // nil if it was not measured
	steps []step   // changes to make, in this order
	syncs float64  // of the disk, per second

	filesystem string    // empty if unknown
	libraries  []library // of the user

	limit *limit.Finding // nil if it was not searched for
	// warnings are what restricts all figures, such as a disturbed machine.
	warnings []string
}

// maxSteps limits the recommended changes. Each rests on the one before.
const maxSteps = 2

// step is a recommended change.
type step struct {
	from, to     *figures
	why          reason
	rates, waits snapshot.Ratio // unless the reason is fewer refusals; waits only if it is them
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

// nextStep returns the single change that helps most, of those that leave the changes before it as
// they are. One that at least halves a share of lock errors above [snapshot.MaxRefused] comes
// before one that only gets more rows in, and that before one that only shortens the longest waits.
// It must be beyond chance: for the last two, the interval of the ratio must exclude 1. Rates and
// waits are not compared if attempts are refused. No change may have more lock errors beyond doubt,
// in bursts or in sustained rounds, whatever else it improves.
func (a answer) nextStep(from *figures) (best step, ok bool) {
	for i := range a.rows {
		to := &a.rows[i]
		if !a.adds(from, to) {
			continue
		}
		candidate, helps := a.compare(from, to)
		if helps && (!ok || candidate.before(best)) {
			best, ok = candidate, true
		}
	}
	return best, ok
}

// compare returns the change from one combination to another, and whether it helps.
func (a answer) compare(from, to *figures) (s step, helps bool) {
	s = step{from: from, to: to}
	switch {
	case refusesMore(to, from):
		return s, false
	case halves(from, to):
		return s, fewer(to, from, maxError/a.tests())
	case from.refuses() || to.refuses():
		return s, false
	}
	confidence := 1 - maxError/a.tests()
	rates, ok := snapshot.MeanRatio(to.main().rates, from.main().rates, confidence)
	s.rates = rates
	switch {
	case !ok || rates.High < 1:
		return s, false
	case rates.Low > 1:
		s.why = moreRows
		return s, true
	}
	s.why = shorterWaits
	s.waits, ok = snapshot.MeanRatio(to.main().p99, from.main().p99, confidence)
	return s, ok && s.waits.High < 1
}

// maxError is the probability, at most, that anything which the answer says of a change with a
// confidence of 95 % is false.
const maxError = ranktest.Alpha

// testsOfChange is how many tests may show that a change helps: of lock errors in bursts, of those
// in sustained rounds, of the rate, and of the waits.
const testsOfChange = 4

// tests returns how many tests may recommend a change. By Bonferroni's method, [maxError] is
// divided by it.
func (a answer) tests() float64 { return testsOfChange * float64(max(1, len(a.changes()))) }

// changes returns the combinations to which a single change may be recommended, once for each that
// it may come from.
func (a answer) changes() (to []*figures) {
	for i := range a.rows {
		from := &a.rows[i]
		if from.changes(a.matrix.today) >= maxSteps {
			continue
		}
		for j := range a.rows {
			if a.adds(from, &a.rows[j]) {
				to = append(to, &a.rows[j])
			}
		}
	}
	return to
}

// refusesMore reports whether one combination has more lock errors than another beyond doubt, in
// bursts or in sustained rounds. It may only rule a change out, so its level is not divided by the
// number of tests: that would rule out fewer.
func refusesMore(to, from *figures) bool { return fewer(from, to, maxError) }

// halves reports whether a change at least halves a share of lock errors that is too large.
func halves(from, to *figures) bool {
	return from.refuses() && to.worstShare() <= from.worstShare()/2
}

// before reports whether a change comes before another one.
func (s step) before(other step) bool {
	switch {
	case s.why != other.why:
		return s.why < other.why
	case s.why == shorterWaits:
		return s.waits.Center < other.waits.Center
	case s.to.refuses() || other.to.refuses():
		return s.to.worstShare() < other.to.worstShare()
	}
	return snapshot.Median(s.to.main().rates) > snapshot.Median(other.to.main().rates)
}

// unproven returns the change after all recommended ones that seems to help most against refusals,
// but in too few rounds to be sure.
func (a answer) unproven() (best step, ok bool) {
	from := a.find(a.final())
	if len(a.steps) == maxSteps {
		return best, false
	}
	for i := range a.rows {
		to := &a.rows[i]
		if !a.adds(from, to) || !halves(from, to) || refusesMore(to, from) {
			continue
		}
		if !ok || to.worstShare() < best.to.worstShare() {
			best, ok = step{from: from, to: to}, true
		}
	}
	return best, ok
}

// adds reports whether two combinations differ in one change, which leaves those before it as they
// are.
func (a answer) adds(from, to *figures) bool {
	today := a.matrix.today
	return to.changes(from.settings) == 1 && to.changes(today) == from.changes(today)+1
}

// addOthers adds what the other benchmarks measured.
func (a *answer) addOthers(s *snapshot.Snapshot) {
	a.addWarnings(s)
	a.filesystem = s.Results[0].GetConfig("filesystem")
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
		case "Ceiling":
			if value, _ := snapshot.Axis(row.Results[0], "disk"); value == "append" {
				a.syncs = row.Median(metrics.SyncsPerSecond)
			}
		}
	}
}

// addWarnings adds what restricts all figures. The benchmarks warn of each disturbed run and of
// short rounds, too: the first are in one sentence here, and quick has no time for longer rounds.
func (a *answer) addWarnings(s *snapshot.Snapshot) {
	for _, w := range s.Warnings {
		if !strings.HasPrefix(w, "a round of ") && !strings.HasPrefix(w, "do not compare ") {
			a.warnings = append(a.warnings, w)
		}
	}
	if n := len(s.DisturbedRuns()); n > 0 {
		a.warnings = append(a.warnings, fmt.Sprintf("other work, or a disk that changed, "+
			"disturbed %d of %d steps, see \"# disturbed\" in the snapshot", n, len(s.Runs)))
	}
}
