// Package others says in words what participants other than writers did in a benchmark: which
// checkpoints were made, and whether an intruder did what it came for.
package others

import (
	"fmt"
	"io"
	"strings"
	"time"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Summary collects rounds of one scenario. Make one with [New].
type Summary struct {
	scenario    scenario.Scenario
	rounds      int
	checkpoints actions
	intrusions  actions
	log         log
}

// actions are what participants of one role did.
type actions struct {
	done, refused, unfinished int
	waited, took              []int64 // of those that were done, in ns
}

// New returns an empty summary.
func New(s scenario.Scenario) *Summary { return &Summary{scenario: s} }

// Add adds a round.
func (s *Summary) Add(r outcome.Round) {
	s.rounds++
	s.checkpoints.add(r.Checkpointers)
	s.intrusions.add(r.Intruders)
	s.log.add(r)
}

func (a *actions) add(all []outcome.Series) {
	for _, series := range all {
		for _, o := range series.Outcomes {
			switch {
			case o.LockError():
				a.refused++
			case !o.Acknowledged():
				a.unfinished++
			default:
				a.done++
				var waited int64
				if o.WaitStart != 0 && o.LockAcquired > o.WaitStart {
					waited = o.LockAcquired - o.WaitStart
				}
				a.waited = append(a.waited, waited)
				a.took = append(a.took, o.End-o.Start-waited)
			}
		}
	}
}

// Merge adds everything that another summary of the same scenario has collected.
func (s *Summary) Merge(other *Summary) {
	s.rounds += other.rounds
	s.checkpoints.merge(other.checkpoints)
	s.intrusions.merge(other.intrusions)
	s.log.merge(other.log)
}

func (a *actions) merge(other actions) {
	a.done += other.done
	a.refused += other.refused
	a.unfinished += other.unfinished
	a.waited = append(a.waited, other.waited...)
	a.took = append(a.took, other.took...)
}

// WriteComments writes the summary of a benchmark of this name as comment lines. It writes nothing
// if only writers and readers took part and the log did not grow.
func (s *Summary) WriteComments(out io.Writer, benchmark string) error {
	var lines []string
	if s.scenario.Checkpoint.Extra() {
		lines = append(lines, s.describeCheckpoints())
	}
	if s.scenario.Intruder != (scenario.Intruder{}) {
		lines = append(lines, s.describeIntruder())
	}
	if text := s.log.describe(s.scenario); text != "" {
		lines = append(lines, text)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(out, "# %s: %s\n", benchmark, line); err != nil {
			return err
		}
	}
	return nil
}

func (s *Summary) describeCheckpoints() string {
	a := s.checkpoints
	text := fmt.Sprintf("checkpoint=%v made %s in %s", s.scenario.Checkpoint,
		format.Count(a.done, "checkpoint"), format.Count(s.rounds, "round"))
	if a.done > 0 {
		text += " (median " + median(a.took) + ", max " + longest(a.took) + ")"
	}
	if a.refused > 0 {
		text += fmt.Sprintf("; locks kept %d more from being finished", a.refused)
	}
	return text
}

func (s *Summary) describeIntruder() string {
	a := s.intrusions
	text := fmt.Sprintf("intruder=%v was done in %d of %s", s.scenario.Intruder, a.done,
		format.Count(s.rounds, "round"))
	if a.done > 0 {
		text += fmt.Sprintf(" (median %s, max %s, after waiting for %s, max %s)",
			median(a.took), longest(a.took), median(a.waited), longest(a.waited))
	}
	var not []string
	for _, reason := range []struct {
		n    int
		text string
	}{
		{a.refused, "refused a lock for a minute"},
		{a.unfinished, "not finished when the round was over"},
		{s.rounds - a.done - a.refused - a.unfinished, "too late for the round"},
	} {
		if reason.n > 0 {
			not = append(not, fmt.Sprintf("%d %s", reason.n, reason.text))
		}
	}
	return strings.Join(append([]string{text}, not...), "; ")
}

func median(ns []int64) string { return duration(int64(metrics.Median(ns))) }

func longest(ns []int64) string { return duration(metrics.Quantile(ns, 1)) }

func duration(ns int64) string { return format.Duration(time.Duration(ns)) }
